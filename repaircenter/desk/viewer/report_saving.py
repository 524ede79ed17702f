"""Saves a report as a file: PDF, workbook, CSV, HTML, or a picture of each page (A-49, V-19)."""

from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.viewer.pages.painter import PagePainter
from repaircenter.rendering.drawing import Page, PageSetup
from repaircenter.runtime.errors import file_not_written
from repaircenter.wire.document.parts import Header, Part

FORMATS = ("pdf", "xlsx", "csv", "html", "png")
_PNG_PER_MM = 150 / 25.4


class ReportFiles:
    """Asks where, remembers the folder, writes in the background."""

    def __init__(self, context: DeskContext, painter: PagePainter) -> None:
        self._context, self._painter = context, painter

    def ask_where(self, parent: QWidget, header: Header, format_: str) -> Path | None:
        """The system's dialog with a name to begin with; None when the person thought better of it."""
        words, settings = self._context.words, self._context.settings
        name = suggested_name(header, dict(header.facts).get(words("report.fact.period"), ""))
        folder = Path(str(settings.value("save_folder", str(Path.home()))))
        chosen, _ = QFileDialog.getSaveFileName(
            parent,
            words("desk.viewer.save"),
            str(folder / f"{name}.{format_}"),
            f"{words(f'desk.viewer.save_{format_}')} (*.{format_})",
        )
        if not chosen:
            return None
        self._context.remember("save_folder", str(Path(chosen).parent))
        return Path(chosen)

    def save(
        self,
        parts: Sequence[Part],
        pages: Sequence[Page],
        setup: PageSetup,
        path: Path,
        format_: str,
        done: Callable[[Path], None],
        failed: Callable[[str], None],
    ) -> None:
        """`pages` are those of `setup`; they go into PDF and PNG as they are."""
        painter = self._painter

        def work() -> Path:
            if format_ == "png":
                return write_pictures(painter, pages, path)
            return write(parts, pages, setup, path, format_)

        self._context.background.run(work, done, failed, takes_long=True)


def suggested_name(header: Header, period: str) -> str:
    """report_shop_period, without what a file's name must not hold."""
    shop = header.subtitle if len(header.subtitle) <= 40 else ""
    name = "_".join(part for part in (header.title, shop, period.replace(" – ", "_")) if part)
    return "".join("-" if char in '/\\:*?"<>| ,' else char for char in name).replace("--", "-")


def write(parts: Sequence[Part], pages: Sequence[Page], setup: PageSetup, path: Path, format_: str) -> Path:
    """Put the document into a file in one step; an existing one is replaced. Raises EnvironmentFailure. Any thread."""
    from repaircenter.rendering.exports import encode
    from repaircenter.rendering.flat import header_of
    from repaircenter.rendering.pdf import save, write_pdf

    header = header_of(parts)
    try:
        if format_ == "pdf":
            save(write_pdf(pages, header.title, header.language, header.subtitle), path)
        else:
            save(encode(parts, format_, setup), path)
    except OSError as error:
        raise file_not_written(path, error) from None
    return path


def write_pictures(painter: PagePainter, pages: Sequence[Page], path: Path) -> Path:
    """One PNG of 150 dots an inch for each page: name.png, or name-1.png, name-2.png … Gives the first.

    The person was asked about name.png only: none of the others is written over (A-49). Any thread: it paints on an
    image.
    """
    from repaircenter.rendering.pdf import save

    try:
        targets = [path] if len(pages) == 1 else _free(path, len(pages))
        for number, (page, target) in enumerate(zip(pages, targets, strict=True), start=1):
            save(_png(painter, page, number, len(pages)), target)
    except OSError as error:
        raise file_not_written(path, error) from None
    return targets[0]


def _free(path: Path, number: int) -> list[Path]:
    """Numbered names of which none is taken: name-1 …, else name (2)-1 …"""
    for turn in count(1):
        stem = path.stem if turn == 1 else f"{path.stem} ({turn})"
        paths = [path.with_stem(f"{stem}-{page}") for page in range(1, number + 1)]
        if not any(path.exists() for path in paths):
            return paths
    raise AssertionError


def _png(page_painter: PagePainter, page: Page, number: int, pages: int) -> bytes:
    picture = QImage(round(page.width * _PNG_PER_MM), round(page.height * _PNG_PER_MM), QImage.Format.Format_RGB32)
    picture.setDotsPerMeterX(round(_PNG_PER_MM * 1000))
    picture.setDotsPerMeterY(round(_PNG_PER_MM * 1000))
    picture.fill(0xFFFFFFFF)
    painter = QPainter(picture)
    painter.scale(_PNG_PER_MM, _PNG_PER_MM)
    page_painter.paint(painter, page, number, pages)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(picture)
    return bytes(buffer.data().data())
