"""The notices above the jobs: which shop, broken sets, silence, changed programmes, a stopped outbox, a full disk."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from repaircenter.desk.jobs.job_actions import Act
from repaircenter.desk.jobs.silence_words import silence_sentence
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.notices.banner import Banner
from repaircenter.shop.model.folder import BROKEN, BUSY, LedgerEntry
from repaircenter.shop.model.job import Facility, Shop
from repaircenter.shop.model.state import CollectorState

_Action = tuple[str, Callable[[], object]]
_OFF_HOURS = 3600.0
_PUT_AWAY, _MOST_PUT_AWAY = "put_away", 200


def _mark(entry: LedgerEntry) -> str:
    """What a set is remembered by when it was put away: it comes back when the file has changed."""
    return f"set {entry.base} {entry.signature}"


class JobsBanners(QWidget):
    """Each notice is there only while it has something to say. Silence and sets that cannot be read can be put away: they
    come back when there is something new to say (issue 15.5)."""

    def __init__(
        self,
        context: DeskContext,
        act: Callable[[Act, Callable[[str], None] | None], None],
        open_page: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._context = context
        self._act = act
        self._open_page = open_page
        self._state: CollectorState | None = None
        self._said: tuple[str, ...] = ()
        self._sets: list[LedgerEntry] = []
        kept = context.settings.value(_PUT_AWAY) or []
        self._put_away = [str(mark) for mark in (kept if isinstance(kept, list) else [kept])]
        self._which: tuple[str, tuple[int, ...]] | None = None
        self._notice, self._which_shop, self._troubles = Banner(), Banner(), Banner()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for banner in (self._notice, self._which_shop, self._troubles):
            column.addWidget(banner)

    def retranslate(self) -> None:
        self._said, self._which = (), None
        if self._state is not None:
            self.show_state(self._state)

    def show_state(self, state: CollectorState) -> None:
        """The most pressing of what the collector says; its buttons stay while it says the same."""
        self._state = state
        text, actions = self._pressing(state)
        shown = (text, *(title for title, _ in actions))
        if shown == self._said:
            return
        self._said = shown
        if text:
            self._notice.say(text, actions)
        else:
            self._notice.clear()

    def _pressing(self, state: CollectorState) -> tuple[str, list[_Action]]:
        words = self._context.words
        if state.store_trouble is not None:
            return state.store_trouble.said(words), []
        if state.sending_stopped:
            again = (words("desk.sending.go_on"), self._go_on_sending)
            return words("desk.sending.stopped_text"), [again]
        off = state.connection.clock_off_seconds
        if abs(off) >= _OFF_HOURS:
            return words("desk.status.clock_off", hours=f"{off / 3600:+.0f}"), []
        if state.offer:
            return words.count("desk.offer.text", state.offer), [
                (words("desk.offer.send"), lambda: self._act(lambda act: act.send_offered(), None)),
                (words("desk.offer.leave"), lambda: self._act(lambda act: act.leave_offered(), None)),
            ]
        # A share that is away has its own notice with its own steps (desk.folder_banner).
        silent = [silence for silence in state.silences if silence.stage != "share"]
        marks = [f"silence {silence.stage} {silence.since_utc}" for silence in silent]
        if silent and not set(marks).issubset(self._put_away):
            sentences = "\n".join(silence_sentence(self._context, silence) for silence in silent)
            page = {"sets": "directories", "service": "connection"}.get(silent[0].stage, "sending")
            return sentences, [
                (words("desk.silence.look"), lambda: self._open_page(page)),
                (words("desk.banner.put_away"), lambda: self._put(marks)),
            ]
        return self._newer(state)

    def _newer(self, state: CollectorState) -> tuple[str, list[_Action]]:
        """A newer desk, once a day at most; nothing installs itself."""
        if state.newer is None:
            return "", []
        words, where = self._context.words, QUrl(state.newer.where)
        mark = f"newer {state.newer.version} {self._context.today()}"
        if mark in self._put_away:
            return "", []
        return words("desk.newer.text", version=state.newer.version), [
            (words("desk.newer.get"), lambda: QDesktopServices.openUrl(where)),
            (words("desk.newer.later"), lambda: self._put([mark])),
        ]

    def _put(self, marks: Sequence[str]) -> None:
        """Say these things no more; the oldest are forgotten."""
        self._put_away = [*self._put_away, *marks][-_MOST_PUT_AWAY:]
        self._context.remember(_PUT_AWAY, self._put_away)
        self.show_troubles(self._sets)
        if self._state is not None:
            self.show_state(self._state)

    def _go_on_sending(self) -> None:
        self._act(lambda act: act.put_setting("sending_stopped", "no"), None)

    def show_troubles(self, troubles: list[LedgerEntry]) -> None:
        """Broken and busy sets with their reasons; incomplete ones are in the list with their mark."""
        words = self._context.words
        self._sets = troubles
        marks = {_mark(entry): entry for entry in troubles if _mark(entry) not in self._put_away}
        sentences = []
        for outcome in (BROKEN, BUSY):
            entries = [entry for entry in marks.values() if entry.outcome == outcome]
            if entries:
                named = ", ".join(entry.base for entry in entries[:3]) + ("…" if len(entries) > 3 else "")
                reason = words.note(entries[0].reason or "").rstrip(".")
                facts = {"names": named, "reason": reason, "when": self._context.instant(entries[0].at_utc)}
                sentences.append(words.count(f"desk.jobs.{outcome}", len(entries), **facts))
        if sentences:
            away = (words("desk.banner.put_away"), lambda: self._put(list(marks)))
            self._troubles.say("\n".join(sentences), [away])
        else:
            self._troubles.clear()

    def show_facilities(self, facilities: list[tuple[Facility, int | None]], shops: list[Shop]) -> None:
        """*Which shop?*: each new repair facility is confirmed once by a person (DESIGN 4.1)."""
        if not facilities or not shops:
            self._which = None
            self._which_shop.clear()
            return
        words = self._context.words
        facility, suggestion = facilities[0]
        asked = facility.key, tuple(shop.id for shop in shops)
        if asked == self._which:
            return  # a person may be choosing
        self._which = asked
        choice = QComboBox()
        choice.setAccessibleName(words("desk.jobs.which_shop_name"))
        for shop in shops:
            choice.addItem(shop.name, shop.id)
        choice.setPlaceholderText(words("desk.jobs.choose_shop"))
        # Only a shop that fits is chosen beforehand (issue 15.10): a wrong one would get the customers of another.
        choice.setCurrentIndex(-1 if suggestion is None else choice.findData(suggestion))

        def confirm() -> None:
            if choice.currentIndex() < 0:
                choice.showPopup()
                return
            chosen = int(choice.currentData())
            self._act(lambda act: act.confirm_facility(facility, chosen), None)

        text = words("desk.jobs.which_shop", facility=facility.label)
        self._which_shop.say(text, [(words("desk.jobs.confirm"), confirm)], choice)
