"""First run in its short form: service, account and folder of this PC. Later issues add the five steps of UI.md."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFormLayout, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from repaircenter.desk.desk_context import DeskContext
from repaircenter.desk.pieces import button, label
from repaircenter.shop.ports import ShopControl

_FIELDS = ("folder", "service", "email", "password")


class SetupPage(QWidget):
    """Pairs this PC and remembers its folder; `finished` when collecting can begin."""

    def __init__(self, context: DeskContext, finished: Callable[[], None]) -> None:
        super().__init__()
        self._context = context
        self._finished = finished
        self._control: ShopControl | None = None
        outer = QVBoxLayout(self)
        outer.setAlignment(Qt.AlignmentFlag.AlignCenter)
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(560)
        outer.addWidget(card)
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        self._title, self._text = label("", "title"), label("", "soft", wrap=True)
        column.addWidget(self._title)
        column.addWidget(self._text)
        form = QFormLayout()
        self._edits = {name: QLineEdit() for name in _FIELDS}
        self._labels = {name: label("") for name in _FIELDS}
        self._edits["password"].setEchoMode(QLineEdit.EchoMode.Password)
        self._browse = button("", self._choose_folder)
        for name in _FIELDS:
            self._labels[name].setBuddy(self._edits[name])
            if name == "folder":
                row = QHBoxLayout()
                row.addWidget(self._edits[name], 1)
                row.addWidget(self._browse)
                form.addRow(self._labels[name], row)
            else:
                form.addRow(self._labels[name], self._edits[name])
        column.addLayout(form)
        self._problem = label("", "problem", wrap=True)
        column.addWidget(self._problem)
        self._leaves = label("", "soft", wrap=True)
        column.addWidget(self._leaves)
        self._button = button("", self._pressed, primary=True)
        column.addWidget(self._button)
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        self._title.setText(words("desk.setup.title"))
        self._text.setText(words("desk.setup.text"))
        self._leaves.setText(words("desk.setup.leaves"))
        self._browse.setText(words("desk.setup.browse"))
        self._browse.setAccessibleName(words("desk.setup.browse").replace("&", ""))
        self._button.setText(words("desk.setup.button"))
        self._button.setAccessibleName(words("desk.setup.button"))
        for name in _FIELDS:
            self._labels[name].setText(words(f"desk.setup.{name}"))
            self._edits[name].setAccessibleName(words(f"desk.setup.{name}").replace("&", ""))

    def attach(self, control: ShopControl) -> None:
        self._control = control

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self._context.words("desk.setup.folder").replace("&", ""))
        if chosen:
            self._edits["folder"].setText(chosen)

    def _pressed(self) -> None:
        control = self._control
        values = {name: edit.text().strip() for name, edit in self._edits.items()}
        if control is None or not all(values.values()):
            self._problem.setText(self._context.words("desk.setup.fill_all"))
            return
        self._button.setEnabled(False)
        self._problem.setText("")

        def work() -> None:
            control.configure(values["service"], values["folder"], values["email"], values["password"])
            control.begin_collecting()

        self._context.background.run(work, lambda _none: self._done(), self._failed)

    def _done(self) -> None:
        self._button.setEnabled(True)
        self._edits["password"].clear()
        self._finished()

    def _failed(self, sentence: str) -> None:
        self._button.setEnabled(True)
        self._problem.setText(self._context.words.sentence(sentence) or self._context.words("desk.viewer.failed_text"))
