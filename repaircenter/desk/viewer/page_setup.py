"""Page setup: paper, how it lies, margins, header and footer; remembered for each report (A-48, V-17)."""

from functools import partial

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.rendering.drawing import A4, LETTER, PageSetup, landscape

_CHOICES = {
    "paper": ("letter", "a4"),
    "lie": ("auto", "tall", "wide"),
    "margins": ("normal", "narrow", "generous"),
    "header": ("full", "none"),
    "footer": ("full", "none"),
}
_MARGINS_MM = {"narrow": 9.0, "normal": 15.0, "generous": 24.0}
_LETTER_COUNTRIES = ("US", "CA", "MX")


class PageSetupMenu(QMenu):
    """`changed` when a person chose something; the pages are made again at once."""

    changed = Signal()

    def __init__(self, context: DeskContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._report = ""
        self._sections: dict[str, QAction] = {}
        self._actions: dict[tuple[str, str], QAction] = {}
        for name, choices in _CHOICES.items():
            self._sections[name] = self.addSection("")
            group = QActionGroup(self)
            for choice in choices:
                action = QAction(self, checkable=True)
                action.triggered.connect(partial(self.choose, name, choice))
                group.addAction(action)
                self.addAction(action)
                self._actions[name, choice] = action
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        for name, section in self._sections.items():
            section.setText(words(f"desk.page_setup.{name}"))
        for (name, choice), action in self._actions.items():
            action.setText(words(f"desk.page_setup.{name}_{choice}"))
        self._tick()

    def show_for(self, report: str) -> None:
        """The choices made for this report earlier."""
        self._report = report
        self._tick()

    def _tick(self) -> None:
        for (name, choice), action in self._actions.items():
            action.setChecked(self.chosen(name) == choice)

    def chosen(self, name: str) -> str:
        usual = str(self._context.settings.value(f"page/{name}", _usual(name)))
        kept = str(self._context.settings.value(f"page/{self._report or 'any'}/{name}", usual))
        return kept if kept in _CHOICES[name] else _usual(name)

    def choose(self, name: str, choice: str, _checked: bool = False) -> None:
        """For this report from now on; the paper for all reports that have no choice of their own."""
        self._context.remember(f"page/{self._report or 'any'}/{name}", choice)
        if name == "paper":
            self._context.remember("page/paper", choice)
        self._tick()
        self.changed.emit()

    def setup(self) -> PageSetup:
        paper = A4 if self.chosen("paper") == "a4" else LETTER
        lie = self.chosen("lie")
        base = landscape(paper) if lie == "wide" else paper
        return PageSetup(
            base.width,
            base.height,
            _MARGINS_MM[self.chosen("margins")],
            automatic=lie == "auto",
            header=self.chosen("header") == "full",
            footer=self.chosen("footer") == "full",
        )


def _usual(name: str) -> str:
    """Letter in North America, A4 elsewhere."""
    if name != "paper":
        return _CHOICES[name][0]
    country = QLocale.territoryToCode(QLocale.system().territory())
    return "letter" if country in _LETTER_COUNTRIES or QLocale.system().name() == "C" else "a4"
