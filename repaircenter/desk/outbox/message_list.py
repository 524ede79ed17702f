"""One list of messages: what left, what was refused, or what waits."""

from collections.abc import Callable
from operator import attrgetter

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.columns import Column
from repaircenter.desk.kit.lists.list_page import Listing, ListPage, Nothing, Wanted
from repaircenter.desk.kit.lists.rows import sort_rows
from repaircenter.shop.controls import ShopControl
from repaircenter.shop.model.outbox import LoggedMessage

# Name of a list -> the states of its messages.
LISTS = {"log": ("sent", "discarded"), "refused": ("refused", "parked"), "waiting": ("waiting",)}


class MessageList:
    """The source of one list (kit.lists.ListSource). `changed` is called when rows were read or one was chosen."""

    def __init__(self, context: DeskContext, name: str, changed: Callable[[], None]) -> None:
        self.control: ShopControl | None = None
        self.messages: list[LoggedMessage] = []
        # Whether the list was read, and by what: an empty answer to a search says nothing of what left.
        self.is_read_whole = False
        self._context, self._name, self._changed = context, name, changed
        columns = _columns(_waits if name == "waiting" else _answer)
        self._keys = {column.name: column.order for column in columns}
        self.page = ListPage(context, f"sending-{name}", "desk.sending", columns, self, order=("when", True))
        context.texts.bind(self.page.table, name=f"desk.sending.tab.{name}")

    @property
    def chosen(self) -> LoggedMessage | None:
        """The message a person chose, None when it is not among the rows any more."""
        return next((message for message in self.messages if message.row.id == self.page.chosen), None)

    def key(self, row: LoggedMessage) -> str:
        return row.row.id

    def read(self, wanted: Wanted) -> Callable[[], Listing[LoggedMessage]] | None:
        control, states = self.control, LISTS[self._name]
        if control is None:
            return None

        def read() -> Listing[LoggedMessage]:
            messages = control.reader.messages(states, wanted.search)
            sort_rows(messages, wanted.order, self._keys, lambda _message: 0)
            return Listing(messages, wanted.search)

        return read

    def take(self, listing: Listing[LoggedMessage]) -> None:
        self.messages, self.is_read_whole = listing.rows, not listing.extra
        self._changed()

    def choose(self, row: LoggedMessage | None) -> bool:
        self._changed()
        return True

    def nothing(self, search: str) -> Nothing:
        words = self._context.words
        if search:
            return Nothing(
                words("desk.sending.nothing_found"), "", words("desk.sending.show_all"), self.page.search.clear
            )
        return Nothing(words(f"desk.sending.empty.{self._name}"), "")


def called(message: LoggedMessage) -> str:
    """What people call the job of a message."""
    return message.label or f"#{message.row.job_id}"


def _columns(answer: Callable[[LoggedMessage, DeskContext], str]) -> tuple[Column[LoggedMessage], ...]:
    return (
        Column(
            name="when",
            text=lambda message, context: context.instant(message.row.sent_at_utc or message.row.created_at_utc),
            order=lambda message: message.row.sent_at_utc or message.row.created_at_utc,
            width=130,
        ),
        Column(name="job", text=lambda message, _context: called(message), order=called, width=200, grows=True),
        Column(
            name="kind",
            text=lambda message, context: context.words(f"desk.sending.kind.{message.row.kind}"),
            order=attrgetter("row.kind"),
            width=90,
        ),
        Column(name="answer", text=answer, order=lambda message: message.row.last_status or "", width=300, grows=True),
    )


def _waits(message: LoggedMessage, context: DeskContext) -> str:
    row = message.row
    key = "again_at" if row.attempts else "waits"
    return context.words(f"desk.sending.{key}", time=context.instant(row.next_try_at_utc), n=row.attempts)


def _answer(message: LoggedMessage, context: DeskContext) -> str:
    words, row = context.words, message.row
    status = row.last_status or ""
    for prefix in ("desk.sending.answer.", "desk.reason."):
        if words.has(prefix + status):
            status = words(prefix + status)
            break
    return words("desk.sending.given_up", reason=status) if row.state == "discarded" else status
