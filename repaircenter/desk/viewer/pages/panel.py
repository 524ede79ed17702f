"""Beside the pages: the outline, every page as a small picture, what was found (V-04, V-05, V-06)."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTabWidget,
    QTreeWidgetItem,
)

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.tree import Tree
from repaircenter.desk.viewer.pages.painter import PagePainter
from repaircenter.desk.viewer.pages.pictures import PagePictures
from repaircenter.desk.viewer.pages.view import PageView
from repaircenter.rendering.finding import Found

_PAGE = Qt.ItemDataRole.UserRole
_THUMB_WIDTH = 110
_MOST_MATCHES = 500


class PagePanel(QTabWidget):
    """Follows the page that is looked at; a click goes to a page. `match_wanted` tells the place of a match in the list."""

    match_wanted = Signal(int)

    def __init__(self, context: DeskContext, painter: PagePainter, view: PageView) -> None:
        super().__init__()
        self._context, self._view = context, view
        self._listed: list[Found] = []
        self._outline = Tree()
        self._outline.itemActivated.connect(self._go)
        self._outline.itemClicked.connect(self._go)
        self._thumbs = QListWidget()
        self._thumbs.setUniformItemSizes(True)
        self._thumbs.setItemDelegate(_Thumbnail(painter, view))
        self._thumbs.itemActivated.connect(self._go)
        self._thumbs.itemClicked.connect(self._go)
        self._matches = QListWidget()
        self._matches.setWordWrap(True)
        self._matches.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._matches.itemActivated.connect(lambda item: self.match_wanted.emit(self._matches.row(item)))
        self._matches.itemClicked.connect(lambda item: self.match_wanted.emit(self._matches.row(item)))
        for widget in (self._outline, self._thumbs, self._matches):
            self.addTab(widget, "")
        self.currentChanged.connect(lambda _index: self.pages_changed())
        view.current_changed.connect(self._follow)
        self.hide()
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        lists = ((self._outline, "outline"), (self._thumbs, "thumbnails"), (self._matches, "matches"))
        for index, (widget, key) in enumerate(lists):
            self.setTabText(index, words(f"desk.viewer.{key}"))
            widget.setAccessibleName(words(f"desk.viewer.{key}").replace("&", ""))

    def pages_changed(self) -> None:
        """Fill the list that is seen; the other waits until it is. Without pages both are empty at once."""
        if not self._view.pages:
            self._outline.clear()
            self._thumbs.clear()
        if not self.isVisible():
            return
        if self.currentWidget() is self._outline:
            self._fill_outline()
        elif self.currentWidget() is self._thumbs:
            self._fill_thumbs()
        self._follow(self._view.current)

    def show_matches(self, hits: Sequence[Found], now: int) -> None:
        """Every match with its page and the words it stands in, at most so many as a person would read."""
        words = self._context.words
        if self._listed != list(hits):
            self._listed = list(hits)
            self._matches.clear()
            for hit in self._listed[:_MOST_MATCHES]:
                self._matches.addItem(words("desk.viewer.match", page=hit.page + 1, words=hit.words.strip()))
            if len(self._listed) > _MOST_MATCHES:
                more = QListWidgetItem(words("desk.viewer.more_matches", count=len(self._listed) - _MOST_MATCHES))
                more.setFlags(Qt.ItemFlag.NoItemFlags)
                self._matches.addItem(more)
        self._matches.setCurrentRow(now if now < _MOST_MATCHES else -1)

    def open_matches(self) -> None:
        """Beside the pages, whatever stood there."""
        self.show()
        self.setCurrentWidget(self._matches)

    def _fill_outline(self) -> None:
        self._outline.clear()
        parents: dict[int, QTreeWidgetItem] = {}
        for number, page in enumerate(self._view.pages, start=1):
            for level, words in page.outline:
                item = QTreeWidgetItem([words])
                item.setToolTip(0, words)
                item.setData(0, _PAGE, number)
                parent = parents.get(level - 1)
                if parent is None:
                    self._outline.addTopLevelItem(item)
                else:
                    parent.addChild(item)
                parents[level] = item
        self._outline.expandAll()

    def _fill_thumbs(self) -> None:
        self._thumbs.clear()
        for number, page in enumerate(self._view.pages, start=1):
            item = QListWidgetItem(str(number))
            item.setData(_PAGE, number)
            item.setSizeHint(QSize(_THUMB_WIDTH + 24, round(_THUMB_WIDTH * page.height / page.width) + 30))
            self._thumbs.addItem(item)

    def _go(self, item: QTreeWidgetItem | QListWidgetItem, _column: int = 0) -> None:
        page = item.data(0, _PAGE) if isinstance(item, QTreeWidgetItem) else item.data(_PAGE)
        self._view.go_to(int(page))

    def _follow(self, current: int) -> None:
        """Choose the entry of the page that is looked at."""
        if not self.isVisible() or self.currentWidget() is self._matches:
            return
        if self.currentWidget() is self._thumbs:
            self._thumbs.setCurrentRow(current - 1)
            return
        best: QTreeWidgetItem | None = None
        for index in range(self._outline.topLevelItemCount()):
            top = self._outline.topLevelItem(index)
            if top is None:
                continue
            for item in (top, *(top.child(n) for n in range(top.childCount()))):
                if item is not None and item.data(0, _PAGE) <= current:
                    best = item
        if best is not None:
            self._outline.setCurrentItem(best)


class _Thumbnail(QStyledItemDelegate):
    """Paints a page small when it comes into sight, and its number below."""

    def __init__(self, painter: PagePainter, view: PageView) -> None:
        super().__init__()
        self._view = view
        self._pictures = PagePictures(painter)
        self._of: int = 0

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, option.palette.highlight())
        number = int(index.data(_PAGE))
        if number > len(self._view.pages):
            return
        if self._of != id(self._view.pages):
            self._pictures.forget()
            self._of = id(self._view.pages)
        page = self._view.pages[number - 1]
        picture: QPixmap = self._pictures.picture(self._view.pages, number - 1, _THUMB_WIDTH / page.width, 1.0)
        left = rect.center().x() - _THUMB_WIDTH // 2
        painter.drawPixmap(left, rect.top() + 6, picture)
        painter.setPen(option.palette.mid().color())
        painter.drawRect(QRect(left, rect.top() + 6, picture.width(), picture.height()))
        painter.setPen(option.palette.text().color())
        painter.drawText(
            rect.adjusted(0, 0, 0, -4), Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, str(number)
        )
