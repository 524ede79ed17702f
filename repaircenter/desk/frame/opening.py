"""What stands in the window before the shop is set up: opening, a lost key, the recovery code, first run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.later import Later
from repaircenter.desk.kit.notices.empty_state import EmptyState
from repaircenter.desk.kit.operations import Command

if TYPE_CHECKING:
    from repaircenter.desk.account.recovery_page import AskCodePage, ShowCodePage
    from repaircenter.desk.settings.first_run.first_run_page import FirstRunPage
    from repaircenter.desk.settings.first_run.step import Person
    from repaircenter.shop.controls import ShopControl, ShopOpener


class Opening(QObject):
    """Opens the shop's side in the background and leads through what it needs.

    `ready(control, set_up)` is called when it is open, and again when first run is done; `set_up` says that jobs can be
    shown.

    `needs_person` is called when a desk that began in the tray has to show itself, `signs_in` with who paired this PC.
    """

    def __init__(
        self,
        context: DeskContext,
        stack: QStackedWidget,
        opener: ShopOpener,
        ready: Callable[[ShopControl, bool], None],
        needs_person: Callable[[], None],
        signs_in: Callable[[Person], None],
    ) -> None:
        super().__init__()
        self._context, self._stack, self._opener = context, stack, opener
        self._ready, self._needs_person, self._signs_in = ready, needs_person, signs_in
        self._command = Command(context.operations)
        self.control: ShopControl | None = None
        self._configured = False
        self._page = EmptyState()
        stack.addWidget(self._page)

    def build(self, set_language: Callable[[str], None]) -> None:
        """The pages it may need; a shop that is set up needs none of them."""
        self._set_language = set_language
        self._setup = Later(self._stack, self._make_setup)
        self._show_code = Later(self._stack, self._make_show_code)
        self._ask_code = Later(self._stack, self._make_ask_code)

    @property
    def setup(self) -> FirstRunPage:
        return self._setup()

    def _make_setup(self) -> FirstRunPage:
        from repaircenter.desk.settings.first_run.first_run_page import FirstRunPage

        page = FirstRunPage(self._context, self._set_up, self._set_language)
        if self.control is not None:
            page.attach(self.control)
        return page

    def _make_show_code(self) -> ShowCodePage:
        from repaircenter.desk.account.recovery_page import ShowCodePage

        return ShowCodePage(self._context, self._code_kept)

    def _make_ask_code(self) -> AskCodePage:
        from repaircenter.desk.account.recovery_page import AskCodePage

        return AskCodePage(self._context, self.begin, self._recover, self._start_new_store)

    def retranslate(self) -> None:
        """The page that waits for the shop's side; the others once they are made (`retranslate_pages`)."""
        words = self._context.words
        if self.control is None:
            self._page.say(words("desk.opening.title"), words("desk.opening.text"))

    def retranslate_pages(self) -> None:
        if self._setup.made is not None:
            self._setup.made.retranslate()

    def begin(self) -> None:
        """Open the shop's side in the background."""
        opener = self._opener

        def work() -> tuple[ShopControl, bool]:
            control = opener.open()
            return control, control.setup.configured

        self._context.background.run(work, self._opened, self._failed, self._key_is_gone)

    def _opened(self, opened: tuple[ShopControl, bool]) -> None:
        self.control, self._configured = opened
        if self._setup.made is not None:
            self._setup.made.attach(self.control)
        code = self.control.new_recovery_code
        if code is not None or not self._configured:
            self._needs_person()
        if code is not None and self._configured:
            self._show_code.show().show_code(code)
        else:
            self._after_code()

    def _after_code(self) -> None:
        if not self._configured:
            self._setup.show()
        if self.control is not None:
            self._ready(self.control, self._configured)

    def _code_kept(self) -> None:
        if self.control is not None:
            self._context.background.run(self.control.setup.note_code_kept, lambda _none: self._after_code())

    def _set_up(self, person: Person | None) -> None:
        """First run is done; who paired this PC is signed in."""
        if self.control is not None:
            self._ready(self.control, True)
            if person is not None:
                self._signs_in(person)

    def _failed(self, sentence: str) -> None:
        words, made_utc = self._context.words, self._opener.backup
        text = sentence or words("desk.opening.bug")
        if made_utc is not None:
            text = f"{text} {words('desk.opening.go_back_text')}"
        self._page.say(words("desk.opening.failed"), text, words("desk.retry"), self.begin)
        self._stack.setCurrentWidget(self._page)
        if made_utc is not None:
            when = self._context.instant(made_utc)
            self._page.offer_another(words("desk.opening.go_back", when=when), self._go_back)
        self._needs_person()

    def _go_back(self) -> None:
        """The store is a newer program's, and the person takes the backup of before."""
        self._command.run(self._opener.go_back, lambda _none: self.begin(), self._failed)

    def _key_is_gone(self, sentence: str) -> None:
        self._needs_person()
        self._ask_code.show().say(sentence)

    def _recover(self, code: str) -> None:
        self._context.background.run(
            lambda: self._opener.recover(code), lambda _none: self.begin(), self._failed, self._key_is_gone
        )

    def _start_new_store(self) -> None:
        self._command.run(self._opener.start_new_store, lambda _none: self.begin(), self._failed)
