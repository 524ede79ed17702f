"""Second step: the folder into which the estimating system exports, with a test that says what is in it."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QSizePolicy

from repaircenter.desk.folders.folder_words import say_test
from repaircenter.desk.kit.bound_texts import without_mark
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import button, label
from repaircenter.desk.settings.first_run.step import Host, Step
from repaircenter.shop.model.folder import DEFAULT_CODE_PAGE, FolderSetting, FolderTest


class FolderStep(Step):
    name = "folder"

    def __init__(self, context: DeskContext, host: Host) -> None:
        super().__init__(context, host)
        bind = context.texts.bind
        self.folder, caption = bind(QComboBox(), name="desk.setup.folder"), label("")
        self.folder.setEditable(True)
        self.folder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        bind(caption, "desk.setup.folder").setBuddy(self.folder)
        row = QHBoxLayout()
        browse = bind(button("", self._choose), "desk.setup.browse")
        test = bind(button("", self._test), "desk.directories.test")
        for part in (self.folder, browse, test):
            row.addWidget(part)
        self._tested = label("", wrap=True)
        self.column.addWidget(caption)
        self.column.addLayout(row)
        self.column.addWidget(self._tested)
        self.column.addStretch(1)
        self.first = self.folder

    def offer(self, folders: list[str]) -> None:
        """Usual folders, unless a person was quicker."""
        typed = self.folder.currentText()
        self.folder.addItems(folders)
        if typed:
            self.folder.setEditText(typed)

    def begin_with(self, path: str) -> None:
        if path and not self.host.answers.folder:
            self.folder.setEditText(path)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, without_mark(self.context.words("desk.setup.folder")))
        if chosen:
            self.folder.setEditText(chosen)
            self._test()

    @property
    def _path(self) -> str:
        return self.folder.currentText().strip()

    def _test(self) -> None:
        control, path = self.control, self._path
        if control is not None and path:
            self.host.run(lambda: control.folders.test(path, DEFAULT_CODE_PAGE), self._show)

    def shown(self) -> None:
        """What is in the folder that is offered is said without being asked; nobody waits for it."""
        control, path = self.control, self._path
        if control is None or not path:
            return

        def show(tested: FolderTest) -> None:
            if self._path == path:
                self._show(tested)

        self.context.background.run(
            lambda: control.folders.test(path, DEFAULT_CODE_PAGE), show, lambda _sentence: None, takes_long=True
        )

    def _show(self, tested: FolderTest) -> None:
        if tested.path and tested.path != self._path:
            # Named as on the network: from here on where it is on this PC.
            self.folder.setEditText(tested.path)
        sentences = [say_test(self.context, tested)]
        if tested.below:
            named = ", ".join(f"{path} ({sets})" for path, sets in tested.below)
            sentences.append(self.context.words("desk.setup.below", folders=named))
            for path, _sets in tested.below:
                if self.folder.findText(path) < 0:
                    self.folder.addItem(path)
        self._tested.setText(" ".join(sentences))

    def go_on(self, done: Callable[[], None]) -> None:
        control, path, answers = self.control, self._path, self.host.answers
        if control is None or not path:
            self.host.say(self.context.words("error.fill_all"))
            return

        def work() -> FolderTest:
            tested = control.folders.test(path, DEFAULT_CODE_PAGE)
            local = tested.path or path
            if tested.trouble is None and answers.paired is not None and local != answers.folder:
                # Back from a later step: the folder that was kept is another one now.
                control.folders.save([FolderSetting(local)])
            return tested

        def checked(tested: FolderTest) -> None:
            self._show(tested)
            if tested.trouble is None:
                answers.folder = self._path
                done()

        self.host.run(work, checked)
