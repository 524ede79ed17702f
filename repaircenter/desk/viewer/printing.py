"""Prints pages: the system's dialog or the usual printer, then the same operations as on screen, a page a turn of the
event loop (A-47, V-15, V-16)."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from repaircenter.desk.viewer.pages.painter import PagePainter
from repaircenter.rendering.drawing import A4, Page


def ask_and_print(parent: QWidget, painter: PagePainter, pages: Sequence[Page]) -> None:
    """Ask for printer, range and copies, and print. Imported when it is used only (start-up)."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    set_layout(printer, pages[0])
    dialog = QPrintDialog(printer, parent)
    dialog.setMinMax(1, len(pages))
    if dialog.exec() == QPrintDialog.DialogCode.Accepted:
        print_on(printer, painter, pages)


def usual_printer(page: Page) -> QPrinter | None:
    """The system's usual printer set to the page's paper; None where there is none."""
    usual = QPrinterInfo.defaultPrinter()
    if usual.isNull():
        return None
    printer = QPrinter(usual, QPrinter.PrinterMode.HighResolution)
    set_layout(printer, page)
    return printer


def set_layout(printer: QPrinter, page: Page) -> None:
    """Paper and orientation as the page has them; they bring their own margins.

    Set one by one: a printer with margins of its own refuses a whole layout without any, and keeps its usual paper.
    """
    is_a4 = abs(min(page.width, page.height) - A4.width) < 1.0
    size = QPageSize(QPageSize.PageSizeId.A4 if is_a4 else QPageSize.PageSizeId.Letter)
    wide = page.width > page.height
    orientation = QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait
    printer.setPageSize(size)
    printer.setPageOrientation(orientation)
    printer.setFullPage(True)


def print_on(printer: QPrinter, page_painter: PagePainter, pages: Sequence[Page]) -> None:
    """Paint the chosen range; the window stays alive between two pages, and what is shown in it may change."""
    pages = list(pages)
    first = printer.fromPage() or 1
    last = min(printer.toPage() or len(pages), len(pages))
    painter = QPainter(printer)
    scale = printer.resolution() / 25.4
    numbers = iter(range(first, last + 1))

    def next_page(is_first: bool) -> None:
        number = next(numbers, None)
        if number is None:
            painter.end()
            return
        if not is_first:
            printer.newPage()
        try:
            painter.save()
            painter.scale(scale, scale)
            page_painter.paint(painter, pages[number - 1], number, len(pages))
            painter.restore()
        except Exception:
            # A painter that is left open would take the program down when it is collected.
            painter.end()
            raise
        QTimer.singleShot(0, partial(next_page, False))

    next_page(True)
