"""Page setup: paper, how it lies, margins, header and footer; remembered for each report (A-48, V-17, issue 15.15)."""

from PySide6.QtCore import QLocale, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from repaircenter.desk.kit.bound_texts import without_mark
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import align, label, number_box
from repaircenter.rendering.drawing import A4, LETTER, PageSetup, landscape

_CHOICES = {
    "paper": ("letter", "a4"),
    "lie": ("auto", "tall", "wide"),
    "tables": ("fit", "size"),
    "header": ("full", "none"),
    "footer": ("full", "none"),
}
# Heading -> what stands below it.
_GROUPS = {"sheet": ("paper", "lie", "tables"), "margins": ("margin",), "texts": ("header", "footer")}
_LEAST_MM, _USUAL_MM, _MOST_MM = 5, 15, 40
_LETTER_COUNTRIES = ("US", "CA", "MX")


class PageSetupDialog(QDialog):
    """`changed` when a person chose something; the pages behind it are made again at once, and a small page shows it."""

    changed = Signal()

    def __init__(self, context: DeskContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._report = ""
        bind = context.texts.bind
        self._boxes = {name: bind(QComboBox(), name=f"desk.page_setup.{name}") for name in _CHOICES}
        self._margin = bind(number_box(_LEAST_MM, _MOST_MM), name="desk.page_setup.margin")
        self._margin.setSuffix(" mm")
        self._margin.setMaximumWidth(100)
        self._captions: list[QLabel] = []
        self._sheet = _Sheet(context)
        column = QVBoxLayout()
        for heading, names in _GROUPS.items():
            group = bind(QGroupBox(), f"desk.page_setup.{heading}")
            form = QFormLayout(group)
            for name in names:
                field = self._boxes.get(name, self._margin)
                caption = bind(label(""), f"desk.page_setup.{name}")
                caption.setBuddy(field)
                self._captions.append(caption)
                form.addRow(caption, field)
            column.addWidget(group)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addLayout(column, 1)
        row.addWidget(self._sheet)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        outer = QVBoxLayout(self)
        outer.addLayout(row)
        outer.addWidget(buttons)
        for name, box in self._boxes.items():
            box.activated.connect(lambda index, which=name: self.choose(which, _CHOICES[which][index]))
        self._margin.valueChanged.connect(self._margin_changed)
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        self.setWindowTitle(without_mark(words("desk.viewer.setup")))
        for name, box in self._boxes.items():
            box.clear()
            box.addItems([words(f"desk.page_setup.{name}_{choice}") for choice in _CHOICES[name]])
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        align(self._captions)

    def show_for(self, report: str) -> None:
        """The choices made for this report earlier."""
        self._report = report
        self._show()

    def _show(self) -> None:
        for name, box in self._boxes.items():
            box.setCurrentIndex(_CHOICES[name].index(self.chosen(name)))
        self._margin.blockSignals(True)
        self._margin.setValue(self._margin_mm)
        self._margin.blockSignals(False)
        self._sheet.show_setup(self.setup())

    def _kept(self, name: str) -> str:
        usual = str(self._context.settings.value(f"page/{name}", _usual(name)))
        return str(self._context.settings.value(f"page/{self._report or 'any'}/{name}", usual))

    def chosen(self, name: str) -> str:
        kept = self._kept(name)
        return kept if kept in _CHOICES[name] else _usual(name)

    @property
    def _margin_mm(self) -> int:
        kept = self._kept("margin")
        return min(max(int(kept), _LEAST_MM), _MOST_MM) if kept.isdigit() else _USUAL_MM

    def choose(self, name: str, choice: str) -> None:
        """For this report from now on; the paper for all reports that have no choice of their own."""
        self._context.remember(f"page/{self._report or 'any'}/{name}", choice)
        if name == "paper":
            self._context.remember("page/paper", choice)
        self._show()
        self.changed.emit()

    def _margin_changed(self, mm: int) -> None:
        self.choose("margin", str(mm))

    def setup(self) -> PageSetup:
        paper = A4 if self.chosen("paper") == "a4" else LETTER
        lie = self.chosen("lie")
        base = landscape(paper) if lie == "wide" else paper
        return PageSetup(
            base.width,
            base.height,
            float(self._margin_mm),
            automatic=lie == "auto",
            header=self.chosen("header") == "full",
            footer=self.chosen("footer") == "full",
            fit=self.chosen("tables") == "fit",
        )


class _Sheet(QWidget):
    """A small page as it would be printed: paper, margins, and where header and footer stand."""

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self._setup = LETTER
        self.setFixedSize(220, 220)

    def show_setup(self, setup: PageSetup) -> None:
        self._setup = setup
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        setup, theme = self._setup, self._context.theme
        scale = (self.width() - 16) / max(setup.width, setup.height)
        wide, high, margin = setup.width * scale, setup.height * scale, setup.margin * scale
        left, top = (self.width() - wide) / 2, (self.height() - high) / 2
        painter = QPainter(self)
        painter.setPen(theme.colour("line"))
        painter.setBrush(QColor("#ffffff"))
        painter.drawRect(QRectF(left, top, wide, high))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#c3ccd5"))
        inside = QRectF(left + margin, top + margin, wide - 2 * margin, high - 2 * margin)
        lines = max(int(inside.height() / 9), 1)
        for number in range(lines):
            is_edge = (number == 0 and setup.header) or (number == lines - 1 and setup.footer)
            painter.setBrush(QColor("#8a95a1" if is_edge else "#e4e8ec"))
            if is_edge or 0 < number < lines - 1:
                painter.drawRect(QRectF(inside.left(), inside.top() + number * 9, inside.width(), 4))
        painter.end()


def _usual(name: str) -> str:
    """Letter in North America, A4 elsewhere."""
    if name == "margin":
        return str(_USUAL_MM)
    if name != "paper":
        return _CHOICES[name][0]
    country = QLocale.territoryToCode(QLocale.system().territory())
    return "letter" if country in _LETTER_COUNTRIES or QLocale.system().name() == "C" else "a4"
