"""The form by which a person signs in for reports (DESIGN 3.10). Never modal; the password is kept nowhere."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QFrame, QLineEdit, QVBoxLayout, QWidget

from repaircenter.desk.desk_context import DeskContext
from repaircenter.desk.pieces import button, label
from repaircenter.shop.ports import PersonLink
from repaircenter.wire.messages import SessionAnswer


class SignInPanel(QWidget):
    """Calls `signed_in` with the session."""

    def __init__(self, context: DeskContext, signed_in: Callable[[SessionAnswer], None]) -> None:
        super().__init__()
        self._context = context
        self._signed_in = signed_in
        self._link: PersonLink | None = None
        outer = QVBoxLayout(self)
        outer.setAlignment(Qt.AlignmentFlag.AlignCenter)
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(420)
        outer.addWidget(card)
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        self._title, self._text = label("", "title"), label("", "soft", wrap=True)
        self._email, self._password = QLineEdit(), QLineEdit()
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._email_label, self._password_label = label(""), label("")
        self._email_label.setBuddy(self._email)
        self._password_label.setBuddy(self._password)
        form = QFormLayout()
        form.addRow(self._email_label, self._email)
        form.addRow(self._password_label, self._password)
        self._problem = label("", "problem", wrap=True)
        self._button = button("", self._pressed, primary=True)
        self._password.returnPressed.connect(self._pressed)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addLayout(form)
        column.addWidget(self._problem)
        column.addWidget(self._button)
        self.retranslate()

    def retranslate(self) -> None:
        words = self._context.words
        self._title.setText(words("desk.sign_in.title"))
        self._text.setText(words("desk.sign_in.text"))
        self._email_label.setText(words("desk.sign_in.email"))
        self._password_label.setText(words("desk.sign_in.password"))
        self._email.setAccessibleName(words("desk.sign_in.email").replace("&", ""))
        self._password.setAccessibleName(words("desk.sign_in.password").replace("&", ""))
        self._button.setText(words("desk.sign_in.button"))
        self._button.setAccessibleName(words("desk.sign_in.button"))

    def attach(self, link: PersonLink | None) -> None:
        self._link = link

    def _pressed(self) -> None:
        self.sign_in(self._email.text().strip(), self._password.text())

    def sign_in(self, email: str, password: str) -> None:
        link = self._link
        if link is None or not email or not password:
            return
        self._button.setEnabled(False)
        self._problem.setText("")
        self._context.background.run(lambda: link.sign_in(email, password), self._done, self._failed)

    def _done(self, session: SessionAnswer) -> None:
        self._button.setEnabled(True)
        self._password.clear()
        self._signed_in(session)

    def _failed(self, sentence: str) -> None:
        self._button.setEnabled(True)
        self._problem.setText(self._context.words.sentence(sentence) or self._context.words("desk.viewer.failed_text"))
        self._password.setFocus()
