"""One place: its name, where it stands, and what is known of a shop."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import CHOICE, Field, Form
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.desk.settings.places.place_words import ZONES, path_of, place_name, rank
from repaircenter.desk.settings.record_panel import Panel
from repaircenter.runtime.text import LANGUAGES
from repaircenter.wire.places import Place, PlaceList, ShopFacts
from repaircenter.wire.vocabulary import COUNTRY, NETWORK, REGION, SHOP

NOTHING = PlaceList(places=[], may_arrange=False)
_KINDS: Final = (SHOP, REGION, COUNTRY)
_FACTS: Final = ("zone", "language", "address", "phone", "tax_id", "licence")


def _wrong_name(text: str) -> str:
    return "" if text else "bad_name"


_FIELDS = (
    Field(name="kind", kind=CHOICE, choices={kind: f"desk.places.kind.{kind}" for kind in _KINDS}),
    Field(name="name", refusal=_wrong_name),
    Field(name="above", kind=CHOICE),
    Field(name="zone", kind=CHOICE),
    Field(name="language", kind=CHOICE, choices={one: f"desk.people.language.{one}" for one in LANGUAGES}),
    Field(name="address"),
    Field(name="phone"),
    Field(name="tax_id"),
    Field(name="licence"),
)


class PlacePanel(Panel[Place]):
    """`keep` keeps what was written, `discard` gives it up, `remove` takes an empty place away."""

    def __init__(
        self,
        context: DeskContext,
        keep: Callable[[], object],
        discard: Callable[[], object],
        remove: Callable[[], object],
    ) -> None:
        super().__init__()
        self._context = context
        self._listed = NOTHING
        self.is_new = False
        # Of a new one: its kind, and where it was put last.
        self._kind, self._above = "", None
        self._before: tuple[str, int, ShopFacts | None] = ("", 0, None)
        bind = context.texts.bind
        self._title, self._note = label("", "title"), label("", "soft", wrap=True)
        self.form = Form(context, "desk.places.field", _FIELDS)
        self._keep = button("", keep, primary=True)
        self._discard = bind(button("", discard), "desk.configuration.discard")
        self._remove = bind(button("", remove), "desk.places.remove")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (
            *(self._title, self._note, self.form, self.problem),
            row_of(self._keep, self._discard, self._remove),
        ):
            column.addWidget(part)
        self.form.changed.connect(self._changed)
        self.show_record(None, NOTHING)

    def retranslate(self) -> None:
        self.form.retranslate()
        self._offer_above()
        self._show_words()

    def show_record(self, record: Place | None, listed: PlaceList) -> None:
        """Show a place as it is now; None for none."""
        self.record, self._listed, self.is_new = record, listed, False
        self._show({} if record is None else _values(record))

    def begin_new(self, listed: PlaceList) -> None:
        """A shop on the clocks and in the language of the first one there is."""
        self.record, self._listed, self.is_new = None, listed, True
        first = next((place.shop for place in listed.places if place.shop is not None), None)
        root = next((place.node_id for place in listed.places if place.kind == NETWORK), None)
        facts = ShopFacts(zone=ZONES[3], language=self._context.words.language) if first is None else first
        self._show({"kind": SHOP, "above": root, "zone": facts.zone, "language": facts.language})
        self.form.focus_on("name")

    def _show(self, values: dict[str, Any]) -> None:
        self.say("")
        self.setVisible(self.record is not None or self.is_new)
        zones = list(ZONES) if values.get("zone") in (None, "", *ZONES) else [values["zone"], *ZONES]
        self.form.offer("zone", [(zone, zone.replace("_", " ")) for zone in zones])
        self.form.put("kind", values.get("kind"))
        self._offer_above()
        self.form.show_values(values)
        # As it stands here before anything is written.
        self._before = self.place()
        self._kind, self._above = self.kind, values.get("above")
        self._show_words()
        self._show_state()

    def _offer_above(self) -> None:
        """Where a place of this kind may stand."""
        by_id = {place.node_id: place for place in self._listed.places}
        offered: list[tuple[object, str]] = []
        for place in self._listed.places:
            if rank(place.kind) < rank(self.kind):
                path = path_of(place, by_id, self._context)
                name = place_name(place.kind, place.name, self._context)
                offered.append((place.node_id, f"{path} › {name}" if path else name))
        above = None if self.record is None else self.record.parent_id
        if above is not None and above not in by_id:
            offered.append((above, self._context.words("desk.people.elsewhere")))
        self.form.offer("above", offered)

    def _show_words(self) -> None:
        words, record = self._context.words, self.record
        if record is None:
            self._title.setText(words("desk.places.new_title"))
            self._note.setText(words("desk.places.new_note"))
        else:
            self._title.setText(place_name(record.kind, record.name, self._context))
            self._note.setText("" if self._listed.may_arrange else words("desk.places.beyond"))
        self._note.setVisible(bool(self._note.text()))
        self._keep.setText(words("desk.places.add" if record is None else "desk.places.keep"))

    def _changed(self) -> None:
        if self.is_new and self.kind != self._kind:
            # What could not stand there for a while is offered again.
            self._kind = self.kind
            self.form.blockSignals(True)
            self._offer_above()
            self.form.put("above", self._above)
            self.form.blockSignals(False)
        elif self.is_new:
            self._above = self.form.values()["above"]
        self._show_state()

    def _show_state(self) -> None:
        record, may, is_changed = self.record, self._listed.may_arrange, self.is_changed
        is_shop = self.kind == SHOP
        is_root = record is not None and record.kind == NETWORK
        self.form.show_field("kind", self.is_new)
        for name in ("name", "above"):
            self.form.show_field(name, not is_root)
        for name in _FACTS:
            self.form.show_field(name, is_shop)
        self.form.enable_field("name", may or is_shop)
        self.form.enable_field("above", may)
        self._keep.setVisible(not is_root)
        self._keep.setEnabled(is_changed)
        self._discard.setVisible(is_changed)
        self._remove.setVisible(may and record is not None and record.removable and not is_changed)

    @property
    def kind(self) -> str:
        """What kind of place it is; of a new one what is chosen."""
        return str(self.form.values()["kind"] or "") if self.record is None else self.record.kind

    def place(self) -> tuple[str, int, ShopFacts | None]:
        """(name, number of the place above, facts of a shop) as they are written here."""
        values = self.form.values()
        facts = ShopFacts(**{name: values[name] or "" for name in _FACTS}) if self.kind == SHOP else None
        return values["name"] or "", values["above"] or 0, facts

    @property
    def is_changed(self) -> bool:
        """Whether something was written and not kept; a new one is."""
        if self.record is None:
            return self.is_new
        return self.record.kind != NETWORK and self.place() != self._before

    def refusal(self) -> str:
        """What is wrong with what was written, in one sentence; empty for nothing."""
        return self.form.refusal()


def _values(place: Place) -> dict[str, Any]:
    facts = {} if place.shop is None else {name: getattr(place.shop, name) for name in _FACTS}
    return {"kind": place.kind, "name": place.name, "above": place.parent_id, **facts}
