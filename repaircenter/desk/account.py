"""Who is signed in at this desk, and whether it is locked (DESIGN 3.10). Collecting goes on whatever is said here.

A desk nobody ever signed in at shows its jobs; reports always ask who one is. Once a person signed in, jobs and
reports are theirs: after Sign out, or at the next start without "stay signed in", the desk asks again.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from repaircenter.desk.desk_context import DeskContext
from repaircenter.shop.ports import KeptPerson, NotSignedIn, PersonLink, Unreachable
from repaircenter.wire.messages import SessionAnswer

_WATCH_MS = 15_000
_INPUT = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    )
)


class Account(QObject):
    """`changed` is told on the GUI thread after every change."""

    changed = Signal()

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self._link: PersonLink | None = None
        self.session: SessionAnswer | None = None
        self.kept: KeptPerson | None = None
        self.locked = False
        self.asked_to_sign_in = False
        self._last_input_seconds = context.clock.monotonic_seconds()
        self._watch = QTimer(self)
        self._watch.setInterval(_WATCH_MS)
        self._watch.timeout.connect(self._look)

    @property
    def hides(self) -> bool:
        """Whether jobs and reports are hidden until someone signs in or unlocks."""
        return self.locked or self.asked_to_sign_in

    @property
    def email(self) -> str:
        return "" if self.kept is None else self.kept.email

    def attach(self, link: PersonLink | None) -> None:
        """The shop's side is open: find out who is here. With "stay signed in" nobody is asked."""
        self._link = link
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        self._watch.start()
        if link is None:
            self.changed.emit()
            return

        def read() -> tuple[KeptPerson | None, SessionAnswer | None]:
            kept = link.kept()
            if kept is None or not kept.stays:
                return kept, None
            try:
                return kept, link.resume()
            except NotSignedIn:
                return link.kept(), None
            except Unreachable:
                return kept, None

        self._context.background.run(read, self._found, lambda _sentence: self.changed.emit())

    def _found(self, found: tuple[KeptPerson | None, SessionAnswer | None]) -> None:
        self.kept, self.session = found
        signed_out = self._context.settings.value("signed_out") == "yes"
        self.asked_to_sign_in = signed_out or (self.kept is not None and not self.kept.stays)
        self.changed.emit()

    def sign_in(self, email: str, password: str, *, stay: bool, failed: Callable[[str], None]) -> None:
        """Sign in at the service; where it is away the person who was here last can unlock all the same."""
        link = self._link
        if link is None:
            return

        def work() -> tuple[KeptPerson | None, SessionAnswer | None]:
            try:
                session = link.sign_in(email, password, stay=stay)
            except Unreachable:
                known = link.kept()
                if known is not None and known.email.casefold() == email.casefold() and link.unlocks(password):
                    return known, None
                raise
            return link.kept(), session

        self._context.background.run(work, self._signed_in, failed)

    def _signed_in(self, found: tuple[KeptPerson | None, SessionAnswer | None]) -> None:
        self.kept = found[0]
        self.session = found[1] or self.session
        self.locked = self.asked_to_sign_in = False
        self._context.remember("signed_out", "no")
        self._last_input_seconds = self._context.clock.monotonic_seconds()
        self.changed.emit()

    def unlock(self, password: str, failed: Callable[[str], None]) -> None:
        """The same person again; needs no service."""
        link = self._link
        if link is None:
            return

        def done(right: bool) -> None:
            if right:
                self._signed_in((self.kept, self.session))
            else:
                failed("The e-mail address or the password is wrong.")

        self._context.background.run(lambda: link.unlocks(password), done, failed)

    def lock(self) -> None:
        if self.kept is not None and not self.hides:
            self.locked = True
            self.changed.emit()

    def sign_out(self) -> None:
        """Jobs and reports are hidden at once; collecting goes on."""
        link = self._link
        self.session, self.kept, self.locked = None, None, False
        self.asked_to_sign_in = True
        self._context.remember("signed_out", "yes")
        self.changed.emit()
        if link is not None:
            self._context.background.run(link.sign_out, lambda _none: None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT:
            self._last_input_seconds = self._context.clock.monotonic_seconds()
        return False

    @property
    def lock_minutes(self) -> int:
        """After so many minutes without a key or the mouse the desk locks; 0 never."""
        return int(str(self._context.settings.value("lock_minutes") or 0))

    def _look(self) -> None:
        idle = self._context.clock.monotonic_seconds() - self._last_input_seconds
        if self.lock_minutes and idle >= self.lock_minutes * 60:
            self.lock()

    def close(self) -> None:
        self._watch.stop()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
