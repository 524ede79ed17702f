"""Who is signed in at this desk, and whether it is locked (DESIGN 3.10). Collecting goes on whatever is said here.

A desk nobody ever signed in at shows its jobs; reports always ask who one is. Once a person signed in, jobs and
reports are theirs: after Sign out, or at the next start without "stay signed in", the desk asks again.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.operations import Query
from repaircenter.runtime.errors import InputRefused
from repaircenter.shop.controls import ShopControl
from repaircenter.shop.ports import KeptPerson, NotSignedIn, PersonLink, UnknownCertificate, Unreachable
from repaircenter.wire.identity import SessionAnswer

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
        # What an ended session interrupted: (ask it again, say that it failed), and whose it was.
        self._interrupted: list[tuple[Callable[[], None], Callable[[], None]]] = []
        self._interrupted_of = ""
        context.background.session_ended = self.end_session
        self._link: PersonLink | None = None
        self.session: SessionAnswer | None = None
        self.kept: KeptPerson | None = None
        # What the last run ended with holds until the keyring has said who was here.
        self.locked = context.settings.value("locked") == "yes"
        self.asked_to_sign_in = context.settings.value("signed_out") == "yes"
        self.is_known = False
        self._control: ShopControl | None = None
        self._who, self._renewal = Query(context.operations), Query(context.operations)
        self._last_input = context.clock.monotonic_seconds(), context.clock.now_utc()
        self._watch = QTimer(self)
        self._watch.setInterval(_WATCH_MS)
        self._watch.timeout.connect(self._look)

    @property
    def hides(self) -> bool:
        """Whether jobs and reports are hidden until someone signs in or unlocks."""
        return self.locked or self.asked_to_sign_in or not self.is_known

    @property
    def is_resuming(self) -> bool:
        """Whether the session of who stays signed in is being opened just now."""
        return self._renewal.is_asking

    @property
    def email(self) -> str:
        return "" if self.kept is None else self.kept.email

    def attach(self, control: ShopControl) -> None:
        """The shop's side is open: find out who is here. With "stay signed in" nobody is asked."""
        self._control = control
        link = self._link = control.person
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        self._watch.start()
        self.session = None
        if link is None:
            self.is_known = True
            self.changed.emit()
            return
        self._renewal.drop()

        def unknown(_sentence: str) -> None:
            """A keyring that does not say who was here hides what is theirs."""
            self.is_known = self.asked_to_sign_in = True
            self.changed.emit()

        self._who.ask(link.kept, self._found, unknown)

    def _found(self, kept: KeptPerson | None) -> None:
        """Who was here last. Somebody who is here already is not asked again when the service is another one."""
        was_here = self.is_known and self.kept is not None and not self.hides
        signed_out = self._context.settings.value("signed_out") == "yes"
        self.kept, self.is_known = kept, True
        self.asked_to_sign_in = signed_out or (kept is not None and not kept.stays and not was_here)
        self.locked = self.locked and kept is not None
        self.changed.emit()
        self.resume()

    def resume(self) -> None:
        """Open the session of who stays signed in, as soon as the service can be reached (DESIGN 3.10)."""
        link, kept = self._link, self.kept
        if link is None or kept is None or not kept.stays or self.session is not None or self.is_resuming:
            return

        def again() -> tuple[KeptPerson | None, SessionAnswer | None]:
            try:
                return kept, link.resume()
            except NotSignedIn:
                return link.kept(), None
            except (Unreachable, UnknownCertificate):
                return kept, None

        def done(here: tuple[KeptPerson | None, SessionAnswer | None]) -> None:
            self.kept, self.session = here
            self.asked_to_sign_in = self.asked_to_sign_in or (self.kept is not None and not self.kept.stays)
            self.changed.emit()
            self._go_on()

        self._renewal.ask(again, done)

    def sign_in(self, email: str, password: str, *, stay: bool, failed: Callable[[str], None]) -> None:
        """Sign in at the service; where it is away the person who was here last can unlock all the same."""
        link, control = self._link, self._control
        if link is None or control is None:
            return

        def work() -> tuple[KeptPerson | None, SessionAnswer | None]:
            try:
                session = link.sign_in(email, password, stay=stay)
            except Unreachable:
                known = link.kept()
                if known is not None and known.email.casefold() == email.casefold() and link.unlocks(password):
                    return known, None
                raise
            here = {shop.id for shop in control.reader.shops()}
            if here and not here & {shop.id for shop in session.shops}:
                link.sign_out()
                raise InputRefused("wrong_account")
            return link.kept(), session

        self._context.background.run(work, self._signed_in, failed)

    def send_link(self, email: str) -> None:
        """Have the service mail a link for another password. Off the GUI thread; raises KnownError."""
        if self._link is None:
            raise Unreachable("unreachable")
        self._link.send_link(email)

    def _signed_in(self, here: tuple[KeptPerson | None, SessionAnswer | None]) -> None:
        self._forget_questions()
        # Who is here need not be asked any more, and may not have been answered yet.
        self.is_known = True
        self.kept = here[0]
        self.session = here[1] or self.session
        self.locked = self.asked_to_sign_in = False
        self._context.remember("signed_out", "no")
        self._context.remember("locked", "no")
        self._touched()
        self.changed.emit()
        self._go_on()

    def _forget_questions(self) -> None:
        """Who is here has been said: what was asked before is not heard."""
        self._who.drop()
        self._renewal.drop()

    def unlock(self, password: str, failed: Callable[[str], None]) -> None:
        """The same person again; needs no service."""
        link = self._link
        if link is None:
            return

        def done(right: bool) -> None:
            if not self.locked:
                return  # another user was chosen meanwhile
            if right:
                self._signed_in((self.kept, self.session))
            else:
                failed(self._context.words("error.wrong_password"))

        self._context.background.run(lambda: link.unlocks(password), done, failed)

    def end_session(self, again: Callable[[], None], fail: Callable[[], None]) -> None:
        """The service knows the session no longer: who is here signs in again where they are, nothing is hidden.

        What was asked is asked `again` then; it is said to `fail` when somebody else comes, or nobody had signed in.
        """
        if self.session is None and not self._interrupted:
            fail()
            return
        self._interrupted.append((again, fail))
        if self.session is not None:
            self._interrupted_of = self.email
            self.session = None
            self.changed.emit()

    @property
    def is_interrupted(self) -> bool:
        """Whether something waits for the person to sign in again."""
        return bool(self._interrupted)

    def _go_on(self) -> None:
        """Somebody has signed in: what was interrupted goes on for them, or has failed for another."""
        if self.session is None:
            return
        interrupted, self._interrupted = self._interrupted, []
        for again, fail in interrupted:
            (again if self.email == self._interrupted_of else fail)()

    def lock(self) -> None:
        if self.kept is not None and not self.hides:
            self.locked = True
            self._context.remember("locked", "yes")
            self.changed.emit()

    def sign_out(self) -> None:
        """Jobs and reports are hidden at once; collecting goes on."""
        link = self._link
        self._forget_questions()
        self.session, self.kept, self.locked, self._interrupted = None, None, False, []
        self._context.remember("locked", "no")
        self.asked_to_sign_in = True
        self._context.remember("signed_out", "yes")
        self.changed.emit()
        control = self._control
        if link is not None and control is not None:
            control.last_results.leave()
            self._context.background.run(control.last_results.forget, lambda _none: None)
            self._context.background.run(link.sign_out, lambda _none: None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT:
            self._touched()
        return False

    def _touched(self) -> None:
        self._last_input = self._context.clock.monotonic_seconds(), self._context.clock.now_utc()

    @property
    def lock_minutes(self) -> int:
        """After so many minutes without a key or the mouse the desk locks; 0 never."""
        return int(str(self._context.settings.value("lock_minutes") or 0))

    @property
    def idle_seconds(self) -> float:
        """Since the last key or move of the mouse. A PC that slept counts: one of the two clocks may have stood still."""
        seconds, at_utc = self._last_input
        asleep = (self._context.clock.now_utc() - at_utc).total_seconds()
        return max(self._context.clock.monotonic_seconds() - seconds, asleep)

    def _look(self) -> None:
        if self.lock_minutes and self.idle_seconds >= self.lock_minutes * 60:
            self.lock()

    def close(self) -> None:
        self._watch.stop()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
