"""The notice above a page when a folder is in trouble or another PC collects: what it is, and the next step."""

from collections.abc import Callable

from repaircenter.desk.folders.folder_words import folder_words, others_sentence
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.notices.banner import Banner
from repaircenter.shop.controls import ShopControl
from repaircenter.shop.model.folder import FolderSetting
from repaircenter.shop.model.state import CollectorState

_Action = tuple[str, Callable[[], object]]


class FolderBanner(Banner):
    """Hidden while every folder is well; `open_directories` leads to File directories where one is given."""

    def __init__(self, context: DeskContext, open_directories: Callable[[], None] | None = None) -> None:
        super().__init__()
        self._context = context
        self._open_directories = open_directories
        self._control: ShopControl | None = None
        self._said: tuple[str, ...] = ()

    def attach(self, control: ShopControl) -> None:
        self._control = control

    def show_state(self, state: CollectorState, shops: dict[int, str], notice: str = "") -> None:
        """Say what is wrong; `notice` is said when nothing is."""
        text, actions = self._words(state, shops)
        text = text or notice
        shown = (text, *(title for title, _ in actions))
        if shown == self._said:
            return  # its buttons stay: a person may be about to press one
        self._said = shown
        if text:
            self.say(text, actions)
        else:
            self.clear()

    def _words(self, state: CollectorState, shops: dict[int, str]) -> tuple[str, list[_Action]]:
        words, control = self._context.words, self._control
        if control is None:
            return "", []
        if state.shows_only:
            collect = (
                words("desk.folder.collect_here"),
                lambda: self._call(lambda: control.collecting.show_only(False)),
            )
            return words("desk.folder.shows_only_text"), [collect] if self._open_directories is None else []
        if state.others:
            take_over = (words("desk.folder.take_over"), lambda: self._call(control.collecting.take_over))
            only = (words("desk.folder.show_only"), lambda: self._call(lambda: control.collecting.show_only(True)))
            return others_sentence(self._context, state, shops), [take_over, only]
        sentences = []
        for health in state.folders:
            if health.trouble is not None:
                state_words = folder_words(self._context, FolderSetting(health.path), state, health)
                sentences.append(words("desk.folder.named", path=health.path, sentence=state_words.sentence))
        if not sentences:
            return "", []
        actions: list[_Action] = [(words("desk.more.scan"), lambda: self._call(control.collecting.scan_now))]
        if self._open_directories is not None:
            actions.append((words("desk.jobs.set_folder"), self._open_directories))
        return "\n".join(sentences), actions

    def _call(self, call: Callable[[], None]) -> None:
        self._context.background.run(call, lambda _none: None)
