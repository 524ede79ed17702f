"""The page of first run (UI.md): one step at a time with Back and Next, everything by keyboard."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QStackedWidget, QWidget

from repaircenter.desk.kit.bound_texts import write
from repaircenter.desk.kit.card import card_on
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import button, label
from repaircenter.desk.settings.first_run.folder_step import FolderStep
from repaircenter.desk.settings.first_run.last_steps import CodeStep, ReadingStep
from repaircenter.desk.settings.first_run.sending_step import SendingStep
from repaircenter.desk.settings.first_run.service_step import ServiceStep
from repaircenter.desk.settings.first_run.step import Answers, Person, Step
from repaircenter.desk.settings.first_run.welcome_step import WelcomeStep
from repaircenter.shop.controls import ShopControl
from repaircenter.shop.model.preset import Preset

_ONLY_COLLECTING = frozenset(("folder", "sending", "reading"))


class FirstRunPage(QWidget):
    """Implements step.Host. `finished` gets who paired this PC, None when that was before."""

    def __init__(
        self, context: DeskContext, finished: Callable[[Person | None], None], set_language: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._context, self._finished = context, finished
        self._control: ShopControl | None = None
        self.answers = Answers()
        self.welcome = WelcomeStep(context, self, set_language)
        self.folder = FolderStep(context, self)
        self.service = ServiceStep(context, self, self._pressed_next)
        self.sending = SendingStep(context, self)
        self.reading = ReadingStep(context, self)
        self.steps: tuple[Step, ...] = (
            self.welcome, self.folder, self.service, self.sending, self.reading, CodeStep(context, self)
        )  # fmt: skip
        self._shown: Step = self.welcome
        self._build()
        self.retranslate()

    def _build(self) -> None:
        column = card_on(self, 640)
        self._count, self._title = label("", "soft"), label("", "title")
        self._text = label("", "soft", wrap=True)
        self._pages = QStackedWidget()
        for step in self.steps:
            self._pages.addWidget(step)
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        self._back = self._context.texts.bind(button("", self._pressed_back), "desk.setup.back")
        self._next = button("", self._pressed_next, primary=True)
        row = QHBoxLayout()
        row.addWidget(self._back)
        row.addStretch(1)
        row.addWidget(self._next)
        for part in (self._count, self._title, self._text, self._pages, self._problem):
            column.addWidget(part)
        column.addLayout(row)
        for keys in ("Return", "Enter"):
            QShortcut(QKeySequence(keys), self, self._entered, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def retranslate(self) -> None:
        for step in self.steps:
            step.retranslate()
        self._say_step()

    def attach(self, control: ShopControl) -> None:
        self._control = control
        for step in self.steps:
            step.control = control
        self._context.background.run(lambda: (control.setup.usual_folders(), control.setup.half_set_up), self._offer)
        self._context.background.run(control.setup.preset, self._begin_with, self.say)
        self._say_step()

    def _begin_with(self, preset: Preset) -> None:
        """What the office decided stands in the steps from the start, but for what a person was quicker with."""
        self.welcome.begin_with(preset.language)
        self.folder.begin_with(preset.folder)
        self.service.begin_with(preset.service)
        self.sending.begin_with(preset.send_rule)
        self.reading.begin_with(preset.autostart)

    def _offer(self, offered: tuple[list[str], bool]) -> None:
        """A set-up that was broken off after pairing goes on there."""
        folders, half_set_up = offered
        self.folder.offer(folders)
        if half_set_up and self._shown is self.welcome:
            self.answers.paired = "", ""
            self.go_to("sending")
        else:
            self.set_focus()

    @property
    def step(self) -> str:
        return self._shown.name

    @property
    def _way(self) -> list[Step]:
        """The steps as things stand: a PC that only shows reads and sends nothing, and a code is shown once."""
        has_code = self._control is None or self._control.new_recovery_code is not None
        left_out = _ONLY_COLLECTING if self.answers.only_shows else frozenset()
        left_out |= frozenset() if has_code else frozenset(("code",))
        return [step for step in self.steps if step.name not in left_out or step is self._shown]

    def _say_step(self) -> None:
        words, way, step = self._context.words, self._way, self._shown
        place = way.index(step) if step in way else 0
        self._count.setText(words("desk.setup.step", n=place + 1, all=len(way)))
        self._title.setText(words(f"desk.setup.{step.name}_title"))
        self._text.setText(words(f"desk.setup.{step.name}_text"))
        self._back.setVisible(place > 0)
        write(self._next, words("desk.setup.start" if step is way[-1] else step.next_key))

    def go_to(self, name: str) -> None:
        """Show a step."""
        self.say("")
        self._set_busy(False)
        self._shown.left()
        self._shown = next(step for step in self.steps if step.name == name)
        self._pages.setCurrentWidget(self._shown)
        self._say_step()
        self._shown.shown()
        self.set_focus()

    def set_focus(self) -> None:
        """The keyboard stands on the first thing there is to answer, else on Next."""
        if self._shown is self.service:
            self.service.focus()
        else:
            (self._shown.first or self._next).setFocus()

    def _pressed_back(self) -> None:
        way = self._way
        place = way.index(self._shown)
        if place > 0:
            self.go_to(way[place - 1].name)

    def _entered(self) -> None:
        """Enter presses the button it stands on, else Next."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QAbstractButton) and focus.isEnabled() and not focus.isCheckable():
            focus.click()
        elif self._next.isEnabled():
            self._pressed_next()

    def _pressed_next(self) -> None:
        self.say("")
        self._shown.go_on(self._go_on)

    def _go_on(self) -> None:
        """The step on screen is done."""
        way = self._way
        place = way.index(self._shown) + 1
        if place < len(way):
            self.go_to(way[place].name)
        else:
            self._end()

    def _end(self) -> None:
        control, person = self._control, self.answers.person
        if control is None:
            return
        self.answers.person = None  # the password is kept no longer than it is needed
        if self.answers.has_begun:
            self._finished(person)
        else:
            self.run(control.setup.finish, lambda _none: self._finished(person))

    def run(self, call: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """Do something in the background; meanwhile nothing can be changed."""
        self._set_busy(True)

        def ended(result: Any) -> None:
            self._set_busy(False)
            done(result)

        self._context.background.run(call, ended, self._failed)

    def say(self, sentence: str) -> None:
        """What is missing or wrong; empty for nothing."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def _failed(self, sentence: str) -> None:
        self._set_busy(False)
        self.say(sentence or self._context.words("desk.viewer.failed_text"))

    def _set_busy(self, busy: bool) -> None:
        for part in (self._back, self._next, self._pages):
            part.setEnabled(not busy)
        if not busy and QApplication.focusWidget() is None:
            self.set_focus()
