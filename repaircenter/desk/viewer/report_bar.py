"""The viewer's tool bar: every tool with its icon, name and key (UI.md, V-01 … V-16). It knows no report."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QMenu, QSpinBox, QToolBar, QToolButton, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.viewer.pages.surface import ZOOMS
from repaircenter.rendering.values import percent

_ICONS = {
    "panel": "page-layout-sidebar-left",
    "first": "page-first",
    "previous": "chevron-left",
    "next": "chevron-right",
    "last": "page-last",
    "back": "arrow-left",
    "forward": "arrow-right",
    "stop": "stop",
    "refresh": "refresh",
    "smaller": "magnify-minus-outline",
    "larger": "magnify-plus-outline",
    "fit": "arrow-expand-horizontal",
    "whole": "arrow-expand-vertical",
    "layout": "book-open-page-variant-outline",
    "find": "text-search",
    "copy": "content-copy",
    "print": "printer-outline",
    "print_now": "printer-check",
    "setup": "file-cog-outline",
    "save": "content-save-outline",
}
_KEYS: dict[str, QKeySequence | QKeySequence.StandardKey] = {
    "first": QKeySequence("Ctrl+Home"),
    "last": QKeySequence("Ctrl+End"),
    "back": QKeySequence("Alt+Left"),
    "forward": QKeySequence("Alt+Right"),
    "refresh": QKeySequence("F5"),
    "smaller": QKeySequence.StandardKey.ZoomOut,
    "larger": QKeySequence.StandardKey.ZoomIn,
    "find": QKeySequence.StandardKey.Find,
    "print": QKeySequence.StandardKey.Print,
    "print_now": QKeySequence("Ctrl+Shift+P"),
    "save": QKeySequence.StandardKey.Save,
    "panel": QKeySequence("F9"),
    "fit": QKeySequence("Ctrl+Shift+W"),
    "whole": QKeySequence("Ctrl+Shift+H"),
    "layout": QKeySequence("Ctrl+Shift+Y"),
    "copy": QKeySequence("Ctrl+Shift+C"),
    "setup": QKeySequence("Ctrl+Shift+S"),
}
# Pixels of the small arrow beside the per cents.
_MENU_MARK = 18
_GROUPS = (
    ("panel",),
    ("first", "previous", "page", "next", "last"),
    ("back", "forward", "stop", "refresh"),
    ("smaller", "percent", "larger", "fit", "whole", "layout"),
    ("find", "copy", "print", "print_now", "setup", "save"),
)


class ReportBar(QToolBar):
    """`triggered_by_name` for a tool; `page_wanted` when a number was entered, `zoom_wanted` when one was chosen."""

    triggered_by_name = Signal(str)
    page_wanted = Signal(int)
    zoom_wanted = Signal(int)

    def __init__(self, context: DeskContext) -> None:
        super().__init__()
        self._context = context
        self.setProperty("role", "tools")
        # Said here: a tool bar asks for its spacing before it has its role.
        self.setStyleSheet("QToolBar { spacing: 1px; padding: 2px 8px; }")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.tools: dict[str, QAction] = {}
        self.page = QSpinBox()
        self.page.setProperty("role", "page")
        self.page.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.page.setFixedWidth(56)
        self.page.lineEdit().setTextMargins(0, 0, 6, 0)
        self.page.editingFinished.connect(lambda: self.page_wanted.emit(self.page.value()))
        self._of, self._progress = QLabel(), QLabel()
        self._percent = QToolButton()
        self._percent.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        zooms = QMenu(self._percent)
        self._zooms = {zoom: zooms.addAction("", partial(self.zoom_wanted.emit, zoom)) for zoom in ZOOMS}
        self._percent.setMenu(zooms)
        for index, group in enumerate(_GROUPS):
            if index:
                self.addSeparator()
            for name in group:
                self._put(name)
        self.addWidget(self._progress)

    def _put(self, name: str) -> None:
        if name == "page":
            self.addWidget(self.page)
            self.addWidget(self._of)
            return
        if name == "percent":
            self.addWidget(self._percent)
            return
        action = QAction(self)
        action.triggered.connect(lambda _checked=False: self.triggered_by_name.emit(name))
        if name in _KEYS:
            action.setShortcut(_KEYS[name])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.tools[name] = action
        self.addAction(action)

    def attach_menu(self, name: str, menu: QMenu) -> None:
        """The tool opens a menu and does nothing by itself."""
        widget = self.widgetForAction(self.tools[name])
        if isinstance(widget, QToolButton):
            self.tools[name].setMenu(menu)
            widget.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def fill_menu(self, name: str, choices: dict[str, str], call: Callable[[str], object], chosen: str = "") -> None:
        """What the tool's menu offers (value -> words); `chosen` is ticked where one of them is the present state."""
        menu = self.tools[name].menu()
        if not isinstance(menu, QMenu):
            return
        menu.clear()
        for value, words in choices.items():
            action = QAction(words, menu, checkable=bool(chosen))
            action.setChecked(value == chosen)
            action.triggered.connect(partial(_called, call, value))
            menu.addAction(action)

    def add_to_menu(self, name: str, choices: dict[str, str], call: Callable[[str], object]) -> None:
        """More of the same menu, below a line."""
        menu = self.tools[name].menu()
        if isinstance(menu, QMenu):
            menu.addSeparator()
            for value, words in choices.items():
                menu.addAction(words).triggered.connect(partial(_called, call, value))

    def open_menu(self, name: str) -> None:
        """By its key: the menu below the tool."""
        widget = self.widgetForAction(self.tools[name])
        if isinstance(widget, QToolButton) and self.tools[name].isEnabled():
            widget.showMenu()

    def load_icons(self) -> None:
        """After the first paint (start-up)."""
        for name, icon in _ICONS.items():
            self.tools[name].setIcon(self._context.theme.icon(icon, "ink"))

    def retranslate(self) -> None:
        words = self._context.words
        for name, action in self.tools.items():
            text = words(f"desk.viewer.{name}")
            action.setText(text)
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            keys = "Esc" if name == "stop" else keys
            action.setToolTip(f"{text} ({keys})" if keys else text)
            widget = self.widgetForAction(action)
            if widget is not None:
                widget.setAccessibleName(text)
        for zoom, action in self._zooms.items():
            action.setText(percent(zoom, 0, words.language))
        self.page.setAccessibleName(words("desk.viewer.page"))
        # No tool moves while the number of pages grows.
        widest = words("desk.viewer.of", count="99999+")
        self._of.setFixedWidth(self._of.fontMetrics().horizontalAdvance(widest))
        self._percent.setFixedWidth(self._percent.fontMetrics().horizontalAdvance("400 % ") + _MENU_MARK)
        self._percent.setAccessibleName(words("desk.viewer.zoom"))
        self._percent.setToolTip(words("desk.viewer.zoom"))

    def enable(self, allowed: Callable[[str], bool]) -> None:
        for name, action in self.tools.items():
            action.setEnabled(allowed(name))

    def say_pages(self, current: int, count: int, *, running: bool, zoom: int) -> None:
        """ "3 of 12", with a plus until the whole is known (V-10)."""
        words = self._context.words
        self.page.setEnabled(count > 0)
        self.page.blockSignals(True)
        self.page.setRange(0 if not count else 1, max(count, 0))
        self.page.setValue(current)
        self.page.blockSignals(False)
        self._of.setText(words("desk.viewer.of", count=f"{count}+" if running else str(count)))
        self._percent.setText(percent(zoom, 0, words.language))
        self._progress.setText("  " + words("desk.viewer.running_title") if running else "")

    def hand_keys_to(self, widget: QWidget) -> None:
        """The tools' keys work wherever the focus is in the window."""
        for action in self.tools.values():
            widget.addAction(action)


def _called(call: Callable[[str], object], value: str, _checked: bool = False) -> None:
    call(value)
