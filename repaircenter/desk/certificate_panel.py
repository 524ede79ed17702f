"""A certificate this PC does not know: its fingerprint, and the consent of a person who compared it (DESIGN 3.10)."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout

from repaircenter.desk.desk_context import DeskContext
from repaircenter.desk.pieces import button, label, row_of


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
        self._text.setText(words("desk.certificate.text"))
        self._agree.setText(words("desk.certificate.agree"))
        self._trust.setText(words("desk.certificate.trust"))
        self._trust.setAccessibleName(words("desk.certificate.trust").replace("&", ""))

    def ask(self, fingerprint: str | None, address: str = "") -> None:
        """Show the fingerprint of an address; None takes the question away."""
        self._address = address
        self._agree.setChecked(False)
        self._trust.setEnabled(False)
        self._fingerprint = fingerprint or ""
        groups = [self._fingerprint[at : at + 4].upper() for at in range(0, len(self._fingerprint), 4)]
        self._shown.setText("SHA-256  " + " ".join(groups))
        self.setVisible(bool(fingerprint))

    @property
    def fingerprint(self) -> str:
        return self._fingerprint
