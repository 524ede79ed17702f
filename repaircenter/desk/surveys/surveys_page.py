"""The Surveys page: Favorites and Reports above, the viewer below (A-27 ... A-37, A-51)."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from repaircenter.desk.account.account import Account
from repaircenter.desk.account.sign_in import SignInPanel
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.notices.banner import Banner
from repaircenter.desk.kit.notices.empty_state import EmptyState
from repaircenter.desk.kit.operations import Query
from repaircenter.desk.kit.room import RoomPage
from repaircenter.desk.kit.splitter import ArrowSplitter
from repaircenter.desk.kit.widgets import button, label
from repaircenter.desk.surveys.favourites_panel import FavouritesPanel
from repaircenter.desk.surveys.parameters import ParameterPane
from repaircenter.desk.surveys.reports_list import ReportsList
from repaircenter.desk.surveys.shops_tree import ShopsTree
from repaircenter.desk.viewer.pages.painter import PagePainter
from repaircenter.desk.viewer.report_run import KeptResult
from repaircenter.desk.viewer.report_viewer import ReportViewer
from repaircenter.shop.controls import ShopControl
from repaircenter.wire import endpoints
from repaircenter.wire.identity import SessionAnswer
from repaircenter.wire.reports import Favourite, ReportInfo, ReportList, RunRequest

_SIDE_WIDTH = 340


class SurveysPage(RoomPage):
    """Asks a person to sign in, then offers favourites and reports."""

    def __init__(
        self, context: DeskContext, painter: PagePainter, account: Account, open_page: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._open_page = open_page
        self._context = context
        self._account = account
        self._control: ShopControl | None = None
        # Whose favourites are shown without a session, "" with one or with nobody.
        self._offline_for = ""
        # Whose reports are shown.
        self._shown_for = ""
        # A survey somebody asked for before they signed in.
        self._wanted: RunRequest | None = None
        self._session: SessionAnswer | None = None
        self._listing, self._options = Query(context.operations), Query(context.operations)
        self._reports: list[ReportInfo] = []
        self._sign_in = SignInPanel(context, account)
        account.changed.connect(self._account_changed)
        self.viewer = ReportViewer(context, painter)
        self._build()
        bind = self._context.texts.bind
        bind(self._view_button, "desk.surveys.view")
        bind(self._keep_button, "desk.surveys.keep")
        bind(self._shops_title, "desk.surveys.shops")
        bind(self._shops, name="desk.surveys.shops")
        bind(self._list, name="desk.surveys.reports")
        self.retranslate()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        layout.addWidget(self._stack)
        self._nothing = EmptyState()
        # What to run stands beside the pages, the tools above both: the pages have the whole height (issue 15.14).
        self._split = ArrowSplitter(Qt.Orientation.Horizontal, self._context, "surveys/beside")
        self._work = QWidget()
        below = QVBoxLayout(self._work)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.viewer.tool_bar)
        below.addWidget(self._split, 1)
        for widget in (self._nothing, self._sign_in, self._work):
            self._stack.addWidget(widget)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(12, 0, 4, 8)
        self._note = Banner()
        self._tabs = self._context.texts.bind(QTabWidget(), name="desk.surveys.tabs")
        self._favourites = FavouritesPanel(self._context, self._note)
        self._favourites.run_wanted.connect(self._run_favourite)
        self._favourites.reports_wanted.connect(lambda: self._tabs.setCurrentIndex(1))
        self._tabs.addTab(self._favourites, "")
        self._tabs.addTab(self._build_reports(), "")
        column.addWidget(self._tabs, 1)
        column.addWidget(self._note)
        self._split.addWidget(side)
        self._split.addWidget(self.viewer)
        self._split.setStretchFactor(0, 0)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([_SIDE_WIDTH, 940])
        self.setFocusProxy(self._tabs)
        self.viewer.request_shown.connect(self._show_request)
        self.viewer.job_wanted.connect(lambda ro_number: self._open_page(f"jobs/{ro_number}"))

    def _build_reports(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 8, 0, 8)
        split = ArrowSplitter(Qt.Orientation.Vertical, self._context, "reports/below")
        shops = QWidget()
        column = QVBoxLayout(shops)
        column.setContentsMargins(0, 0, 0, 0)
        self._shops_title = label("", "soft")
        self._shops = ShopsTree()
        self._shops.itemChanged.connect(lambda *_: self._parameters_changed())
        column.addWidget(self._shops_title)
        column.addWidget(self._shops, 1)
        self._list = ReportsList(self._context)
        self._list.currentItemChanged.connect(lambda *_: self._report_chosen())
        self._list.itemActivated.connect(lambda _item: self.view_report())
        right = QWidget()
        choices = QVBoxLayout(right)
        choices.setContentsMargins(0, 0, 0, 0)
        self._parameters = ParameterPane(self._context)
        self._parameters.changed.connect(self._parameters_changed)
        choices.addWidget(self._parameters, 1)
        actions = QVBoxLayout()
        self._view_button = button("", self.view_report, primary=True)
        self._keep_button = button("", self._keep)
        actions.addWidget(self._view_button)
        actions.addWidget(self._keep_button)
        choices.addLayout(actions)
        for widget in (self._list, shops, right):
            split.addWidget(widget)
        split.setSizes([200, 120, 260])
        row.addWidget(split)
        return page

    def retranslate(self) -> None:
        words = self._context.words
        self._tabs.setTabText(0, words("desk.surveys.favourites"))
        self._tabs.setTabText(1, words("desk.surveys.reports"))
        self._favourites.retranslate()
        self._nothing.say(words("desk.surveys.no_service"), words("desk.surveys.no_service_text"))
        self._list.show_reports(self._reports)
        self._parameters.retranslate()
        self._sign_in.retranslate()
        self.viewer.retranslate()
        self._update()

    def load_icons(self) -> None:
        self.viewer.load_icons()

    def restyle(self) -> None:
        self.load_icons()
        self.viewer.view.viewport().update()

    def cover(self) -> None:
        self.viewer.stop_printing()
        self.viewer.page_setup.close()

    def close_down(self) -> None:
        self.viewer.close_down()

    def opened(self, place: str, *, fresh: bool) -> None:
        """`place` is a survey: its shop and the key of its job."""
        shop, _, job_key = place.partition("/")
        if job_key:
            self.open_survey(job_key, int(shop))

    def attach_service(self, control: ShopControl) -> None:
        """The shop is open; without a service there is nothing to sign in to."""
        self._control = control
        self.viewer.attach(control.person)
        self._split.restore()
        if not self.viewer.view.pages:
            # A report that was looked at yesterday hides nothing today.
            self._split.fold(0, False)
        self.forget_person()
        self._account_changed()

    @property
    def _first_page(self) -> QWidget:
        """What stands here while nobody is signed in."""
        has_service = self._control is not None and self._control.person is not None
        return self._sign_in if has_service else self._nothing

    def forget_person(self) -> None:
        """What the last person saw is gone from the screen, and what is on its way for them is not heard."""
        self._listing.drop()
        self._options.drop()
        self._session, self._reports, self._offline_for, self._shown_for = None, [], "", ""
        self._stack.setCurrentWidget(self._first_page)
        self._parameters.forget()
        self._shops.show_shops([], "")
        self._note.clear()
        self._list.clear()
        self._favourites.forget()
        self.viewer.clear()

    def sign_in_as(self, email: str, password: str) -> None:
        """What the form does when its button is pressed (the demo's own account)."""
        self._sign_in.sign_in(email, password)

    def _account_changed(self) -> None:
        """Another person, or nobody: what the last one saw is gone from the screen."""
        account = self._account
        if account.session is not None:
            if account.session is not self._session:
                self._signed_in(account.session)
            return
        if account.is_interrupted and not account.hides and account.email == self._shown_for:
            # In place: the report that is shown, and what was asked, are there again when this person has signed in.
            self._stack.setCurrentWidget(self._sign_in)
            self._sign_in.set_focus()
            return
        if account.hides or account.email != self._offline_for or not account.email:
            self.forget_person()
        if account.kept is None and account.hides:
            self._wanted = None
        if not account.hides and account.email:
            self._open_offline(account.email)

    def _open_offline(self, email: str) -> None:
        """No session: the favourites this person saw last open with their last results, if there are any."""
        control = self._control
        if control is None or control.person is None:
            return
        if self._offline_for == email:
            self._say_offline()
            return

        def found(favourites: list[Favourite]) -> None:
            account = self._account
            if favourites and account.session is None and not account.hides and account.email == email:
                self._offline_for = email
                self._favourites.show_for(control, email, favourites, offline=True)
                self._tabs.setTabEnabled(1, False)
                if self._wanted is None:
                    self._stack.setCurrentWidget(self._work)
                self._say_offline()

        self._listing.ask(lambda: control.last_results.favourites(email), found)

    def _say_offline(self) -> None:
        """Not while the session is being opened: nearly always it is there in a moment."""
        words = self._context.words
        if not self._account.is_resuming:
            sign_in = partial(self._stack.setCurrentWidget, self._sign_in)
            self._note.say(words("desk.surveys.offline"), [(words("desk.sign_in.button"), sign_in)])

    def _signed_in(self, session: SessionAnswer) -> None:
        control, email = self._control, self._account.email
        if control is None or control.person is None:
            return
        if email not in (self._offline_for, self._shown_for):
            self.forget_person()
        self._session, self._offline_for, self._shown_for = session, "", email
        self._note.clear()
        self._tabs.setTabEnabled(1, True)
        self._stack.setCurrentWidget(self._work)
        self._shops.show_shops(session.shops, self._context.words("desk.surveys.all_shops"))
        link, last = control.person, control.last_results
        last.open_for(email)

        def ask() -> tuple[ReportList, list[Favourite]]:
            reports, favourites = link.call(endpoints.REPORTS), link.call(endpoints.FAVOURITES).favourites
            last.take_list(email, favourites)
            return reports, favourites

        self._listing.ask(ask, partial(self._loaded, control, email), self._say)
        self._options.ask(partial(link.call, endpoints.REPORT_OPTIONS), self._parameters.set_options, self._say)

    def _loaded(self, control: ShopControl, email: str, listed: tuple[ReportList, list[Favourite]]) -> None:
        self._reports = listed[0].reports
        self._parameters.set_choices(listed[0].parameters)
        self._list.show_reports(self._reports)
        self._favourites.show_for(control, email, listed[1], offline=False)
        self._tabs.setCurrentIndex(0 if listed[1] else 1)
        request, self._wanted = self._wanted, None
        if request is not None:
            self._run(request)

    def _update(self) -> None:
        report = self._list.chosen is not None
        self._view_button.setEnabled(report)
        self._keep_button.setEnabled(report)

    def _report_chosen(self) -> None:
        report = self._list.chosen
        if report is not None:
            self._parameters.show_report(report)
        self._update()

    def _parameters_changed(self) -> None:
        self.viewer.say_stale(self.view_report, self._reset)

    def _reset(self, request: RunRequest) -> None:
        """The parameters as they were when the shown report was made."""
        self._show_request(request)

    def _request(self) -> RunRequest | None:
        report = self._list.chosen
        if report is None:
            return None
        return RunRequest(
            report=report.id,
            parameters=self._parameters.values(),
            shops=self._shops.chosen(),
            language=self._context.words.language,
        )

    def view_report(self) -> None:
        request = self._request()
        if request is not None:
            self.viewer.show_report(request)

    def open_survey(self, job_key: str, shop_id: int) -> None:
        """What the customer of a job answered; whoever is not signed in yet is asked to first."""
        language = self._context.words.language
        request = RunRequest(report="R-02", parameters={"job": job_key}, shops=[shop_id], language=language)
        if self._session is not None:
            self._run(request)
        else:
            self._wanted = request
            self._stack.setCurrentWidget(self._first_page)

    def _run(self, request: RunRequest, kept: KeptResult | None = None) -> None:
        """Run it and give the report the room; the bar's arrow brings the list back (A-51)."""
        self._split.fold(0, True)
        self.viewer.show_report(request, kept)

    def choose_report(self, report: str, parameters: dict[str, str]) -> None:
        """Select a report and its parameters as a person would."""
        self._tabs.setCurrentIndex(1)
        chosen = self._list.choose(report)
        if chosen is not None:
            self._parameters.show_report(chosen, parameters)

    @property
    def ready(self) -> bool:
        """Signed in and the reports are listed."""
        return self._list.count() > 0

    def _show_request(self, request: RunRequest) -> None:
        """Report, parameters and shops above say what is shown below, without changing the tab."""
        if request == self._request():
            return  # nearly always: the report was asked for by just these; making them anew takes a while
        current = self._tabs.currentIndex()
        self.choose_report(request.report, request.parameters)
        self._shops.choose(request.shops)
        self._tabs.setCurrentIndex(current)

    def _run_favourite(self, favourite: Favourite) -> None:
        """Run it; where the service is away its last result comes."""
        control = self._control
        if control is None:
            return
        kept = KeptResult(control.last_results, self._account.email, favourite, only=self._session is None)
        request = RunRequest(
            report=favourite.report,
            parameters=favourite.parameters,
            shops=favourite.shops,
            language=self._context.words.language,
        )
        self._run(request, kept)

    def _keep(self) -> None:
        """Save as new favorite: report, parameters and shops; periods stay relative (A-36)."""
        request, report = self._request(), self._list.chosen
        if request is None or report is None:
            return
        name = self._favourites.ask_name("desk.surveys.keep", self._list.title(report))
        if name:
            self.keep_as(name, request)

    def keep_as(self, name: str, request: RunRequest) -> None:
        self._favourites.save(
            Favourite(name=name, report=request.report, parameters=request.parameters, shops=request.shops)
        )

    def _say(self, sentence: str) -> None:
        self._note.say(sentence or self._context.words("desk.viewer.failed_text"))
