"""The last steps: the first reading of the folder as it goes on, starting with the session, and the recovery code."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QProgressBar

from repaircenter.desk.account.recovery_page import RecoveryCode
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.operations import Query
from repaircenter.desk.kit.widgets import label
from repaircenter.desk.settings.first_run.step import Host, Step
from repaircenter.shop.model.state import CollectorState

_LOOK_MS = 500


class ReadingStep(Step):
    """Collecting begins here; it goes on whether one looks or not."""

    name = "reading"

    def __init__(self, context: DeskContext, host: Host) -> None:
        super().__init__(context, host)
        self._asking = Query(context.operations)
        self._bar = context.texts.bind(QProgressBar(), name="desk.setup.reading_title")
        self._bar.setTextVisible(False)
        self._count = label("", wrap=True)
        self.column.addWidget(self._bar)
        self.column.addWidget(self._count)
        self.column.addSpacing(8)
        # Only what runs collects. None until this PC has said how it is.
        self._starts: bool | None = None
        # What the office decided, then what a person ticked; None while nobody has.
        self._wanted: bool | None = None
        self._with_session = context.texts.bind(QCheckBox(), "desk.start.with_session")
        self._with_session.clicked.connect(self._want)
        self._why = context.texts.bind(label("", "soft", wrap=True), "desk.start.text")
        self._why.setIndent(24)
        for part in (self._with_session, self._why):
            part.hide()
            self.column.addWidget(part)
        self.column.addStretch(1)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._ask)

    def begin_with(self, autostart: str) -> None:
        if autostart and self._wanted is None:
            self._wanted = autostart == "yes"

    def _want(self, is_on: bool) -> None:
        self._wanted = is_on

    def shown(self) -> None:
        control = self.control
        if control is None:
            return
        self.context.background.run(control.device.starts_with_session, self._offer_start)

        def begun(_none: object) -> None:
            self.host.answers.has_begun = True
            self._timer.start()
            self._ask()

        self._count.setText(self.context.words("desk.setup.reading_begins"))
        self.host.run(control.setup.finish, begun)

    def left(self) -> None:
        self._timer.stop()

    def _offer_start(self, starts: bool | None) -> None:
        self._starts = starts
        for part in (self._with_session, self._why):
            part.setVisible(starts is not None)
        self._with_session.setChecked(bool(starts) if self._wanted is None else self._wanted)

    def go_on(self, done: Callable[[], None]) -> None:
        control, wanted = self.control, self._wanted
        if control is None or wanted is None or wanted == self._starts:
            done()
        else:
            self.host.run(lambda: control.device.start_with_session(wanted), lambda _none: done())

    def _ask(self) -> None:
        control = self.control
        if control is not None and not self._asking.is_asking:
            self._asking.ask(control.collecting.state, self._show, lambda _sentence: None)

    def _show(self, state: CollectorState) -> None:
        words, folders = self.context.words, state.folders
        looked = bool(folders) and all(folder.looks or folder.trouble for folder in folders)
        seen = sum(folder.sets_seen for folder in folders)
        left = sum(max(folder.sets_waiting - folder.sets_incomplete, 0) for folder in folders)
        self._bar.setRange(0, max(seen, 1) if looked else 0)
        self._bar.setValue(seen - left if seen else 1)
        key = "reading_begins" if not looked else "reading_now" if left else "reading_done"
        self._count.setText(words(f"desk.setup.{key}", done=seen - left, all=seen))


class CodeStep(Step):
    """The recovery code, with Copy and Print; it is shown until a person says that it is kept."""

    name = "code"
    next_key = "desk.setup.start"

    def __init__(self, context: DeskContext, host: Host) -> None:
        super().__init__(context, host)
        self._code = RecoveryCode(context)
        self.column.addWidget(self._code)
        self.column.addStretch(1)

    def shown(self) -> None:
        if self.control is not None:
            self._code.show_code(self.control.new_recovery_code or "")

    def go_on(self, done: Callable[[], None]) -> None:
        control = self.control
        if control is not None:
            self.host.run(control.setup.note_code_kept, lambda _none: done())
