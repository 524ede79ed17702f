"""The Jobs page: list left, one job right (UI.md). Reads in the background, never on the GUI thread."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from repaircenter.desk.folders.folder_banner import FolderBanner
from repaircenter.desk.jobs.columns import COLUMNS, ORDER
from repaircenter.desk.jobs.job_actions import Deed
from repaircenter.desk.jobs.job_details import JobDetailsView
from repaircenter.desk.jobs.job_list import MARKED, MARKS, PERIODS, STATES, Filters, JobList
from repaircenter.desk.jobs.jobs_banners import JobsBanners
from repaircenter.desk.jobs.many_jobs import ManyJobs, Outcome
from repaircenter.desk.jobs.new_job import NewJobForm
from repaircenter.desk.jobs.opened_sets import say_refused, say_taken
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.later import Later
from repaircenter.desk.kit.lists.chips import Chips
from repaircenter.desk.kit.lists.list_page import Listing, ListPage, Nothing, Wanted
from repaircenter.desk.kit.notices.banner import Banner
from repaircenter.desk.kit.operations import Query
from repaircenter.desk.kit.room import RoomPage, Status
from repaircenter.desk.kit.splitter import ArrowSplitter
from repaircenter.desk.kit.widgets import button
from repaircenter.shop.controls import ShopControl
from repaircenter.shop.jobs.actions import Actions
from repaircenter.shop.jobs.opened import OpenedSet
from repaircenter.shop.model.folder import LedgerEntry
from repaircenter.shop.model.job import Facility, Job, JobLine, JobView, Shop

_Extras = tuple[list[LedgerEntry], list[tuple[Facility, int | None]], list[Shop]]
_CHOICES = {"insurer": "desk.jobs.column.insurer", "period": "desk.jobs.period_name"}


class JobsPage(RoomPage):
    """`attach` gives it the shop; `refresh` reads again after a fact."""

    def __init__(self, context: DeskContext, open_page: Callable[[str], None]) -> None:
        super().__init__()
        self._context = context
        self._open_page = open_page
        self._has_folders = True
        self._control: ShopControl | None = None
        self._jobs = JobList()
        self._searched = ""
        self._viewing = Query(context.operations)
        self._shops: list[Shop] = []
        self._shop_id: int | None = None
        self._build()
        self.retranslate()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        self._folders = FolderBanner(self._context, open_directories=lambda: self._open_page("directories"))
        self._banners = JobsBanners(self._context, lambda act, refused: self._do(Deed(act), refused), self._open_page)
        self._refusal = Banner()
        layout.addWidget(self._refusal)
        layout.addWidget(self._folders)
        layout.addWidget(self._banners)
        self._splitter = ArrowSplitter(Qt.Orientation.Horizontal, self._context, "jobs")
        self._filters = Chips(self._context, "desk.jobs", (*STATES, *MARKED), _CHOICES, self._show_jobs)
        self._list = ListPage(
            self._context,
            "jobs",
            "desk.jobs",
            COLUMNS,
            self,
            order=("received", True),
            marks=MARKS,
            above=(self._filters,),
            choose_many=self._choose_many,
        )
        self._list.table.menu_wanted.connect(self._show_menu)
        self._context.texts.bind(self._list.table, name="desk.page.jobs")
        self._new = self._context.texts.bind(button("", self._begin_new), "desk.new_job.button")
        self._list.bar.addWidget(self._new)
        self._details = JobDetailsView(self._context, self._do)
        self._details.survey_wanted.connect(self._show_survey)
        self._details.editing_ended.connect(self._list.refresh)
        self._right = QStackedWidget()
        self._right.addWidget(self._details)
        self._many = Later(self._right, lambda: ManyJobs(self._context, self._do_many, self._list.table.copy_rows))
        self._new_job = Later(self._right, lambda: NewJobForm(self._context, self._make_new, self._leave_new))
        self._splitter.addWidget(self._list)
        self._splitter.addWidget(self._right)
        self._splitter.setSizes([856, 394])
        layout.addWidget(self._splitter, 1)
        QShortcut(QKeySequence.StandardKey.Refresh, self, self._list.read_all)
        self.setFocusProxy(self._list)

    def retranslate(self) -> None:
        words = self._context.words
        self._filters.offer("period", [(name, words(f"desk.jobs.period.{name}")) for name in PERIODS])
        for part in (self._filters, self._details, self._many.made, self._new_job.made, self._banners, self._list):
            if part is not None:
                part.retranslate()

    def attach(self, control: ShopControl) -> None:
        self._control = control
        self._folders.attach(control)
        self._splitter.restore()
        self._list.load()

    def opened(self, place: str, *, fresh: bool) -> None:
        """`place` is what to search for: the job of a report's row (B-N4)."""
        if place:
            self.search_for(place)

    def react(self, fact: str) -> None:
        if fact == "jobs_changed":
            self.refresh()

    def _show_survey(self, job: Job) -> None:
        """From a job to what its customer answered."""
        if job.shop_id is not None:
            self._open_page(f"surveys/{job.shop_id}/{job.job_key}")

    def show_status(self, status: Status) -> None:
        """What the collector says now."""
        state, shops = status.state, {shop.id: shop.name for shop in status.shops}
        has_folders = bool(state.folders) or state.shows_only
        if has_folders != self._has_folders:
            self._has_folders = has_folders
            self._show_jobs()
        self._folders.show_state(state, shops)
        self._banners.show_state(state)

    def choose_shop(self, shop_id: int | None) -> None:
        """Only the jobs of one shop, or of all."""
        self._shop_id = shop_id
        self._show_jobs()

    def refresh(self) -> None:
        """Something changed: read what changed soon."""
        if self._control is not None:
            self._list.refresh()

    def _show_jobs(self) -> None:
        """Other filters: the same jobs are shown anew."""
        if self._control is not None:
            self._list.load()

    def search_for(self, words: str) -> None:
        """What a person would type."""
        self._list.search.setText(words)

    def key(self, row: JobLine) -> int:
        return row.id

    def read(self, wanted: Wanted) -> Callable[[], Listing[JobLine]] | None:
        """A search is read as a whole; without one only what changed since the last time."""
        control, search = self._control, wanted.search
        if control is None:
            return None
        whole = bool(search or self._searched or wanted.anew or not self._jobs.revision)
        filters = self._chosen_filters()
        days = filters.days
        since = None if days is None else self._context.start_of(self._context.today() - timedelta(days=days))

        def read() -> Listing[JobLine]:
            reader, jobs = control.reader, self._jobs
            without_shop = [(f, control.jobs.suggested_shop(f)) for f in reader.facilities() if f.shop_id is None]
            lines, revision = reader.job_lines(search, 0 if whole else jobs.revision)
            (jobs.replace if whole else jobs.update)(lines, revision)
            shown = jobs.show(filters, since, wanted.order, ORDER, frozenset(line.id for line in lines))
            extras: _Extras = reader.troubles(), without_shop, reader.shops()
            return Listing(shown.lines, (search, shown, extras))

        return read

    def _chosen_filters(self) -> Filters:
        chips = self._filters
        days = chips.chosen("period")
        return Filters(
            frozenset(name for name in STATES if chips.is_on(name)),
            chips.chosen("insurer"),
            int(days) if days and days != "any" else None,
            problem=chips.is_on("problem"),
            not_sent=chips.is_on("not_sent"),
            unreachable=chips.is_on("unreachable"),
            no_email=chips.is_on("no_email"),
            low_rating=chips.is_on("low_rating"),
            shop_id=self._shop_id,
        )

    def take(self, listing: Listing[JobLine]) -> None:
        """What the banners, the chips and the details say of the jobs that were read."""
        self._searched, shown, (troubles, facilities, self._shops) = listing.extra
        self._details.offer_shops(self._shops)
        self._banners.show_troubles(troubles)
        self._banners.show_facilities(facilities, self._shops)
        if not self._searched:
            every = ("", self._context.words("desk.jobs.every_insurer"))
            self._filters.offer("insurer", [every, *shown.insurers])
            self._filters.show_count("unreachable", shown.unreachable)
            self._filters.show_count("no_email", shown.no_email)
            self._filters.show_count("low_rating", shown.low_rating)
        if self._chosen_id in shown.changed:
            self._read_details(self._chosen_id)

    def nothing(self, search: str) -> Nothing:
        words = self._context.words
        if search or self._chosen_filters().is_set:
            return Nothing(
                words("desk.jobs.nothing_found"),
                words("desk.jobs.nothing_found_text"),
                words("desk.jobs.show_all"),
                self._show_all,
            )
        if self._has_folders:
            return Nothing(words("desk.jobs.empty"), words("desk.jobs.empty_text"))
        return Nothing(
            words("desk.jobs.no_folder"),
            words("desk.jobs.no_folder_text"),
            words("desk.jobs.set_folder"),
            lambda: self._open_page("directories"),
        )

    def _show_all(self) -> None:
        self._list.search.clear()
        self._filters.clear()

    @property
    def _chosen_id(self) -> int:
        """The job a person chose, 0 for none; what is read of another one meanwhile is not shown."""
        chosen = self._list.chosen
        return chosen if isinstance(chosen, int) else 0

    @property
    def count_shown(self) -> int:
        return self._list.model.rowCount()

    @property
    def shown_job(self) -> int:
        """Id of the job on the right side, 0 without one."""
        return self._details.job_id

    def select_first(self) -> None:
        """Open the newest job (pictures and the first look)."""
        self._list.choose_first()

    def choose(self, row: JobLine | None) -> bool:
        """The details are always those of the chosen row; without one there are none (nobody acts on another job)."""
        if self._details.is_editing and (row is None or row.id != self._details.job_id):
            # What was typed is kept or given up first.
            self._details.ask_to_finish()
            return False
        if row is None:
            self._viewing.drop()
            self._details.show_nothing()
            return True
        self._right.setCurrentWidget(self._details)
        self._read_details(row.id)
        return True

    def _read_details(self, job_id: int, shown: Callable[[], None] = lambda: None) -> None:
        control = self._control
        if control is None:
            return

        def show(view: JobView | None) -> None:
            if view is not None and job_id == self._chosen_id:
                self._details.show_view(view)
                shown()

        self._viewing.ask(partial(control.jobs.view, job_id), show)

    def _choose_many(self, rows: list[JobLine]) -> bool:
        """Several rows are chosen: what can be done to all of them takes the place of the details."""
        if self._details.is_editing:
            self._details.ask_to_finish()
            return False
        self._viewing.drop()
        self._details.show_nothing()
        self._many.show().show_lines(rows)
        return True

    def _do_many(self, call: Callable[[Actions], Outcome]) -> None:
        control = self._control
        if control is None:
            return
        words = self._context.words

        def done(outcome: Outcome) -> None:
            self.refresh()
            self._refusal.clear()
            if outcome.refusals:
                reason = outcome.refusals[0].said(words)
                self._refuse(words.count("desk.many.refused", len(outcome.refusals), reason=reason))
            if outcome.done:
                self._context.tell(words.count("desk.many.done", outcome.done))

        self._context.background.run(lambda: call(control.jobs), done, self._refuse)

    def _show_menu(self, at: QPoint) -> None:
        """A menu of the chosen row; of several rows the right side says what can be done."""
        if self._chosen_id and self._details.job_id == self._chosen_id:
            self._details.show_menu(at, self._list.table.copy_rows)
        elif self._chosen_id:
            self._read_details(self._chosen_id, lambda: self._show_menu(at))

    def _do(self, deed: Deed, refused: Callable[[str], None] | None) -> None:
        """One deed of a person, in the background; a refusal comes back as a sentence."""
        control = self._control
        if control is None:
            return
        about = self._chosen_id

        def done(_none: object) -> None:
            self._refusal.clear()
            if deed.said:
                self._context.tell(deed.said, self._undoing(deed))
            if about == self._chosen_id:
                self._details.action_done()
            self.refresh()
            if self._chosen_id:
                self._read_details(self._chosen_id)

        def not_done(sentence: str) -> None:
            if refused is not None and about == self._chosen_id:
                refused(sentence)
            else:
                self._refuse(sentence)
            if self._chosen_id:
                self._read_details(self._chosen_id)

        self._context.background.run(lambda: deed.act(control.jobs), done, not_done)

    def _undoing(self, deed: Deed) -> list[tuple[str, Callable[[], object]]]:
        """The button of the toast that takes a deed back."""
        words, undo = self._context.words, deed.undo
        if undo is None:
            return []
        return [(words("desk.undo"), lambda: self._do(Deed(undo, words("desk.job.did.undone")), None))]

    def _refuse(self, sentence: str) -> None:
        """Something asked for could not be done: said above the list, until the next action."""
        text = sentence or self._context.words("desk.viewer.failed_text")
        self._refusal.say(text, [(self._context.words("desk.configuration.ok"), self._refusal.clear)])

    def forget_person(self) -> None:
        """Clear search, form and selection after sign-out."""
        self._refusal.clear()
        self._list.search.clear()
        self._list.choose(None)
        self._details.show_nothing()
        self._leave_new()
        if self._new_job.made is not None:
            self._new_job.made.begin(self._shops, None)

    @property
    def holds_unsaved(self) -> bool:
        return self._details.is_editing or self._new_job.is_in_front

    def _begin_new(self) -> None:
        form = self._new_job.show()
        if self._splitter.sizes()[1] == 0:
            self._splitter.setSizes([1, 1])
        form.begin(self._shops, self._shop_id)

    def _leave_new(self) -> None:
        self._right.setCurrentWidget(self._details)

    def _make_new(self, shop_id: int, job: Job) -> None:
        control = self._control
        if control is None:
            return

        self._context.background.run(lambda: control.jobs.new_job(shop_id, job), self._show_new, self._new_job().say)

    def _show_new(self, job_id: int) -> None:
        self._leave_new()
        self._show_all()  # a filter would hide it
        self._list.choose(job_id)
        self.refresh()
        self._read_details(job_id)

    def take_files(self, paths: list[str]) -> None:
        """Take the estimates a person opened; the last one is shown, unless something is being written."""
        control = self._control
        if control is None:
            return

        def taken(opened: list[OpenedSet]) -> None:
            jobs = [each.job_id for each in opened if each.job_id is not None]
            if refused := say_refused(self._context.words, opened):
                self._refuse(refused)
            if said := say_taken(self._context.words, opened):
                self._context.tell(said)
            if jobs and not self.holds_unsaved:
                self._show_new(jobs[-1])

        self._context.background.run(lambda: control.jobs.take(paths), taken, self._refuse, takes_long=True)
