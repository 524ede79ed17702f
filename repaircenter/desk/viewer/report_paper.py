"""What leaves the viewer: copies, paper, files (A-47, A-49, V-15, V-16, V-19, V-21)."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.notices.banner import Banner
from repaircenter.desk.kit.notices.written_file import tell_written
from repaircenter.desk.viewer.copying import TableCopier
from repaircenter.desk.viewer.pages.painter import PagePainter
from repaircenter.desk.viewer.report_saving import ReportFiles
from repaircenter.rendering.drawing import Page, PageSetup
from repaircenter.rendering.exports import table_html, table_tsv
from repaircenter.wire.document.parts import Header, Part

# So long a quick print can be undone.
UNDO_MS = 4000


class ReportPaper(QObject):
    """Says in the banner what it does; `say_again` brings back what stood there before."""

    def __init__(
        self, parent: QWidget, context: DeskContext, painter: PagePainter, banner: Banner, say_again: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._context, self._painter, self._banner, self._say_again = context, painter, banner, say_again
        self._soon: QTimer | None = None
        self._said = 0
        self._copier = TableCopier()
        self._files = ReportFiles(context, painter)

    def copy(self, parts: Sequence[Part]) -> None:
        """The tables as text and HTML, made in the background: a report of 9,000 rows takes a while."""
        kept = list(parts)
        self._context.background.run(lambda: (table_tsv(kept), table_html(kept)), self._copier.put, takes_long=True)

    def copy_words(self, words: str) -> None:
        """A piece of a page, as it was marked."""
        self._copier.put_words(words)

    def let_go(self) -> None:
        """The program ends; what was copied stays."""
        self.stop_printing()
        self._copier.let_go()

    def print_pages(self, pages: Sequence[Page]) -> None:
        """The system's print dialog, then the same operations on the printer."""
        from repaircenter.desk.viewer.printing import ask_and_print

        ask_and_print(self._window, self._painter, list(pages))

    def print_now(self, pages: Sequence[Page]) -> None:
        """On the usual printer without asking, after a moment in which it can be undone; asked again it begins anew."""
        from repaircenter.desk.viewer.printing import print_on, usual_printer

        self.stop_printing()
        printer, shown = usual_printer(pages[0]), list(pages)
        if printer is None:
            self.print_pages(shown)
            return
        words = self._context.words
        soon = self._soon = QTimer(self, singleShot=True, interval=UNDO_MS)

        def print_them() -> None:
            print_on(printer, self._painter, shown)
            self.stop_printing()

        soon.timeout.connect(print_them)
        soon.start()
        text = words.count("desk.viewer.printing", len(shown), printer=printer.printerName(), count=len(shown))
        self._said = self._banner.say(text, [(words("desk.undo"), self.stop_printing)])

    def stop_printing(self) -> None:
        """What waits for its moment is not printed; its notice goes, unless something else was said meanwhile."""
        soon, self._soon = self._soon, None
        if soon is not None:
            soon.stop()
            soon.deleteLater()
            if self._banner.says(self._said):
                self._say_again()

    def ask_where(self, header: Header, format_: str) -> Path | None:
        """The system's dialog; None when the person thought better of it."""
        return self._files.ask_where(self._window, header, format_)

    def save(self, parts: list[Part], pages: list[Page], setup: PageSetup, path: Path, format_: str) -> None:
        """Write the document in one of FORMATS; an existing file is replaced in one step."""
        words = self._context.words

        def done(written: Path) -> None:
            tell_written(self._context, written)

        def failed(sentence: str) -> None:
            self._banner.say(sentence or words("desk.viewer.not_saved"))

        self._files.save(parts, pages, setup, path, format_, done, failed)
