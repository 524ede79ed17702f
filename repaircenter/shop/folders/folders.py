"""The watched folders as a person sets them: kept, tested, previewed (A-15, A-17)."""

from collections.abc import Callable, Sequence
from datetime import date

from repaircenter.ems.estimate import Estimate
from repaircenter.runtime.clock import Clock
from repaircenter.runtime.days import day_in
from repaircenter.shop.folders.preview import Previewing
from repaircenter.shop.jobs import importing
from repaircenter.shop.jobs.importing import Target
from repaircenter.shop.model.folder import DEFAULT_CODE_PAGE, FolderPreview, FolderSetting, FolderTest
from repaircenter.shop.outbox import send_rule
from repaircenter.shop.ports import FolderInspector, Store

# An example is looked for among so many of the newest sets.
_MOST_TRIED = 20


class Folders:
    """Every call may block. `target_with` gives the rules of a folder; `changed` watches exactly what is kept."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        inspector: FolderInspector,
        target_with: Callable[[FolderSetting], Target],
        changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._inspector = inspector
        self._target_with = target_with
        self._changed = changed

    def settings(self) -> list[FolderSetting]:
        return self._store.read.folders()

    def save(self, folders: Sequence[FolderSetting]) -> None:
        """The watched folders from now on. Jobs and what is known of sets stay when a folder is taken out."""
        with self._store.write() as uow:
            uow.folders.put(folders)
        self._changed()

    def test(self, path: str, code_page: str) -> FolderTest:
        return self._inspector.test_folder(path, code_page)

    def preview(self, setting: FolderSetting, progress: Callable[[FolderPreview], bool]) -> FolderPreview:
        """What an import of this folder would bring; `progress` is told now and then and stops it by returning False.

        Raises KnownError when the folder cannot be read.
        """
        target = self._target_with(setting)
        counting = Previewing(target, day_in(target.zone, self._clock.now_utc()))

        def take(estimate: Estimate | None, done: int, total: int) -> bool:
            counting.take(estimate, done, total)
            return progress(counting.result()) if done % 20 == 0 else True

        self._inspector.preview(setting.path, setting.code_page, take)
        return counting.result()

    def example(self, path: str, code_page: str) -> str | None:
        """The message as which the newest readable estimate of a folder would leave; None without one.

        Raises KnownError when the folder cannot be read.
        """
        target, now_utc = self._target_with(FolderSetting(path, None, code_page)), self._clock.now_utc()
        messages: list[str] = []

        def take(estimate: Estimate | None, done: int, _total: int) -> bool:
            if estimate is None or estimate.transaction == "A":
                return done < _MOST_TRIED
            messages.append(importing.message_of(estimate, target, now_utc))
            return False

        self._inspector.preview(path, code_page, take)
        return messages[0] if messages else None

    def cutoff_of_new(self, path: str) -> date | None:
        """The cut-off date of a new folder, by this PC's own day: at first run no shop and so no zone is known."""
        today = self._clock.now_utc().astimezone().date()
        return send_rule.cutoff_of_new(self.test(path, DEFAULT_CODE_PAGE), today)
