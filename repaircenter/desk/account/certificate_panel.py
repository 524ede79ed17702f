"""What a person must agree to before anything is sent: a certificate this PC does not know, compared by its fingerprint, or
a way that is not encrypted (DESIGN 3.10)."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout

from repaircenter.desk.kit.bound_texts import write
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.shop.ports import PLAIN


class CertificatePanel(QFrame):
    """Hidden until there is a fingerprint to agree to; `trusted` gets exactly that one and the address it is of."""

    def __init__(self, context: DeskContext, trusted: Callable[[str, str], None]) -> None:
        super().__init__()
        self._context = context
        self._fingerprint = self._address = ""
        self.setProperty("role", "banner")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        self._text, self._shown = label("", wrap=True), label("", wrap=True)
        self._shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._agree = QCheckBox()
        self._trust = button("", lambda: trusted(self._fingerprint, self._address))
        self._agree.toggled.connect(self._trust.setEnabled)
        for part in (self._text, self._shown, self._agree, row_of(self._trust)):
            column.addWidget(part)
        self.hide()
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        kind = "plain" if self._fingerprint == PLAIN else "certificate"
        self._text.setText(words(f"desk.{kind}.text"))
        self._agree.setText(words(f"desk.{kind}.agree"))
        write(self._trust, words(f"desk.{kind}.trust"))

    def ask(self, fingerprint: str | None, address: str = "") -> None:
        """Show the fingerprint of an address; None takes the question away."""
        self._address = address
        self._agree.setChecked(False)
        self._trust.setEnabled(False)
        self._fingerprint = fingerprint or ""
        self.retranslate()
        groups = [self._fingerprint[at : at + 4].upper() for at in range(0, len(self._fingerprint), 4)]
        half = len(groups) // 2
        self._shown.setText("SHA-256\n" + "\n".join(" ".join(line) for line in (groups[:half], groups[half:])))
        self._shown.setVisible(self._fingerprint != PLAIN)
        self.setVisible(bool(fingerprint))

    @property
    def fingerprint(self) -> str:
        return self._fingerprint
