"""The Surveys page: favourites, reports, viewer (A-27 ... A-37, A-39, A-42 ... A-51)."""

from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QInputDialog,
    QLabel,
    QListWidget,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QToolButton,
    QTreeWidget,
    QWidget,
)

from repaircenter.desk.kit.splitter import ArrowSplitter
from repaircenter.desk.viewer.pages.painter import PagePainter, as_drawn
from repaircenter.rendering import fallbacks
from repaircenter.rendering.drawing import Text
from repaircenter.rendering.fonts import face
from repaircenter.runtime.text import _catalog
from repaircenter.shop.model.state import ConnectionState
from repaircenter.shop.ports import KeptPerson
from repaircenter.wire.reports import Favourite, ParameterChoices, ReportInfo, ReportOptions
from tests.desk import screen
from tests.desk.conftest import NOW, Bench, FakeControl


def shown(bench: Bench, kind: type[QWidget], name: str = "") -> QWidget:
    return next(
        w
        for w in bench.window.findChildren(kind)
        if w.isVisible()
        and (not name or name in (w.accessibleName(), getattr(w, "text", lambda: "")().replace("&", "")))
    )


def press(bench: Bench, name: str, kind: type[QWidget] = QPushButton) -> None:
    QTest.mouseClick(shown(bench, kind, name), Qt.MouseButton.LeftButton)


def button_named(bench: Bench, name: str) -> bool:
    buttons = bench.window.findChildren(QPushButton)
    return any(one.isVisible() and name in one.text().replace("&", "") for one in buttons)


def words_on(bench: Bench) -> str:
    return "\n".join(w.text() for w in bench.window.page("surveys").findChildren(QLabel) if w.isVisible())


@pytest.fixture
def surveys(bench: Bench) -> Bench:
    bench.sign_in()
    return bench


@pytest.fixture
def viewed(surveys: Bench) -> Bench:
    press(surveys, "Afficher le rapport")
    viewer = surveys.window.page("surveys").viewer
    surveys.wait(lambda: viewer.view.pages and not viewer.is_running)
    return surveys


def test_a_wrong_password_is_said_and_the_form_stays(bench: Bench) -> None:
    bench.window.show_page("surveys")
    bench.window.page("surveys").sign_in_as("a@b.c", "wrong")
    bench.wait(lambda: "mot de passe est erroné" in words_on(bench))


def test_an_ended_session_asks_to_sign_in_in_place_and_then_does_what_was_asked(surveys: Bench) -> None:
    """Issue 15.1: never "please sign in again" with nowhere to do so."""
    page, person = surveys.window.page("surveys"), surveys.control.person
    person.ended = True
    press(surveys, "Afficher le rapport")
    surveys.wait(lambda: page._sign_in.isVisible())
    assert not surveys.window.account.hides, "jobs stay: the desk is not locked"
    surveys.window.show_page("jobs")
    surveys.wait(lambda: surveys.window.page("jobs").isVisible())
    surveys.window.show_page("surveys")
    assert page._sign_in.isVisible() and person.requests == []
    person.ended = False
    page.sign_in_as("ada@example.com", "right")
    surveys.wait(lambda: page.viewer.view.pages and not page.viewer.is_running)
    assert len(person.requests) == 1


def test_what_an_ended_session_interrupted_goes_on_with_the_report_still_there(viewed: Bench) -> None:
    """Issue 15.1: not only a report that was asked for: what was to be kept is kept, and what was shown is shown."""
    page, person = viewed.window.page("surveys"), viewed.control.person
    shown_text, requests = page.viewer.view.page_text(), len(person.requests)
    person.ended = True
    page.keep_as("Chaque matin", page._request())
    viewed.wait(lambda: page._sign_in.isVisible())
    assert person.saved == [] and not page._note.isVisible()
    person.ended = False
    page.sign_in_as("ada@example.com", "right")
    viewed.wait(lambda: [one.name for one in person.saved] == ["Chaque matin"])
    viewed.wait(lambda: page.viewer.isVisible())
    assert page.viewer.view.page_text() == shown_text and len(person.requests) == requests
    assert not viewed.window.account.is_interrupted


def test_another_person_gets_nothing_of_what_was_interrupted(viewed: Bench) -> None:
    page, person = viewed.window.page("surveys"), viewed.control.person
    person.ended = True
    page.keep_as("Chaque matin", page._request())
    viewed.wait(lambda: page._sign_in.isVisible())
    person.ended = False
    page.sign_in_as("grace@example.com", "right")
    viewed.wait(lambda: page.ready and page._work.isVisible())
    assert person.saved == [] and not page.viewer.view.pages and not viewed.window.account.is_interrupted


def test_signing_out_gives_up_what_was_interrupted(viewed: Bench) -> None:
    page, person = viewed.window.page("surveys"), viewed.control.person
    person.ended = True
    page.keep_as("Chaque matin", page._request())
    viewed.wait(lambda: page._sign_in.isVisible())
    viewed.window.account.sign_out()
    person.ended = False
    assert not viewed.window.account.is_interrupted
    viewed.window.account.sign_in("ada@example.com", "right", stay=False, failed=lambda _sentence: None)
    viewed.wait(lambda: page.ready)
    assert person.saved == []


def test_a_wrong_password_ends_no_session(surveys: Bench) -> None:
    surveys.window.page("surveys").sign_in_as("ada@example.com", "wrong")
    surveys.wait(lambda: "mot de passe est erroné" in surveys.window.page("surveys")._sign_in._problem.text())
    assert surveys.window.account.session is not None and surveys.window.page("surveys").ready


def test_favourites_and_reports_stand_beside_the_pages_and_the_tools_above_both(surveys: Bench) -> None:
    tabs = shown(surveys, QTabWidget)
    assert [tabs.tabText(i).replace("&", "") for i in range(2)] == ["Favoris", "Rapports"]  # type: ignore[attr-defined]
    tree, reports = shown(surveys, QTreeWidget), shown(surveys, QListWidget, "Rapports")
    view = surveys.window.page("surveys").viewer
    bar = view.tool_bar
    shops = tree.mapTo(surveys.window, tree.rect().topLeft())
    names = reports.mapTo(surveys.window, reports.rect().topLeft())
    pages = view.mapTo(surveys.window, view.rect().topLeft())
    tools = bar.mapTo(surveys.window, bar.rect().topLeft())
    assert names.y() < shops.y() and shops.x() < pages.x()
    assert tools.y() < pages.y() < names.y() and bar.width() == surveys.window.width()
    assert "Tableau de bord CSI\nChaque question" in reports.item(0).text()  # type: ignore[attr-defined]


def test_a_group_sees_its_tree_ticked(surveys: Bench) -> None:
    tree = shown(surveys, QTreeWidget)
    root = tree.topLevelItem(0)  # type: ignore[attr-defined]
    assert root.text(0) == "Tous les ateliers" and root.child(0).text(0) == "QC" and root.child(0).childCount() == 2
    root.child(0).child(1).setCheckState(0, Qt.CheckState.Unchecked)
    assert root.checkState(0) == Qt.CheckState.PartiallyChecked
    press(surveys, "Afficher le rapport")
    surveys.wait(lambda: surveys.control.person.requests)
    assert surveys.control.person.requests[-1].shops == [1]


def test_a_single_shop_sees_its_name_only(start: Callable[..., Bench], control: FakeControl) -> None:
    control.person_side.shops = control.person_side.shops[:1]
    found = start()
    found.wait(lambda: found.window.page("jobs").count_shown)
    found.sign_in()
    tree = shown(found, QTreeWidget)
    item = tree.topLevelItem(0)  # type: ignore[attr-defined]
    assert tree.topLevelItemCount() == 1 and item.text(0) == "Nord" and item.childCount() == 0  # type: ignore[attr-defined]
    assert not tree.rootIsDecorated()  # type: ignore[attr-defined]


def test_the_report_shows_with_its_pages(viewed: Bench) -> None:
    text = viewed.window.page("surveys").viewer.view.page_text()
    assert "Tableau de bord CSI" in text and "Question 199" in text
    assert viewed.control.person.requests[-1].parameters == {"period": "this_month"}
    assert viewed.control.person.requests[-1].language == "fr"


def test_arrows_page_through_and_stop_at_the_ends(viewed: Bench) -> None:
    view = viewed.window.page("surveys").viewer.view
    assert view.current == 1 and not shown(viewed, QToolButton, "Page précédente").isEnabled()
    press(viewed, "Page suivante", QToolButton)
    assert view.current == 2
    press(viewed, "Dernière page", QToolButton)
    assert view.current == len(view.pages) and not shown(viewed, QToolButton, "Page suivante").isEnabled()
    press(viewed, "Première page", QToolButton)
    assert view.current == 1
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.current == len(view.pages)
    box = shown(viewed, QSpinBox)
    box.setValue(2)  # type: ignore[attr-defined]
    box.editingFinished.emit()  # type: ignore[attr-defined]
    assert view.current == 2


def test_zoom_keeps_the_page(viewed: Bench) -> None:
    view = viewed.window.page("surveys").viewer.view
    view.go_to(3)
    for name, zoom in (("Agrandir", 125), ("Agrandir", 150), ("Réduire", 125)):
        press(viewed, name, QToolButton)
        assert (view.zoom, view.current) == (zoom, 3)
    press(viewed, "Pleine largeur", QToolButton)
    assert view.zoom > 100, "as wide as there is room beside the choice"


def test_changed_parameters_do_nothing_until_the_report_is_viewed(viewed: Bench) -> None:
    box = shown(viewed, QComboBox, "Période")
    box.setCurrentIndex(3)  # type: ignore[attr-defined]
    assert len(viewed.control.person.requests) == 1 and "Les paramètres ont changé" in words_on(viewed)
    press(viewed, "Afficher le rapport")
    viewed.wait(lambda: len(viewed.control.person.requests) == 2)
    assert viewed.control.person.requests[-1].parameters["period"] == "year_to_date"


def test_stop_stops_at_once_and_tells_the_service(surveys: Bench) -> None:
    surveys.control.person.slow = True
    press(surveys, "Afficher le rapport")
    viewer = surveys.window.page("surveys").viewer
    surveys.wait(lambda: viewer.is_running and surveys.control.person.requests)
    QTest.keyClick(surveys.window, Qt.Key.Key_Escape)
    assert not viewer.is_running and "Arrêté" in words_on(surveys)
    surveys.wait(lambda: surveys.control.person.stopped == ["run1"])
    surveys.control.person.slow = False
    press(surveys, "Relancer", QToolButton)
    surveys.wait(lambda: viewer.view.pages)


def test_an_empty_report_explains_itself_and_offers_other_periods(surveys: Bench) -> None:
    surveys.control.person.empty = True
    press(surveys, "Afficher le rapport")
    surveys.wait(lambda: "Aucun sondage" in words_on(surveys))
    surveys.control.person.empty = False
    press(surveys, "Septembre")
    surveys.wait(lambda: len(surveys.control.person.requests) == 2)
    assert surveys.control.person.requests[-1].parameters["period"] == "2026-09"


def test_a_favourite_is_kept_run_renamed_deleted_and_brought_back(
    viewed: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, tabs = viewed.control.person, shown(viewed, QTabWidget)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("Mon mois", True))
    press(viewed, "Enregistrer en tant que nouveau favori")
    viewed.wait(lambda: person.saved)
    assert person.saved[0].parameters == {"period": "this_month"} and person.saved[0].shops == [1, 2]
    tabs.setCurrentIndex(0)  # type: ignore[attr-defined]
    favourites = shown(viewed, QListWidget, "Favoris")
    viewed.wait(lambda: favourites.count() == 1)  # type: ignore[attr-defined]
    press(viewed, "Exécuter")
    viewed.wait(lambda: len(person.requests) == 2)
    splitter = next(
        w
        for w in viewed.window.page("surveys").findChildren(ArrowSplitter)
        if w.orientation() == Qt.Orientation.Horizontal
    )
    assert splitter.is_folded(0), "the report gets the room (A-51)"
    arrow = next(w for w in splitter.handle(1).findChildren(QToolButton))
    QTest.mouseClick(arrow, Qt.MouseButton.LeftButton)
    assert not splitter.is_folded(0)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("Été", True))
    press(viewed, "Renommer")
    viewed.wait(lambda: person.saved[0].name == "Été")
    press(viewed, "Supprimer")
    viewed.wait(lambda: not person.saved)
    viewed.wait(lambda: button_named(viewed, "Annuler"))
    press(viewed, "Annuler")
    viewed.wait(lambda: [f.name for f in person.saved] == ["Été"])


def test_every_bar_has_an_arrow_that_folds_its_section(surveys: Bench) -> None:
    for splitter in surveys.window.page("surveys").findChildren(ArrowSplitter):
        for index in range(1, splitter.count()):
            arrow = next(w for w in splitter.handle(index).findChildren(QToolButton))
            QTest.mouseClick(arrow, Qt.MouseButton.LeftButton)
            assert splitter.is_folded(index - 1) and arrow.accessibleName() == "Ouvrir cette section"
            QTest.mouseClick(arrow, Qt.MouseButton.LeftButton)
            assert not splitter.is_folded(index - 1)


def test_paper_changes_the_pages_and_not_the_numbers(viewed: Bench) -> None:
    viewer = viewed.window.page("surveys").viewer
    before = viewer.view.page_text()
    viewer.page_setup.choose("paper", "a4")
    viewer.page_setup.choose("lie", "wide")
    viewed.wait(lambda: viewer.view.pages and viewer.view.pages[0].width > 290)
    assert "Question 199" in before and "Question 199" in viewer.view.page_text()
    viewer.page_setup.choose("lie", "tall")
    viewer.page_setup.choose("paper", "letter")
    viewed.wait(lambda: viewer.view.pages and viewer.view.pages[0].width < 220)


@pytest.mark.parametrize("format_", ["pdf", "xlsx", "csv", "html", "png"])
def test_the_report_is_saved_as_it_is_shown(
    viewed: Bench, tmp_path: Path, format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"report.{format_}"
    viewer = viewed.window.page("surveys").viewer
    viewer.save_as(path, format_)
    viewed.wait(lambda: "Enregistré" in screen.words_on(viewed))
    opened: list[Path] = []
    monkeypatch.setattr("repaircenter.desk.kit.notices.written_file.open_path", opened.append)
    screen.press(viewed, "Afficher dans le dossier")
    assert opened == [tmp_path]
    if format_ == "png":
        assert len(list(tmp_path.glob("report-*.png"))) == len(viewer.view.pages)
        return
    assert path.exists()
    if format_ == "pdf":
        assert len(pypdf.PdfReader(path).pages) == len(viewer.view.pages)


def test_a_place_that_cannot_be_written_is_said(viewed: Bench, tmp_path: Path) -> None:
    viewed.window.page("surveys").viewer.save_as(tmp_path / "missing" / "report.pdf", "pdf")
    viewed.wait(lambda: "report.pdf" in words_on(viewed))


def test_the_painter_and_the_metrics_agree_on_widths(bench: Bench) -> None:
    """DESIGN 3.12: one QFont a face at 1000 px agrees with the font file's widths to 0.01 %."""
    from PySide6.QtGui import QFontMetricsF

    from repaircenter.desk.kit.theme import load_fonts

    painter = PagePainter(load_fonts(bench.program.app))
    texts = [
        "fi ffl AV To",
        "8,71 [8,40\xa0; 9,02]",
        face("regular").clean("soft\xadhyphen"),
        "师傅们，修车。コーヒー 친절하고",
    ]
    texts += [face("regular").clean("خدمة ممتازة وسريعة")]
    for language in ("en", "fr", "es"):
        texts += [face("regular").clean(text) for text in list(_catalog(language).whole().values())[:167]]
    assert len(texts) > 500
    for name in ("regular", "bold", "italic"):
        for words in filter(str.strip, texts):
            ours = face(name).width_mm(words, 72.0 / 25.4 * 1000)
            drawn = 0.0
            for piece, beside in fallbacks.runs(words):
                font = painter._fallback(beside) if beside else painter._fonts[name]
                shown = "".join(map(beside.glyph, piece)) if beside else as_drawn(piece)
                drawn += QFontMetricsF(font).horizontalAdvance(shown)
            assert drawn == pytest.approx(ours, rel=1e-4), words


def test_pages_paint_ink_where_their_words_are(viewed: Bench) -> None:
    view = viewed.window.page("surveys").viewer.view
    picture = view.picture(0).toImage()
    word = next(op for op in view.pages[0].operations if isinstance(op, Text) and op.text == "Tableau de bord CSI")
    scale = view._scale() * view.devicePixelRatioF()
    area = [
        (x, y)
        for x in range(int(word.x * scale), int((word.x + word.width) * scale))
        for y in range(int((word.baseline - 4) * scale), int(word.baseline * scale))
    ]
    dark = sum(picture.pixelColor(x, y).lightness() < 128 for x, y in area)
    assert 0.05 < dark / len(area) < 0.6


def test_pages_are_printed_as_they_are_shown(viewed: Bench, tmp_path: Path) -> None:
    """On Qt's own PDF printer: the same count of pages and the same words."""
    from PySide6.QtPrintSupport import QPrinter

    from repaircenter.desk.viewer.printing import print_on, set_layout

    pages = viewed.window.page("surveys").viewer.view.pages
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    set_layout(printer, pages[0])
    print_on(printer, viewed.window.page("surveys").viewer._paper._painter, pages)
    viewed.wait(lambda: (tmp_path / "printed.pdf").exists() and b"%%EOF" in (tmp_path / "printed.pdf").read_bytes())
    reader = pypdf.PdfReader(tmp_path / "printed.pdf")
    assert len(reader.pages) == len(pages)
    width, height = float(reader.pages[0].mediabox.width), float(reader.pages[0].mediabox.height)
    assert (round(width), round(height)) == (612, 792)


def test_changed_parameters_can_be_put_back(viewed: Bench) -> None:
    box = shown(viewed, QComboBox, "Période")
    box.setCurrentIndex(3)  # type: ignore[attr-defined]
    press(viewed, "Rétablir")
    assert viewed.window.page("surveys")._parameters.values()["period"] == "this_month"
    assert "Les paramètres ont changé" not in words_on(viewed) and len(viewed.control.person.requests) == 1


def test_filters_stay_while_one_moves_between_the_reports(surveys: Bench) -> None:
    """B-19: also those the report between does not take; a favourite brings its own."""
    pane = surveys.window.page("surveys")._parameters
    surveys.wait(lambda: pane._people is not None)
    taken = pane._taken
    pane.show_for(taken, {"period": "last_month", "section": "shop", "min_n": "9"})
    pane.show_for(("shops", "period", "order"))
    assert pane.values() == {"period": "last_month"}
    pane.show_for(taken)
    assert pane.values() == {"period": "last_month", "section": "shop", "min_n": "9"}
    pane.show_for(("shops", "period"), {"period": "this_month"})
    pane.show_for(taken)
    assert pane.values() == {"period": "this_month"}
    pane.show_for(taken, {"section": "shop"})
    pane.forget()
    pane.show_for(taken)
    assert pane.values() == {"period": "this_month"}, "nothing of another person"


def test_people_keep_their_role_through_a_report_without_people(surveys: Bench) -> None:
    pane = surveys.window.page("surveys")._parameters
    options = ReportOptions(employees={"estimator": ["Ana Ruiz"], "appraiser": ["Ana Ruiz", "Zoe"]})
    pane.set_options(options)
    chosen = {"period": "last_month", "role": "appraiser", "employees": "Ana Ruiz"}
    pane.show_for(("period", "employees", "order"), chosen)
    pane.show_for(("period",))
    pane.show_for(("period", "employees"))
    assert pane.values() == chosen


def test_what_a_followed_figure_limits_to_is_kept_and_can_be_taken_off(surveys: Bench) -> None:
    pane = surveys.window.page("surveys")._parameters
    pane.set_options(ReportOptions(questions={"quality": {"fr": "Qualité"}}))
    chosen = {"period": "last_month", "question": "quality", "score": "9"}
    pane.show_for(("period", "order"), chosen)
    box = pane._boxes["order"]
    box.setCurrentIndex(1)
    assert pane.values() == {**chosen, "order": "oldest"}, "another order of the same rows"
    pane.retranslate()
    button = next(w for w in pane.findChildren(QToolButton) if w.text().startswith("Qualité = 9"))
    pane.ensureWidgetVisible(button)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    surveys.wait(lambda: "question" not in pane.values())
    assert pane.values() == {"period": "last_month", "order": "oldest"}
    pane.show_for(("period", "order"), chosen)
    pane.show_for(("period", "measure"))
    assert pane.values() == {"period": "last_month"}, "another report is not limited by it"


def test_waiting_filters_survive_another_language(surveys: Bench) -> None:
    pane = surveys.window.page("surveys")._parameters
    pane.show_for(("period", "group"), {"period": "last_month", "group": "promoters"})
    pane.show_for(("period",))
    pane.retranslate()
    pane.show_for(("period", "group"))
    assert pane.values() == {"period": "last_month", "group": "promoters"}


def test_questions_can_be_followed(surveys: Bench) -> None:
    pane = surveys.window.page("surveys")._parameters
    pane.set_options(ReportOptions(questions={"quality": {"fr": "Qualité"}}))
    pane.set_choices([ParameterChoices(name="measure", choices=["nps", "csi", "mood"], usual="nps")])
    pane.show_for(("measure",), {})
    box = pane._boxes["measure"]
    offered = [box.itemText(at) for at in range(box.count())]
    assert offered == ["NPS", "CSI global", "Qualité"]
    box.setCurrentIndex(2)
    assert pane.values() == {"measure": "question:quality"}


def test_pictures_of_pages_write_over_nothing(viewed: Bench, tmp_path: Path) -> None:
    (tmp_path / "report-1.png").write_text("somebody's holiday")
    viewer = viewed.window.page("surveys").viewer
    viewer.save_as(tmp_path / "report.png", "png")
    viewed.wait(lambda: len(list(tmp_path.glob("report (2)-*.png"))) == len(viewer.view.pages))
    assert (tmp_path / "report-1.png").read_text() == "somebody's holiday"


def test_every_parameter_is_offered_and_sent_only_when_it_is_not_the_usual(surveys: Bench) -> None:
    pane = surveys.window.page("surveys")._parameters
    surveys.wait(lambda: pane._people is not None)
    assert pane.values() == {"period": "this_month"}
    pane.show_for(pane._taken, {"period": "2026-02-03..2026-02-09", "section": "shop", "programme": "2", "min_n": "9",
                                "role": "estimator", "employees": "Denis Roy"})  # fmt: skip
    assert pane.values() == {
        "period": "2026-02-03..2026-02-09",
        "section": "shop",
        "programme": "2",
        "role": "estimator",
        "employees": "Denis Roy",
        "min_n": "9",
    }
    press(surveys, "Afficher le rapport")
    surveys.wait(lambda: surveys.control.person.requests)
    assert surveys.control.person.requests[-1].parameters["employees"] == "Denis Roy"


def kept_favourite(bench: Bench) -> None:
    """A favourite that was run once while the service was there."""
    page = bench.window.page("surveys")
    press(bench, "Afficher le rapport")
    bench.wait(lambda: page.viewer.view.pages and not page.viewer.is_running)
    page.keep_as("Chaque matin", page._request())
    bench.wait(lambda: page._favourites.count)
    shown(bench, QTabWidget).setCurrentIndex(0)  # type: ignore[attr-defined]
    press(bench, "Exécuter")
    bench.wait(lambda: bench.control.last_results.results)


def test_a_favourite_opens_with_its_last_result_while_the_service_is_away(surveys: Bench) -> None:
    kept_favourite(surveys)
    person, viewer = surveys.control.person_side, surveys.window.page("surveys").viewer
    person.away = True
    surveys.window.page("surveys")._split.fold(0, False)
    press(surveys, "Exécuter")
    surveys.wait(lambda: "en date du" in words_on(surveys))
    assert "2026-11-02" in words_on(surveys) and "Question 199" in viewer.view.page_text()
    assert (
        shown(surveys, QToolButton, "Imprimer").isEnabled() and shown(surveys, QToolButton, "Enregistrer").isEnabled()
    )
    person.away = False
    press(surveys, "Réessayer")
    surveys.wait(lambda: viewer.view.pages and not viewer.is_running)
    assert "en date du" not in words_on(surveys)


def test_a_report_that_is_no_favourite_says_that_the_service_is_away(surveys: Bench) -> None:
    surveys.control.person_side.away = True
    press(surveys, "Afficher le rapport")
    surveys.wait(lambda: "injoignable" in words_on(surveys))


def test_a_start_without_the_service_shows_the_favourites_of_who_stays_signed_in(
    start: Callable[..., Bench], control: FakeControl
) -> None:
    first = start()
    first.wait(lambda: first.window.page("jobs").count_shown)
    first.sign_in()
    kept_favourite(first)
    control.person_side.away, control.person_side.known = True, KeptPerson("ada@example.com", True)
    again = start()
    again.wait(lambda: again.window.page("jobs").count_shown)
    again.window.show_page("surveys")
    again.wait(lambda: "dernier résultat" in words_on(again))
    assert not shown(again, QTabWidget).isTabEnabled(1)  # type: ignore[attr-defined]
    assert not shown(again, QPushButton, "Renommer").isEnabled()
    press(again, "Exécuter")
    viewer = again.window.page("surveys").viewer
    again.wait(lambda: viewer.view.pages and not viewer.is_running)
    assert "en date du" in words_on(again)
    control.last_results.results.clear()
    again.window.page("surveys")._split.fold(0, False)
    press(again, "Exécuter")
    again.wait(lambda: "Aucun dernier résultat" in words_on(again))
    control.person_side.away = False
    again.window.account.resume()
    again.wait(lambda: again.window.page("surveys").ready)
    assert shown(again, QTabWidget).isTabEnabled(1)  # type: ignore[attr-defined]


@pytest.mark.parametrize("state", ["connected", "ending_soon"])
def test_whoever_stays_signed_in_is_taken_up_again_while_connected(
    start: Callable[..., Bench], control: FakeControl, state: str
) -> None:
    """Also in the last quarter of an hour before the cut-off (A-08)."""
    control.person_side.away, control.person_side.known = True, KeptPerson("ada@example.com", True)
    control.connection = ConnectionState("offline", NOW)
    again = start()
    again.wait(lambda: not again.window.account.is_resuming)
    control.person_side.away, control.connection = False, ConnectionState(state, NOW)
    again.window.heard("connection_changed")
    again.wait(lambda: again.window.account.session is not None)


def test_signing_out_takes_the_last_results_away(surveys: Bench) -> None:
    kept_favourite(surveys)
    surveys.window.account.sign_out()
    surveys.wait(lambda: not surveys.control.last_results.results)
    assert surveys.control.last_results.lists == {}


def test_an_empty_last_result_says_that_it_is_one(surveys: Bench) -> None:
    person, viewer = surveys.control.person_side, surveys.window.page("surveys").viewer
    person.empty = True
    surveys.window.page("surveys").keep_as("Vide", surveys.window.page("surveys")._request())
    surveys.wait(lambda: surveys.window.page("surveys")._favourites.count)
    favourite = surveys.control.last_results.favourites("ada@example.com")[0]
    surveys.window.page("surveys")._run_favourite(favourite)
    surveys.wait(lambda: surveys.control.last_results.results)
    person.away = True
    surveys.window.page("surveys")._run_favourite(favourite)
    surveys.wait(lambda: "en date du" in words_on(surveys) and not viewer.is_running)
    assert "Aucun sondage" in words_on(surveys)


def test_a_survey_asked_for_offline_waits_for_the_sign_in(start: Callable[..., Bench], control: FakeControl) -> None:
    control.last_results.lists = {
        "ada@example.com": [Favourite(id=1, name="x", report="R-01", parameters={}, shops=[])]
    }
    control.person_side.away, control.person_side.known = True, KeptPerson("ada@example.com", True)
    found = start()
    found.window.show_page("surveys")
    found.wait(lambda: "dernier résultat" in words_on(found))
    found.window.page("surveys").open_survey("C:1", 1)
    assert found.window.page("surveys")._stack.currentWidget() is found.window.page("surveys")._sign_in
    found.window.account.resume()
    found.wait(lambda: not found.window.account.is_resuming)
    control.person_side.away = False
    found.window.account.resume()
    found.wait(lambda: control.person_side.requests)
    assert control.person_side.requests[-1].parameters == {"job": "C:1"}


def test_a_trend_begins_with_its_year_and_a_chosen_period_stays(surveys: Bench) -> None:
    """Issue 15.19: twelve months by default where a month says nothing; what a person chose goes with them (B-19)."""
    pane = surveys.window.page("surveys")._parameters
    month = ReportInfo(id="R-07", parameters=["shops", "period", "order"], period="this_month")
    trend = ReportInfo(id="R-15", parameters=["shops", "period"], period="last_12_months")
    pane.show_report(month)
    assert pane.values()["period"] == "this_month"
    pane.show_report(trend)
    assert pane.values()["period"] == "last_12_months"
    pane.show_report(month)
    assert pane.values()["period"] == "this_month"
    box = pane._boxes["period"]
    box.setCurrentIndex(box.findData("last_month"))
    pane.show_report(trend)
    assert pane.values()["period"] == "last_month", "chosen by hand"
    pane.show_report(trend, {"period": "quarter"})
    assert pane.values()["period"] == "quarter", "a favourite brings its own"
    older = ReportInfo(id="R-01", parameters=["shops", "period"])
    pane.forget()
    pane.show_report(older)
    assert pane.values()["period"] == "this_month", "a service that names none"


def test_the_jobs_behind_a_rate_say_so_and_the_limit_can_be_taken_off(surveys: Bench) -> None:
    pane = surveys.window.page("surveys")._parameters
    pane.show_for(("period", "order"), {"period": "last_month", "invited": "1"})
    button = next(w for w in pane.findChildren(QToolButton) if w.text().startswith("Travaux sondés seulement"))
    assert pane.values() == {"period": "last_month", "invited": "1"}
    pane.ensureWidgetVisible(button)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    surveys.wait(lambda: "invited" not in pane.values())
