"""One programme: its rules, its insurers, the shops that take part, and names that could be its own."""

from collections.abc import Callable, Mapping

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import CHECK, CHOICE, LINES, NUMBER, Field, Form
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.desk.settings.record_panel import Panel
from repaircenter.wire.surveys.programmes import Programme, ProgrammeList, Rules, UnclaimedName
from repaircenter.wire.vocabulary import CHANNELS, EMAIL, NOBODY_SILENT, SILENT_ALERTS

INSURER, NETWORK, SHOP = "insurer", "network", "shop"
_KINDS = (INSURER, SHOP)
AT_ONCE, NIGHTLY = "at_once", "nightly"
_DATA = Qt.ItemDataRole.UserRole
_LIST_HIGH = 120


def _wrong_name(text: str) -> str:
    return "" if text else "bad_name"


def _channels(*, may_be_none: bool) -> dict[str, str]:
    known = {channel: f"desk.contact.channel.{channel}" for channel in CHANNELS}
    return {"": "desk.programmes.channel.none", **known} if may_be_none else known


# Each is tried where the one before it reached nobody.
_ORDER = ("channel_first", "channel_second", "channel_third")
_FIELDS = (
    Field(name="kind", kind=CHOICE, choices={kind: f"desk.programmes.kind.{kind}" for kind in _KINDS}),
    Field(name="name", refusal=_wrong_name),
    Field(name="questionnaire", kind=CHOICE),
    Field(
        name="publishing", kind=CHOICE, choices={how: f"desk.programmes.publishing.{how}" for how in (AT_ONCE, NIGHTLY)}
    ),
    *(Field(name=name, kind=CHOICE, choices=_channels(may_be_none=name != _ORDER[0])) for name in _ORDER),
    Field(name="ageing_days", kind=NUMBER, most=365),
    Field(name="not_before_delivery", kind=CHECK),
    Field(name="reminder_days", kind=NUMBER, most=20),
    Field(name="throttle_days", kind=NUMBER, most=365),
    Field(name="alerts", kind=CHECK),
    Field(name="alert_at_most", kind=NUMBER, most=10),
    Field(name="alert_hours", kind=NUMBER, least=1, most=400),
    Field(name="recovery_demanded", kind=CHECK),
    Field(name="alert_unreached", kind=CHECK),
    Field(
        name="alert_silent",
        kind=CHOICE,
        choices={whose: f"desk.programmes.silent.{whose}" for whose in SILENT_ALERTS},
    ),
    Field(name="shows_contact", kind=CHECK),
    Field(name="shows_recovery", kind=CHECK),
    Field(name="names", kind=LINES),
    Field(name="codes", kind=LINES),
    Field(name="active", kind=CHECK),
)
# What a new one begins with: the usual rules of the set-up file.
_USUAL = Rules(
    name="",
    names=[],
    codes=[],
    ageing_days=19,
    not_before_delivery=True,
    reminder_days=5,
    throttle_days=30,
    alert_at_most=7,
    alert_hours=8,
    recovery_demanded=True,
    questionnaire="standard",
    active=True,
    shops=[],
    alert_unreached=True,
)
_NOBODY = ProgrammeList(programmes=[], questionnaires=[], unclaimed=[])


class ShopTicks(QListWidget):
    """The shops of who is signed in, those that take part ticked. `changed` when a person ticks one."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(_LIST_HIGH)
        self.itemChanged.connect(lambda _item: self.changed.emit())

    def show_shops(self, shops: Mapping[int, str], ticked: set[int]) -> None:
        self.blockSignals(True)
        self.clear()
        for shop_id, name in shops.items():
            item = QListWidgetItem(name, self)
            item.setData(_DATA, shop_id)
            item.setCheckState(Qt.CheckState.Checked if shop_id in ticked else Qt.CheckState.Unchecked)
        self.blockSignals(False)

    def ticked(self) -> list[int]:
        items = [self.item(number) for number in range(self.count())]
        return sorted(item.data(_DATA) for item in items if item.checkState() == Qt.CheckState.Checked)


class ProgrammePanel(Panel[Programme]):
    """`keep` keeps what was written, `discard` gives it up, `preview` shows the questionnaire that is chosen."""

    def __init__(
        self,
        context: DeskContext,
        keep: Callable[[], object],
        discard: Callable[[], object],
        preview: Callable[[], object],
    ) -> None:
        super().__init__()
        self._context = context
        self._listed = _NOBODY
        self.is_new = False
        bind = context.texts.bind
        self._title, self._note = label("", "title"), label("", "soft", wrap=True)
        self.form = Form(context, "desk.programmes.field", _FIELDS)
        self.shops = bind(ShopTicks(), name="desk.programmes.shops")
        self._unclaimed_head = bind(label("", wrap=True), "desk.programmes.unclaimed")
        self.unclaimed = bind(QListWidget(), name="desk.programmes.unclaimed")
        self.unclaimed.setFixedHeight(_LIST_HIGH)
        self._claim = bind(button("", self._pressed_claim), "desk.programmes.claim")
        self._claim_row = row_of(self._claim)
        self._preview = bind(button("", preview), "desk.programmes.preview")
        self._keep = button("", keep, primary=True)
        self._discard = bind(button("", discard), "desk.configuration.discard")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (
            self._title, self._note, self.form, bind(label(""), "desk.programmes.shops"), self.shops,
            self._unclaimed_head, self.unclaimed, self._claim_row, self.problem,
            row_of(self._keep, self._discard, self._preview),
        ):  # fmt: skip
            column.addWidget(part)
        self.form.changed.connect(self._show_state)
        self.shops.changed.connect(self._show_state)
        self.show_record(None, _NOBODY)

    def retranslate(self) -> None:
        self.form.retranslate()
        self._show_words()
        self._show_unclaimed()

    def show_record(self, record: Programme | None, listed: ProgrammeList) -> None:
        """Show a programme as it is now; None for none."""
        self.record, self._listed, self.is_new = record, listed, False
        self._show(_USUAL if record is None else record.rules, INSURER if record is None else record.kind)

    def begin_new(self, listed: ProgrammeList) -> None:
        """An empty form with the usual rules, for every shop."""
        self.record, self._listed, self.is_new = None, listed, True
        self._show(_USUAL, SHOP)
        self.form.focus_on("name")

    def _show(self, rules: Rules, kind: str) -> None:
        self.say("")
        self.setVisible(self.record is not None or self.is_new)
        self.form.show_field("kind", self.is_new)
        language = self._context.words.language
        titles = self._listed.titles
        self.form.offer(
            "questionnaire",
            [(key, titles.get(key, {}).get(language, key)) for key in self._listed.questionnaires],
        )
        self.form.show_values(
            {
                **{name: getattr(rules, name) for name in rules.__struct_fields__ if name not in ("names", "codes")},
                **dict(zip(_ORDER, rules.channels or [EMAIL], strict=False)),
                "kind": kind,
                "alerts": rules.alert_at_most is not None,
                "alert_at_most": 7 if rules.alert_at_most is None else rules.alert_at_most,
                "names": "\n".join(rules.names),
                "codes": "\n".join(rules.codes),
            }
        )
        shops = {shop.id: shop.name for shop in self._listed.shops}
        self.shops.show_shops(shops, set(shops) if self.is_new else set(rules.shops))
        may = self.record is None or self.record.changeable
        for part in (self.form, self.shops):
            part.setEnabled(may)
        self._show_words()
        self._show_unclaimed()
        self._show_state()

    def _show_words(self) -> None:
        words, record = self._context.words, self.record
        self._title.setText(words("desk.programmes.new_title") if record is None else record.rules.name)
        if record is None:
            note = words("desk.programmes.new_note")
        elif not record.changeable:
            note = words("desk.programmes.beyond")
        else:
            note = words.count("desk.programmes.waiting", record.waiting)
        self._note.setText(note)
        self._keep.setText(words("desk.programmes.add" if record is None else "desk.programmes.keep"))

    def _show_unclaimed(self) -> None:
        words = self._context.words
        self.unclaimed.clear()
        for one in self._listed.unclaimed:
            item = QListWidgetItem(
                words.count("desk.programmes.unclaimed_jobs", one.jobs, name=one.name), self.unclaimed
            )
            item.setData(_DATA, one)

    def _show_state(self) -> None:
        """What belongs together is asked together."""
        values, is_changed = self.form.values(), self.is_changed
        is_insurer = (values["kind"] if self.record is None else self.record.kind) == INSURER
        for name in ("names", "codes", "shows_contact", "shows_recovery"):
            self.form.show_field(name, is_insurer)
        for name in ("alert_at_most", "alert_hours", "recovery_demanded"):
            self.form.show_field(name, values["alerts"])
        is_open = is_insurer and bool(self._listed.unclaimed) and (self.record is None or self.record.changeable)
        for part in (self._unclaimed_head, self.unclaimed, self._claim_row):
            part.setVisible(is_open)
        self._keep.setEnabled(is_changed)
        self._discard.setVisible(is_changed)

    def rules(self) -> Rules:
        """The rules as they are written here."""
        values = self.form.values()
        return Rules(
            name=values["name"] or "",
            names=_lines(values["names"]),
            codes=_lines(values["codes"]),
            alert_at_most=values["alert_at_most"] if values["alerts"] else None,
            questionnaire=values["questionnaire"] or "",
            publishing=values["publishing"] or AT_ONCE,
            alert_silent=values["alert_silent"] or NOBODY_SILENT,
            # What is chosen twice is tried once.
            channels=list(dict.fromkeys(filter(None, (values[name] for name in _ORDER)))),
            shops=sorted([*self.shops.ticked(), *self._unseen_shops()]),
            **{
                name: values[name]
                for name in (
                    *("ageing_days", "not_before_delivery", "reminder_days", "throttle_days", "alert_hours"),
                    *("recovery_demanded", "active", "shows_contact", "shows_recovery", "alert_unreached"),
                )
            },
        )

    def _unseen_shops(self) -> list[int]:
        """Shops that take part and are not shown here: they go on doing so."""
        seen = {shop.id for shop in self._listed.shops}
        return [] if self.record is None else [shop for shop in self.record.rules.shops if shop not in seen]

    @property
    def questionnaire(self) -> str:
        """The key of the one that is chosen."""
        return str(self.form.values()["questionnaire"] or "")

    @property
    def kind(self) -> str:
        """What kind a new one is."""
        return str(self.form.values()["kind"])

    @property
    def is_changed(self) -> bool:
        """Whether something was written and not kept; a new one is."""
        if self.record is None:
            return self.is_new
        rules = self.record.rules
        # As they would be written here.
        names, codes = (_lines("\n".join(words)) for words in (rules.names, rules.codes))
        kept = msgspec.structs.replace(
            rules,
            names=names,
            codes=codes,
            shops=sorted(rules.shops),
            publishing=rules.publishing or AT_ONCE,
            channels=rules.channels or [EMAIL],
            shows_contact=bool(rules.shows_contact),
            shows_recovery=bool(rules.shows_recovery),
            alert_unreached=bool(rules.alert_unreached),
            alert_silent=rules.alert_silent or NOBODY_SILENT,
        )
        return self.rules() != kept

    def refusal(self) -> str:
        """What is wrong with what was written, in one sentence; empty for nothing."""
        refusal, rules = self.form.refusal(), self.rules()
        kind = self.kind if self.record is None else self.record.kind
        if not refusal and kind == INSURER and not rules.names and not rules.codes:
            self.form.focus_on("names")
            return self._context.words("error.no_insurer_name")
        return refusal

    def _pressed_claim(self) -> None:
        """Add the chosen name to the programme's own."""
        item = self.unclaimed.currentItem()
        one = item.data(_DATA) if item is not None else None
        if isinstance(one, UnclaimedName):
            names = _lines(self.form.values()["names"])
            self.form.put("names", "\n".join(dict.fromkeys([*names, one.name])))
            self._show_state()


def _lines(text: str | None) -> list[str]:
    """One name or code a line."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
