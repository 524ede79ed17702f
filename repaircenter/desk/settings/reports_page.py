"""Configuration > Reports: the logo that stands on every report of the organisation's shops (issue 15.19)."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QVBoxLayout

from repaircenter.desk.account.account import Account
from repaircenter.desk.kit.bound_texts import without_mark
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.operations import Query
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.desk.settings.settings_page import SettingsPage
from repaircenter.wire import endpoints
from repaircenter.wire.organisation import Logo
from repaircenter.wire.vocabulary import LOGO_BYTES, LOGO_SIDE

# Pixels of the preview, on white as paper is.
_WIDE, _HIGH = 300, 110
_SMALLER = 0.7
_KINDS = "*.png *.jpg *.jpeg *.gif *.bmp *.webp *.tif *.tiff"


class ReportsPage(SettingsPage):
    """What is chosen is kept by Apply; the service has it then, and every PC of the organisation shows it."""

    def __init__(self, context: DeskContext, account: Account) -> None:
        super().__init__(context, "reports")
        self._account = account
        self._kept: bytes | None = None
        self._image = b""
        self._asking = Query(context.operations)
        self._paper = QFrame()
        self._paper.setStyleSheet("QFrame { background: #ffffff; border: 1px solid #9aa5b1; border-radius: 4px; }")
        self._paper.setFixedSize(_WIDE, _HIGH)
        self._shown = QLabel()
        self._shown.setStyleSheet("border: 0; color: #566270;")
        self._shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside = QVBoxLayout(self._paper)
        inside.addWidget(self._shown)
        self._choose, self._remove = button("", self._pressed_choose), button("", self._pressed_remove)
        self._note = label("", "soft", wrap=True)
        self.build((row_of(self._paper), row_of(self._choose, self._remove), self._note))
        self.setFocusProxy(self._choose)
        account.changed.connect(self.load)
        bind = context.texts.bind
        bind(self._choose, "desk.reports.choose")
        bind(self._remove, "desk.reports.remove")
        self.retranslate()

    def retranslate(self) -> None:
        super().retranslate()
        self._show()

    def load(self) -> None:
        control = self.control
        self._kept = None
        self._image = b""
        self._show()
        if control is None or control.person is None or self._account.session is None:
            self._asking.drop()
            return
        link = control.person

        def show(logo: Logo) -> None:
            self._kept = self._image = logo.image
            self._show()

        self._asking.ask(lambda: link.call(endpoints.LOGO), show, self.say)

    def _show(self) -> None:
        words = self.context.words
        picture = QPixmap()
        picture.loadFromData(self._image)
        if picture.isNull():
            self._shown.setPixmap(QPixmap())
            self._shown.setText(words("desk.reports.none"))
        else:
            size = picture.size().scaled(_WIDE - 24, _HIGH - 24, Qt.AspectRatioMode.KeepAspectRatio)
            mode = Qt.TransformationMode.SmoothTransformation
            self._shown.setPixmap(picture.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, mode))
        self._shown.setAccessibleName(words("desk.reports.none" if picture.isNull() else "desk.reports.logo"))
        self._choose.setEnabled(self._kept is not None)
        self._remove.setEnabled(bool(self._image))
        self._note.setText(words("desk.reports.sign_in" if self._kept is None else "desk.reports.note"))

    def _pressed_choose(self) -> None:
        words = self.context.words
        name, _ = QFileDialog.getOpenFileName(
            self, without_mark(words("desk.reports.choose")), "", f"{words('desk.reports.pictures')} ({_KINDS})"
        )
        if name:
            self.take(Path(name))

    def take(self, path: Path) -> None:
        """Show a picture of this PC as it will stand on the reports; read in the background."""

        def show(image: bytes) -> None:
            if not image:
                self.say(self.context.words("error.no_picture"))
                return
            self.say("")
            self._image = image
            self._show()

        self.context.background.run(lambda: as_logo(path), show, self.say)

    def _pressed_remove(self) -> None:
        self._image = b""
        self._show()

    @property
    def is_changed(self) -> bool:
        return self._kept is not None and self._image != self._kept

    def apply(self, done: Callable[[], None]) -> None:
        control, image = self.control, self._image
        if control is None or control.person is None or not self.is_changed:
            done()
            return
        link = control.person

        def kept() -> None:
            self._kept = image
            self._show()
            done()

        self.run(lambda: link.call(endpoints.PUT_LOGO, Logo(image=image)), kept)


def as_logo(path: Path) -> bytes:
    """A picture as PNG, made small enough for the service; empty for what is none. Any thread."""
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return b""
    side = LOGO_SIDE
    while side >= 1:
        picture.thumbnail((side, side))
        data = BytesIO()
        picture.save(data, "PNG", optimize=True)
        if len(data.getvalue()) <= LOGO_BYTES:
            return data.getvalue()
        side = int(side * _SMALLER)
    return b""
