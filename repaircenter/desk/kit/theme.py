"""Colours, fonts and icons of the desk (UI.md, Look): light and dark from one style sheet."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from repaircenter.rendering.fonts import BOLD, ITALIC, REGULAR, font_file
from repaircenter.runtime.resources import resource

LIGHT = {
    "ink": "#1c2530",
    "soft": "#566270",
    "faint": "#8a95a1",
    "paper": "#ffffff",
    "ground": "#f4f6f8",
    "bar": "#e9edf1",
    "line": "#c3ccd5",
    "hairline": "#e4e8ec",
    "hover": "#dde4eb",
    "chosen": "#d5e4f6",
    "accent": "#1f5fae",
    "on_accent": "#ffffff",
    "notice": "#fff8e6",
    "good": "#186a33",
    "attention": "#8a5a00",
    "problem": "#b3261e",
    "unknown": "#566270",
    "desk": "#c9d0d8",
}
DARK = {
    "ink": "#e9edf2",
    "soft": "#aab5c0",
    "faint": "#75808c",
    "paper": "#1e252d",
    "ground": "#161b21",
    "bar": "#232b34",
    "line": "#46525f",
    "hairline": "#2c353f",
    "hover": "#2f3a46",
    "chosen": "#2b4568",
    "accent": "#7db4f5",
    "on_accent": "#10161d",
    "notice": "#332b17",
    "good": "#7fd39a",
    "attention": "#f0c265",
    "problem": "#ff9a90",
    "unknown": "#aab5c0",
    "desk": "#0f1317",
}


class Theme:
    """The colours in use; `apply` sets them for the whole program."""

    def __init__(self, choice: str = "system") -> None:
        self.choice = choice
        self.colours = LIGHT

    @property
    def is_dark(self) -> bool:
        return self.colours is DARK

    def apply(self, app: QApplication) -> None:
        scheme = app.styleHints().colorScheme()
        dark = self.choice == "dark" or (self.choice == "system" and scheme == Qt.ColorScheme.Dark)
        self.colours = DARK if dark else LIGHT
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setPalette(self._palette())
        sheet = resource("styles", "desk.qss").read_text("utf-8")
        marks = resource("styles").as_posix()
        sheet = sheet.replace("@marks", f"{marks}/{'dark' if dark else 'light'}")
        for name in sorted(self.colours, key=len, reverse=True):
            sheet = sheet.replace(f"@{name}", self.colours[name])
        app.setStyleSheet(sheet)

    def colour(self, name: str) -> QColor:
        return QColor(self.colours[name])

    def icon(self, name: str, colour: str = "soft") -> QIcon:
        """An icon by its name in the icon font, in this theme's colours. Imported after the first paint: start-up time."""
        from repaircenter.desk.kit.icons import icon

        return icon(name, self.colours[colour], self.colours["faint"], self.colours["ink"])

    def _palette(self) -> QPalette:
        palette = QPalette()
        roles = {
            QPalette.ColorRole.Window: "ground",
            QPalette.ColorRole.WindowText: "ink",
            QPalette.ColorRole.Base: "paper",
            QPalette.ColorRole.AlternateBase: "ground",
            QPalette.ColorRole.Text: "ink",
            QPalette.ColorRole.Button: "bar",
            QPalette.ColorRole.ButtonText: "ink",
            QPalette.ColorRole.Highlight: "accent",
            QPalette.ColorRole.HighlightedText: "on_accent",
            QPalette.ColorRole.ToolTipBase: "paper",
            QPalette.ColorRole.ToolTipText: "ink",
            QPalette.ColorRole.PlaceholderText: "soft",
            QPalette.ColorRole.Link: "accent",
        }
        for role, name in roles.items():
            palette.setColor(role, self.colour(name))
        disabled = QPalette.ColorGroup.Disabled
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
            palette.setColor(disabled, role, self.colour("faint"))
        return palette


def load_fonts(app: QApplication) -> dict[str, str]:
    """Register the bundled family and use it everywhere; return face -> family name."""
    families: dict[str, str] = {}
    for face in (REGULAR, BOLD, ITALIC):
        number = QFontDatabase.addApplicationFont(str(font_file(face)))
        names = QFontDatabase.applicationFontFamilies(number)
        families[face] = names[0] if names else app.font().family()
    font = QFont(families[REGULAR])
    font.setPixelSize(14)
    app.setFont(font)
    return families
