"""Configuration > Licenses and PCs: what is licensed, which PCs collect, and one of them revoked (A-01, A-16)."""

from collections.abc import Callable
from functools import partial

from repaircenter.desk.account.account import Account
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.lists.columns import Column
from repaircenter.desk.kit.lists.list_page import Listing, ListPage, Nothing, Wanted
from repaircenter.desk.kit.lists.rows import sort_rows
from repaircenter.desk.kit.notices.banner import Banner
from repaircenter.desk.kit.operations import Command
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.desk.settings.permitted_page import PermittedPage
from repaircenter.wire import endpoints
from repaircenter.wire.organisation import Organisation, Pc
from repaircenter.wire.vocabulary import MANAGE_PEOPLE, MODULES

_LIST_HIGH = 240
_COLLECTS, _REVOKED = "collects", "revoked"
_MARKS = {_COLLECTS: ("monitor", "good"), _REVOKED: ("cancel", "unknown")}


class OrganisationPage(PermittedPage):
    """For whoever manages people; anybody else is told so."""

    def __init__(self, context: DeskContext, account: Account) -> None:
        super().__init__(context, "organisation", account, MANAGE_PEOPLE)
        self._shown: Organisation | None = None
        self._shops: dict[int, str] = {}
        self._act = Command(context.operations, lambda busy: self.setEnabled(not busy))
        self._licence = label("", wrap=True)
        self._columns = self._make_columns()
        self._page = ListPage(
            context,
            "pcs",
            "desk.organisation",
            self._columns,
            self,
            order=("state", False),
            marks=_MARKS,
            searches=False,
        )
        self._page.setFixedHeight(_LIST_HIGH)
        bind = context.texts.bind
        bind(self._page.table, name="desk.organisation.pcs")
        head = bind(label("", "title"), "desk.organisation.pcs")
        self._revoke = bind(button("", self._pressed_revoke), "desk.organisation.revoke")
        self._sure = Banner()
        self.build((self._licence, head, self._page, row_of(self._revoke), self._sure))
        self.setFocusProxy(self._page)
        self.retranslate()

    def _make_columns(self) -> tuple[Column[Pc], ...]:
        def state(pc: Pc) -> str:
            return _COLLECTS if pc.revoked_at is None else _REVOKED

        return (
            Column(
                name="state",
                text=lambda pc, context: context.words(f"desk.organisation.state.{state(pc)}"),
                order=lambda pc: (pc.revoked_at is not None, pc.name.casefold()),
                width=120,
                mark=state,
            ),
            Column(
                name="name",
                text=lambda pc, _context: pc.name,
                order=lambda pc: pc.name.casefold(),
                width=140,
                grows=True,
            ),
            Column(name="shops", text=self._shops_text, order=lambda pc: len(pc.shops), width=160, grows=True),
            Column(
                name="heard",
                text=lambda pc, context: context.instant(pc.heard_at),
                order=lambda pc: (pc.heard_at is not None, pc.heard_at),
                width=136,
            ),
            Column(
                name="paired",
                text=lambda pc, context: context.instant(pc.paired_at),
                order=lambda pc: pc.paired_at,
                width=136,
            ),
            Column(
                name="paired_by",
                text=lambda pc, _context: pc.paired_by or "",
                order=lambda pc: (pc.paired_by or "").casefold(),
                width=120,
                grows=True,
            ),
        )

    def _shops_text(self, pc: Pc, context: DeskContext) -> str:
        names = [self._shops.get(shop, "") for shop in pc.shops]
        return ", ".join([*filter(None, names), *(() if pc.wholly else (context.words("desk.people.and_elsewhere"),))])

    def retranslate(self) -> None:
        super().retranslate()
        self._page.retranslate()
        self._sure.clear()
        self._say()

    def begin(self) -> None:
        session = self.account.session
        self._shops = {shop.id: shop.name for shop in session.shops} if session is not None else {}
        self._sure.clear()
        self._page.load()

    def forget_person(self) -> None:
        """Nobody who may is here any more."""
        self._shown = None
        self._sure.clear()
        self._page.choose(None)
        self._page.model.show([])
        self._say()

    def _say(self) -> None:
        words, shown, pc = self.context.words, self._shown, self._chosen
        self._revoke.setEnabled(pc is not None and pc.wholly and pc.revoked_at is None)
        if shown is None:
            self._licence.setText("")
            return
        holds = [words("desk.organisation.licence.surveys")] if shown.surveys else []
        holds += [words(f"desk.organisation.licence.{one if one in MODULES else 'unknown'}") for one in shown.modules]
        text = words(
            "desk.organisation.licensed", name=shown.name, licences=", ".join(holds) or words("desk.organisation.none")
        )
        if shown.until is not None:
            text += "\n" + words("desk.organisation.until", when=self.context.instant(shown.until))
        self._licence.setText(text)

    # The list.

    def key(self, row: Pc) -> int:
        return row.id

    def read(self, wanted: Wanted) -> Callable[[], Listing[Pc]] | None:
        link = self.link
        if link is None:
            return None
        orders = {column.name: column.order for column in self._columns}

        def read() -> Listing[Pc]:
            shown = link.call(endpoints.ORGANISATION)
            rows = list(shown.pcs)
            sort_rows(rows, wanted.order, orders, lambda pc: pc.id)
            return Listing(rows, shown)

        return read

    def take(self, listing: Listing[Pc]) -> None:
        self._shown = listing.extra
        self._say()

    def choose(self, _row: Pc | None) -> bool:
        self._sure.clear()
        self._say()
        return True

    def nothing(self, _search: str) -> Nothing:
        words = self.context.words
        return Nothing(words("desk.organisation.nothing_title"), words("desk.organisation.nothing_text"))

    @property
    def _chosen(self) -> Pc | None:
        pcs = self._shown.pcs if self._shown is not None else []
        return next((pc for pc in pcs if pc.id == self._page.chosen), None)

    def _pressed_revoke(self) -> None:
        """What cannot be undone is asked once more."""
        pc, words = self._chosen, self.context.words
        if pc is None:
            return
        self._sure.say(
            words("desk.organisation.sure", name=pc.name),
            [
                (words("desk.organisation.revoke_now"), partial(self._do_revoke, pc)),
                (words("desk.configuration.cancel"), self._sure.clear),
            ],
        )
        self._sure.set_focus()

    def _do_revoke(self, pc: Pc) -> None:
        link = self.link
        self._sure.clear()
        if link is None:
            return

        def done(_none: object) -> None:
            self.say("")
            self.context.tell(self.context.words("desk.organisation.told_revoked", name=pc.name))
            self._page.load()

        self._act.run(partial(link.call, endpoints.REVOKE_PC, pc_id=pc.id), done, self.say)
