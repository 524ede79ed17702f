"""One name: where it stands, whom it probably stands for, and whom it stands for."""

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.form import CHOICE, Field, Form
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.desk.settings.record_panel import Panel
from repaircenter.wire.employees import EmployeeList, EmployeeName

NOTHING = EmployeeList(names=[])
ROLES = ("estimator", "appraiser", "technician", "service_writer")
_FIELDS = (Field(name="known_as", kind=CHOICE), Field(name="account", kind=CHOICE))


def roles_text(name: EmployeeName, context: DeskContext) -> str:
    words = context.words
    return ", ".join(words(f"desk.employees.role.{one if one in ROLES else 'unknown'}") for one in name.roles)


class EmployeePanel(Panel[EmployeeName]):
    """`keep` keeps whom the name stands for, `discard` gives it up, `answer` answers the suggestion (True: one person)."""

    def __init__(
        self,
        context: DeskContext,
        keep: Callable[[], object],
        discard: Callable[[], object],
        answer: Callable[[bool], object],
    ) -> None:
        super().__init__()
        self._context = context
        self._listed = NOTHING
        self._account: int | None = None
        bind = context.texts.bind
        self._title, self._note = label("", "title"), label("", "soft", wrap=True)
        self._question = label("", wrap=True)
        self._same = bind(button("", lambda: answer(True), primary=True), "desk.employees.same")
        self._other = bind(button("", lambda: answer(False)), "desk.employees.other")
        self._answers = row_of(self._same, self._other)
        self.form = Form(context, "desk.employees.field", _FIELDS)
        self._hint = bind(label("", "soft", wrap=True), "desk.employees.account_hint")
        self._keep = bind(button("", keep), "desk.employees.keep")
        self._discard = bind(button("", discard), "desk.configuration.discard")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for part in (
            *(self._title, self._note, self._question, self._answers, self.form, self._hint, self.problem),
            row_of(self._keep, self._discard),
        ):
            column.addWidget(part)
        self.form.changed.connect(self._show_state)
        self.show_record(None, NOTHING)

    def retranslate(self) -> None:
        written = self.form.values()
        self.show_record(self.record, self._listed)
        self.form.show_values(written)
        self._show_state()

    def show_record(self, record: EmployeeName | None, listed: EmployeeList) -> None:
        """Show a name as it is now; None for none."""
        self.record, self._listed = record, listed
        self.say("")
        self.setVisible(record is not None)
        if record is None:
            # Nothing of a person who was here stays.
            for text in (self._title, self._note, self._question):
                text.setText("")
            for name in ("known_as", "account"):
                self.form.offer(name, [])
            return
        words = self._context.words
        self._title.setText(record.name)
        roles = roles_text(record, self._context)
        self._note.setText(words.count("desk.employees.stands", record.jobs, shop=record.shop, roles=roles))
        behind = [one.name for one in listed.names if one.shop_id == record.shop_id and one.known_as == record.name]
        others = [name for name in behind if name != record.name]
        if others:
            self._note.setText(f"{self._note.text()} {words('desk.employees.also', names=', '.join(others))}")
        asked = record.suggested is not None
        self._question.setText(words("desk.employees.question", name=record.suggested) if asked else "")
        for part in (self._question, self._answers):
            part.setVisible(asked)
        own = {one.name for one in listed.names if one.shop_id == record.shop_id and one.known_as == one.name}
        own = {*own, record.known_as} - {record.name}
        offered: list[tuple[object, str]] = [(record.name, words("desk.employees.oneself", name=record.name))]
        self.form.offer("known_as", [*offered, *((name, name) for name in sorted(own, key=str.casefold))])
        people = [(one.id, one.name) for one in listed.accounts if record.shop_id in one.shops]
        self.form.offer("account", [(0, words("desk.employees.no_account")), *people])
        # Whoever left the shop has no account there.
        self._account = record.person_id if record.person_id in dict(people) else None
        self.form.show_values({"known_as": record.known_as, "account": self._account or 0})
        self._show_state()

    def _show_state(self) -> None:
        record = self.record
        is_own = record is not None and self.known_as == record.name
        self.form.show_field("account", is_own)
        self._hint.setVisible(is_own)
        self._keep.setEnabled(self.is_changed)
        self._discard.setVisible(self.is_changed)

    @property
    def known_as(self) -> str:
        """Whom the name stands for, as it is chosen here."""
        return str(self.form.values()["known_as"] or "")

    @property
    def is_changed(self) -> bool:
        return self.record is not None and (self.known_as != self.record.known_as or self.account is not None)

    @property
    def account(self) -> int | None:
        """The account that is chosen for whoever has the name, 0 for none; None as it was."""
        chosen = self.form.values()["account"]
        is_own = self.record is not None and self.known_as == self.record.name
        return (chosen or 0) if is_own and chosen != self._account else None

    def adopt(self, now: EmployeeName) -> bool:
        """Whom a name stands for is said anew, whatever was said before."""
        return False
