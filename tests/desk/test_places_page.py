"""Configuration > Shops and regions: the tree of the organisation, changed (MODULES 2)."""

from typing import Any

import pytest
from PySide6.QtTest import QTest

from repaircenter.desk.settings.places.places_page import PlacesPage
from repaircenter.wire.places import NewPlace, Place, PlaceChange, ShopFacts
from tests.desk.conftest import Bench
from tests.desk.screen import press_in as press
from tests.desk.screen import words_in as words
from tests.fakes.places import ALL, EAST, EMPTY, FACTS, NORD, FakePlaces


@pytest.fixture
def page(bench: Bench) -> PlacesPage:
    bench.sign_in()
    return opened(bench)


def opened(bench: Bench) -> PlacesPage:
    bench.window.open_page("places")
    page: PlacesPage = bench.window.page("configuration").parts["places"]
    bench.wait(lambda: len(page.list.model.rows) == 4)
    return page


def service(bench: Bench) -> FakePlaces:
    kept: FakePlaces = bench.control.person.places
    return kept


def choose(bench: Bench, page: PlacesPage, number: int) -> None:
    page.list.table.choose_row([row.node_id for row in page.list.model.rows].index(number))
    bench.wait(lambda: page._panel.record is not None and page._panel.record.node_id == number)


def box(page: PlacesPage, name: str) -> Any:
    return page._panel.form._boxes[name]


def offered(page: PlacesPage, name: str) -> list[str]:
    return [box(page, name).itemText(number) for number in range(box(page, name).count())]


def test_a_shop_is_described_and_moved(bench: Bench, page: PlacesPage) -> None:
    choose(bench, page, NORD)
    assert offered(page, "above") == ["Tous les ateliers", "Est", "Vide"] and box(page, "above").currentData() == EAST
    assert (box(page, "zone").currentData(), box(page, "language").currentData()) == ("America/Toronto", "fr")
    assert not page.is_changed
    box(page, "above").setCurrentIndex(2)
    box(page, "address").selectAll()
    QTest.keyClicks(box(page, "address"), "2 rue Y")
    press(page, "Enregistrer les modifications")
    bench.wait(lambda: service(bench).asked and not page.is_changed)
    (asked,) = service(bench).asked
    facts = ShopFacts(zone="America/Toronto", language="fr", address="2 rue Y", phone="514 555 0100")
    assert asked == PlaceChange(key=asked.key, version=3, name="Nord", parent_id=EMPTY, shop=facts)


def test_a_shop_is_added_on_the_clocks_of_the_first(bench: Bench, page: PlacesPage) -> None:
    press(page, "Ajouter un atelier ou une région…")
    assert box(page, "name").hasFocus() and box(page, "zone").currentData() == FACTS.zone
    press(page, "Ajouter le lieu")
    assert "Un nom compte de 1 à 80 caractères." in words(page._panel) and not service(bench).asked
    QTest.keyClicks(box(page, "name"), "Sud")
    box(page, "above").setCurrentIndex(1)
    press(page, "Ajouter le lieu")
    bench.wait(lambda: service(bench).asked and not page.is_changed)
    (asked,) = service(bench).asked
    assert isinstance(asked, NewPlace) and (asked.kind, asked.name, asked.parent_id) == ("shop", "Sud", EAST)
    assert asked.shop is not None and asked.shop.zone == FACTS.zone and asked.shop.address == ""
    assert "Cochez-le dans les programmes" in words(bench.window)


def test_a_region_stands_below_a_country_or_all(bench: Bench, page: PlacesPage) -> None:
    press(page, "Ajouter un atelier ou une région…")
    box(page, "kind").setCurrentIndex(box(page, "kind").findData("region"))
    assert offered(page, "above") == ["Tous les ateliers"] and not box(page, "zone").isVisible()
    QTest.keyClicks(box(page, "name"), "Ouest")
    press(page, "Ajouter le lieu")
    bench.wait(lambda: bool(service(bench).asked))
    (asked,) = service(bench).asked
    assert (asked.kind, asked.parent_id, asked.shop) == ("region", ALL, None)


def test_an_empty_region_is_taken_away(bench: Bench, page: PlacesPage) -> None:
    choose(bench, page, EAST)
    assert not page._panel._remove.isVisible(), "a shop stands below it"
    choose(bench, page, EMPTY)
    press(page, "Retirer le lieu")
    bench.wait(lambda: len(page.list.model.rows) == 3)
    assert service(bench).asked == [EMPTY] and not page._panel.isVisible() and "Vide est retiré." in words(bench.window)


def test_what_is_in_the_way_is_said_and_what_was_written_stays(bench: Bench, page: PlacesPage) -> None:
    choose(bench, page, NORD)
    service(bench).refusal = "place_taken"
    box(page, "name").selectAll()
    QTest.keyClicks(box(page, "name"), "Sud")
    press(page, "Enregistrer les modifications")
    bench.wait(lambda: "Il existe déjà un lieu de ce nom." in words(page._panel))
    assert page.is_changed and box(page, "name").text() == "Sud"
    press(page._panel, "Abandonner les modifications")
    assert box(page, "name").text() == "Nord" and not page.is_changed


def test_the_whole_organisation_has_nothing_to_change(bench: Bench, page: PlacesPage) -> None:
    choose(bench, page, ALL)
    assert not box(page, "name").isVisible() and not page._panel._keep.isVisible() and not page.is_changed


def test_whoever_manages_a_shop_describes_it_only(bench: Bench) -> None:
    bench.sign_in()
    service(bench).may_arrange = False
    page = opened(bench)
    choose(bench, page, NORD)
    assert not box(page, "above").isEnabled() and box(page, "address").isEnabled() and not page._new.isVisible()
    assert "Seule la personne qui gère tous les ateliers" in words(page._panel)
    choose(bench, page, EAST)
    assert not box(page, "name").isEnabled()


def test_a_zone_we_do_not_offer_stays(bench: Bench, page: PlacesPage) -> None:
    choose(bench, page, NORD)
    yukon = ShopFacts(zone="America/Dawson", language="en")
    record = page._panel.record
    assert record is not None
    page._panel.show_record(type(record)(node_id=NORD, kind="shop", name="N", version=1, parent_id=EAST, shop=yukon), page.listed)
    assert box(page, "zone").currentData() == "America/Dawson" and not page.is_changed


def test_looking_at_what_cannot_be_shown_changes_nothing(bench: Bench, page: PlacesPage) -> None:
    odd = ShopFacts(zone="America/Toronto", language="de", address=" 1 rue X ")
    page._panel.show_record(Place(node_id=NORD, kind="shop", name="N", version=1, parent_id=EAST, shop=odd), page.listed)
    assert not page.is_changed


def test_where_it_stands_is_kept_while_the_kind_changes(bench: Bench, page: PlacesPage) -> None:
    press(page, "Ajouter un atelier ou une région…")
    box(page, "above").setCurrentIndex(2)
    for kind in ("region", "shop"):
        box(page, "kind").setCurrentIndex(box(page, "kind").findData(kind))
    assert box(page, "above").currentData() == EMPTY
