"""What closing the window means: asked once, with the answer kept (UI.md, Frame)."""

from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.tray import QUIT, TRAY


def ask_how_to_close(parent: QWidget, context: DeskContext, has_tray: bool) -> str:
    """`tray` (or minimised where there is no tray), `quit`, or an empty text for staying as it is."""
    words = context.words
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("RepairCenter")
    box.setText(words("desk.closing.title"))
    box.setInformativeText(words("desk.closing.tray_text" if has_tray else "desk.closing.minimise_text"))
    keep = QCheckBox(words("desk.closing.remember"))
    box.setCheckBox(keep)
    stay = box.addButton(
        words("desk.closing.tray" if has_tray else "desk.closing.minimise"), QMessageBox.ButtonRole.AcceptRole
    )
    leave = box.addButton(words("desk.closing.quit"), QMessageBox.ButtonRole.DestructiveRole)
    box.addButton(words("desk.configuration.cancel").replace("&", ""), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.exec()
    pressed = box.clickedButton()
    chosen = TRAY if pressed is stay else QUIT if pressed is leave else ""
    if chosen and keep.isChecked():
        context.remember("closing", chosen)
    return chosen
