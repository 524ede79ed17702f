"""The form by which a person signs in or unlocks the desk (DESIGN 3.10). Never modal; the password is kept nowhere."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from repaircenter.desk.account.account import Account
from repaircenter.desk.kit.bound_texts import write
from repaircenter.desk.kit.card import card_on
from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.operations import Command
from repaircenter.desk.kit.widgets import button, label


class SignInPanel(QWidget):
    """Follows the account: it asks for a sign-in, or for the password of the person who locked the desk."""

    def __init__(self, context: DeskContext, account: Account) -> None:
        super().__init__()
        self._context = context
        self._account = account
        column = card_on(self, 440)
        self._title, self._text = label("", "title"), label("", "soft", wrap=True)
        self._email, self._password = QLineEdit(), QLineEdit()
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._email_label, self._password_label = label(""), label("")
        self._email_label.setBuddy(self._email)
        self._password_label.setBuddy(self._password)
        form = QFormLayout()
        form.addRow(self._email_label, self._email)
        form.addRow(self._password_label, self._password)
        self._stay = QCheckBox()
        self._problem = label("", "problem", wrap=True)
        self._button = button("", self._pressed, primary=True)
        self._other = button("", account.sign_out)
        self._forgot = button("", self._pressed_forgot)
        self._sent = label("", "soft", wrap=True)
        self._asking = Command(context.operations, self._forgot.setDisabled)
        self._email.returnPressed.connect(self._password.setFocus)
        self._password.returnPressed.connect(self._pressed)
        row = QHBoxLayout()
        row.addWidget(self._button)
        row.addWidget(self._other)
        row.addWidget(self._forgot)
        row.addStretch(1)
        column.addWidget(self._title)
        column.addWidget(self._text)
        column.addLayout(form)
        column.addWidget(self._stay)
        column.addWidget(self._problem)
        column.addWidget(self._sent)
        column.addLayout(row)
        self._problem.hide()
        self._sent.hide()
        account.changed.connect(self.show_account)
        bind = self._context.texts.bind
        bind(self._email_label, "desk.sign_in.email")
        bind(self._password_label, "desk.sign_in.password")
        bind(self._email, name="desk.sign_in.email")
        bind(self._password, name="desk.sign_in.password")
        bind(self._stay, "desk.sign_in.stay")
        bind(self._other, "desk.sign_in.other")
        bind(self._forgot, "desk.sign_in.forgot")
        self.retranslate()

    def retranslate(self) -> None:
        self.show_account()

    def show_account(self) -> None:
        """The words of a locked desk, or of one nobody is signed in at."""
        words, account = self._context.words, self._account
        key = "locked" if account.locked else "hidden" if account.hides else "sign_in"
        self._title.setText(words(f"desk.sign_in.{key}_title"))
        self._text.setText(words(f"desk.sign_in.{key}_text"))
        write(self._button, words("desk.sign_in.unlock" if account.locked else "desk.sign_in.button"))
        for part in (self._email_label, self._email, self._stay):
            part.setVisible(not account.locked)
        self._other.setVisible(account.locked)
        self._forgot.setVisible(not account.locked)
        self._sent.setVisible(self._sent.isVisible() and not account.locked)
        if account.email and not self._email.text():
            self._email.setText(account.email)

    def set_focus(self) -> None:
        (self._password if self._account.locked or self._email.text() else self._email).setFocus()

    def _pressed(self) -> None:
        if self._account.locked:
            self._wait()
            self._account.unlock(self._password.text(), self._failed)
        else:
            self.sign_in(self._email.text().strip(), self._password.text())
        self._password.clear()

    def sign_in(self, email: str, password: str) -> None:
        if not email or not password:
            self._failed(self._context.words("error.fill_all"))
            return
        self._wait()
        self._account.sign_in(email, password, stay=self._stay.isChecked(), failed=self._failed)

    def _pressed_forgot(self) -> None:
        """Have a link sent to the address that was written, whether it has an account or not."""
        words, email = self._context.words, self._email.text().strip()
        if not email:
            self._problem.setText(words("desk.sign_in.forgot_whose"))
            self._problem.show()
            self._email.setFocus()
            return
        self._clear_words()
        self._asking.run(
            lambda: self._account.send_link(email), lambda _none: self._say_sent(email), self._say_not_sent
        )

    def _say_sent(self, email: str) -> None:
        self._sent.setText(self._context.words("desk.sign_in.forgot_sent", email=email))
        self._sent.show()

    def _say_not_sent(self, sentence: str) -> None:
        self._problem.setText(sentence or self._context.words("desk.viewer.failed_text"))
        self._problem.show()

    def _clear_words(self) -> None:
        self._problem.hide()
        self._sent.hide()

    def _wait(self) -> None:
        self._clear_words()
        self._button.setEnabled(False)
        self._account.changed.connect(self._done, Qt.ConnectionType.SingleShotConnection)

    def _done(self) -> None:
        self._button.setEnabled(True)

    def _failed(self, sentence: str) -> None:
        words = self._context.words
        self._button.setEnabled(True)
        self._problem.setText(sentence or words("desk.viewer.failed_text"))
        self._problem.show()
        self._password.setFocus()
