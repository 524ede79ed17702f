"""The widgets of the report viewer and how they stand."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.notices.banner import Banner
from repaircenter.desk.kit.notices.empty_state import EmptyState
from repaircenter.desk.kit.widgets import label
from repaircenter.desk.viewer.figure_panel import FigurePanel
from repaircenter.desk.viewer.find_bar import FindBar
from repaircenter.desk.viewer.page_setup import PageSetupDialog
from repaircenter.desk.viewer.pages.painter import PagePainter
from repaircenter.desk.viewer.pages.panel import PagePanel
from repaircenter.desk.viewer.pages.view import PageView
from repaircenter.desk.viewer.report_bar import ReportBar


class ViewerFrame(QWidget):
    """Notices above, thumbnails left of the pages; the page around it places `tool_bar`."""

    def __init__(self, context: DeskContext, painter: PagePainter) -> None:
        super().__init__()
        self._context = context
        self._view = PageView(painter, context.theme)
        self._bar = ReportBar(context)
        self._panel = PagePanel(context, painter, self._view)
        self._find = FindBar(context, self._view)
        self._figure = FigurePanel(context)
        self._banner, self._crumbs = Banner(), label("", "soft")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._page_setup = PageSetupDialog(context, self)
        for name in ("save", "layout"):
            self._bar.attach_menu(name, QMenu(self))
        self._bar.hand_keys_to(self)
        layout.addWidget(self._find)
        for widget in (self._crumbs, self._banner, self._figure):
            row = QHBoxLayout()
            row.setContentsMargins(8, 0, 8, 0)
            row.addWidget(widget)
            layout.addLayout(row)
        self._empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._view)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self._panel)
        split.addWidget(self._stack)
        split.setStretchFactor(1, 1)
        split.setSizes([240, 750])
        split.setCollapsible(1, False)
        layout.addWidget(split, 1)

    @property
    def tool_bar(self) -> ReportBar:
        return self._bar
