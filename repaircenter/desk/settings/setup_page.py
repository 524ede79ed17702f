"""First run in five short steps (UI.md): what this PC does, the folder, the service, when to send, done.

Nothing leaves this PC before its person saw what leaves, word for word.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QRadioButton,
    QStackedWidget,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from repaircenter.desk.account.certificate_panel import CertificatePanel
from repaircenter.desk.kit.bound_texts import write
from repaircenter.desk.kit.desk_context import LANGUAGE_NAMES, DeskContext
from repaircenter.desk.kit.form import SECRET, Field, Form
from repaircenter.desk.kit.tables import fill, read_only_table
from repaircenter.desk.kit.widgets import button, label
from repaircenter.desk.outbox.sent_view import field_name
from repaircenter.desk.settings.rule_choice import RuleChoice
from repaircenter.runtime.text import LANGUAGES
from repaircenter.shop.controls import ShopControl
from repaircenter.shop.model.folder import FolderTest
from repaircenter.shop.outbox.messages import every_field
from repaircenter.shop.ports import UnknownCertificate

STEPS = ("purpose", "folder", "service", "sending", "done")
_FIELDS = (Field(name="service"), Field(name="email"), Field(name="password", kind=SECRET))


class SetupPage(QWidget):
    """Pairs this PC at the third step; `finished` is called when collecting has begun."""

    def __init__(self, context: DeskContext, finished: Callable[[], None], set_language: Callable[[str], None]) -> None:
        super().__init__()
        self._context = context
        self._finished = finished
        self._set_language = set_language
        self._control: ShopControl | None = None
        self._step = 0
        outer = QVBoxLayout(self)
        outer.setAlignment(Qt.AlignmentFlag.AlignCenter)
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(640)
        outer.addWidget(card)
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        self._count, self._title = label("", "soft"), label("", "title")
        self._text = label("", "soft", wrap=True)
        self._pages = QStackedWidget()
        for build in (self._build_purpose, self._build_folder, self._build_service, self._build_sending):
            self._pages.addWidget(build())
        self._pages.addWidget(QWidget())
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        self._back, self._next = button("", self._pressed_back), button("", self._pressed_next, primary=True)
        row = QHBoxLayout()
        row.addWidget(self._back)
        row.addStretch(1)
        row.addWidget(self._next)
        for part in (self._count, self._title, self._text, self._pages, self._problem):
            column.addWidget(part)
        column.addLayout(row)
        bind = self._context.texts.bind
        bind(self._language_label, "desk.appearance.language")
        bind(self._language, name="desk.appearance.language")
        bind(self._collects, "desk.setup.collects")
        bind(self._only, "desk.setup.only")
        bind(self._seen, "desk.setup.seen")
        bind(self._browse, "desk.setup.browse")
        bind(self._back, "desk.setup.back")
        bind(self._test, "desk.directories.test")
        bind(self._collects_note, "desk.setup.collects_text")
        bind(self._only_note, "desk.setup.only_text")
        bind(self._folder_label, "desk.setup.folder")
        bind(self._folder, name="desk.setup.folder")
        bind(self._leaves_label, "desk.setup.leaves")
        bind(self._leaves, name="desk.setup.leaves")
        self.retranslate()

    def _build_purpose(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        form = QFormLayout()
        self._language, self._language_label = QComboBox(), label("")
        self._language_label.setBuddy(self._language)
        for language in LANGUAGES:
            self._language.addItem(LANGUAGE_NAMES[language], language)
        self._language.setCurrentIndex(self._language.findData(self._context.words.language))
        self._language.activated.connect(lambda _index: self._set_language(self._language.currentData()))
        form.addRow(self._language_label, self._language)
        column.addLayout(form)
        self._purposes = QButtonGroup(self)
        self._collects, self._only = QRadioButton(), QRadioButton()
        self._collects_note, self._only_note = label("", "soft", wrap=True), label("", "soft", wrap=True)
        for choice, note in ((self._collects, self._collects_note), (self._only, self._only_note)):
            note.setIndent(24)
            self._purposes.addButton(choice)
            column.addWidget(choice)
            column.addWidget(note)
        self._collects.setChecked(True)
        column.addStretch(1)
        return page

    def _build_folder(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        self._folder, self._folder_label = QComboBox(), label("")
        self._folder.setEditable(True)
        self._folder.setSizePolicy(self._folder.sizePolicy().Policy.Expanding, self._folder.sizePolicy().Policy.Fixed)
        self._folder_label.setBuddy(self._folder)
        self._browse, self._test = button("", self._choose_folder), button("", self._test_folder)
        row = QHBoxLayout()
        for part in (self._folder, self._browse, self._test):
            row.addWidget(part)
        self._tested = label("", wrap=True)
        column.addWidget(self._folder_label)
        column.addLayout(row)
        column.addWidget(self._tested)
        column.addStretch(1)
        return page

    def _build_service(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        self._form = Form(self._context, "desk.setup", _FIELDS)
        self._certificate = CertificatePanel(self._context, self._trust)
        column.addWidget(self._form)
        column.addWidget(self._certificate)
        column.addStretch(1)
        return page

    def _build_sending(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        self._rules = RuleChoice(self._context, lambda _rule: None)
        self._rules.choose("create")
        self._leaves_label = label("", wrap=True)
        self._leaves: QTableWidget = read_only_table(2)
        self._leaves.setMinimumHeight(150)
        self._leaves.setColumnWidth(0, 260)
        self._seen = QCheckBox()
        for part in (self._rules, self._leaves_label, self._leaves, self._seen):
            column.addWidget(part)
        return page

    def retranslate(self) -> None:
        words = self._context.words
        self._certificate.retranslate()
        self._rules.retranslate()
        self._leaves.setHorizontalHeaderLabels([words("desk.sent.field"), words("desk.sent.meaning")])
        fill(self._leaves, [(field_name(self._context, path), path) for path in every_field()])
        self._show_step()

    def attach(self, control: ShopControl) -> None:
        self._control = control
        self._context.background.run(lambda: (control.setup.usual_folders(), control.setup.half_set_up), self._offer)

    def _offer(self, offered: tuple[list[str], bool]) -> None:
        """Usual folders, unless a person was quicker; a set-up that was broken off after pairing goes on there."""
        folders, half_set_up = offered
        typed = self._folder.currentText()
        self._folder.addItems(folders)
        if typed:
            self._folder.setEditText(typed)
        if half_set_up and self._step == 0:
            self._go(3)

    @property
    def step(self) -> str:
        return STEPS[self._step]

    def _show_step(self) -> None:
        words, name = self._context.words, self.step
        self._pages.setCurrentIndex(self._step)
        self._count.setText(words("desk.setup.step", n=self._step + 1, all=len(STEPS)))
        key = name if name != "done" or not self._only.isChecked() else "done_only"
        self._title.setText(words(f"desk.setup.{name}_title"))
        self._text.setText(words(f"desk.setup.{key}_text"))
        # Once this PC is paired the service is not asked again.
        self._back.setVisible(0 < self._step <= 2 or (self._step == 4 and not self._only.isChecked()))
        texts = {"service": "desk.setup.pair", "done": "desk.setup.start"}
        write(self._next, words(texts.get(name, "desk.setup.next")))

    def _busy(self, busy: bool) -> None:
        """While something is under way its answers must not be changed."""
        for part in (self._back, self._next, self._pages):
            part.setEnabled(not busy)

    def _go(self, step: int) -> None:
        self._say("")
        self._busy(False)
        self._step = step
        self._show_step()
        self._next.setFocus()

    def _pressed_back(self) -> None:
        back = self._step - 1
        self._go(0 if back == 1 and self._only.isChecked() else back)

    def _pressed_next(self) -> None:
        name = self.step
        if name == "purpose":
            self._go(2 if self._only.isChecked() else 1)
        elif name == "folder":
            self._check_folder()
        elif name == "service":
            self._pair()
        elif name == "sending":
            self._keep_rule()
        else:
            self._start()

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self._context.words("desk.setup.folder").replace("&", ""))
        if chosen:
            self._folder.setEditText(chosen)

    def _test_folder(self) -> None:
        control, path = self._control, self._folder.currentText().strip()
        if control is not None and path:
            self._context.background.run(lambda: control.folders.test(path, "cp1252"), self._show_test, self._failed)

    def _show_test(self, tested: FolderTest) -> None:
        words = self._context.words
        if tested.trouble is not None:
            self._tested.setText(words(f"desk.folder.{tested.trouble}_test"))
            return
        sentences = [words.count("desk.directories.tested", tested.sets)]
        if tested.oldest_utc is not None and tested.newest_utc is not None:
            days = self._context.day(tested.oldest_utc.date()), self._context.day(tested.newest_utc.date())
            sentences.append(words("desk.directories.tested_days", oldest=days[0], newest=days[1]))
        self._tested.setText(" ".join(sentences))

    def _check_folder(self) -> None:
        control, path = self._control, self._folder.currentText().strip()
        if control is None or not path:
            self._say(self._context.words("error.fill_all"))
            return
        self._busy(True)

        def checked(tested: FolderTest) -> None:
            self._busy(False)
            self._show_test(tested)
            if tested.trouble is None:
                self._go(2)

        self._context.background.run(lambda: control.folders.test(path, "cp1252"), checked, self._failed)

    def _pair(self) -> None:
        control = self._control
        values = self._form.values()
        if control is None or not all(values.values()):
            self._say(self._context.words("error.fill_all"))
            return
        folder = None if self._only.isChecked() else self._folder.currentText().strip()
        self._say("")
        self._busy(True)

        def work() -> str | None:
            try:
                control.setup.configure(values["service"], folder, values["email"], values["password"])
            except UnknownCertificate as unknown:
                return unknown.fingerprint
            return None

        def done(fingerprint: str | None) -> None:
            self._busy(False)
            self._certificate.ask(fingerprint, values["service"])
            if fingerprint is None:
                self._form.put("password", None)
                self._go(4 if folder is None else 3)

        self._context.background.run(work, done, self._failed)

    def _trust(self, fingerprint: str, address: str) -> None:
        control = self._control
        if control is not None:
            self._context.background.run(
                lambda: control.setup.trust_certificate(address, fingerprint), lambda _none: self._pair(), self._failed
            )

    def _keep_rule(self) -> None:
        control, rule = self._control, self._rules.rule
        if not self._seen.isChecked():
            self._say(self._context.words("error.seen"))
            return
        if control is not None:
            self._busy(True)
            self._context.background.run(
                lambda: control.jobs.change_rule(rule, send_present=True), lambda _count: self._go(4), self._failed
            )

    def _start(self) -> None:
        control = self._control
        if control is not None:
            self._busy(True)
            self._context.background.run(control.setup.finish, lambda _none: self._finished(), self._failed)

    def _say(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def _failed(self, sentence: str) -> None:
        self._busy(False)
        self._say(sentence or self._context.words("desk.viewer.failed_text"))
