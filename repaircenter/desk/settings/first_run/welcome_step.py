"""First step: the language, what this PC does, and a look at the product with sample data."""

from collections.abc import Callable

from PySide6.QtWidgets import QButtonGroup, QComboBox, QFormLayout, QRadioButton

from repaircenter.desk.kit.desk_context import LANGUAGE_NAMES, DeskContext
from repaircenter.desk.kit.widgets import button, label, row_of
from repaircenter.desk.settings.first_run.step import Host, Step
from repaircenter.runtime.text import LANGUAGES


class WelcomeStep(Step):
    name = "welcome"

    def __init__(self, context: DeskContext, host: Host, set_language: Callable[[str], None]) -> None:
        super().__init__(context, host)
        bind = context.texts.bind
        self.language, caption = bind(QComboBox(), name="desk.appearance.language"), label("")
        bind(caption, "desk.appearance.language").setBuddy(self.language)
        for language in LANGUAGES:
            self.language.addItem(LANGUAGE_NAMES[language], language)
        self.language.setCurrentIndex(self.language.findData(context.words.language))
        self._set_language = set_language
        self._is_chosen = False
        self.language.activated.connect(lambda _index: self._chosen())
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        form.addRow(caption, self.language)
        self.column.addLayout(form)
        self._purposes = QButtonGroup(self)
        self._collects, self._only = QRadioButton(), QRadioButton()
        for choice, name in ((self._collects, "collects"), (self._only, "only")):
            note = bind(label("", "soft", wrap=True), f"desk.setup.{name}_text")
            note.setIndent(24)
            self._purposes.addButton(choice)
            self.column.addWidget(bind(choice, f"desk.setup.{name}"))
            self.column.addWidget(note)
        self._collects.setChecked(True)
        self.column.addSpacing(8)
        self.column.addWidget(bind(label("", "soft", wrap=True), "desk.setup.sample_text"))
        self.column.addWidget(row_of(bind(button("", self._try_sample), "desk.setup.sample")))
        self.column.addStretch(1)
        self.first = self.language

    def begin_with(self, language: str) -> None:
        if language and not self._is_chosen:
            self.language.setCurrentIndex(self.language.findData(language))
            self._set_language(language)

    def _chosen(self) -> None:
        self._is_chosen = True
        self._set_language(self.language.currentData())

    def go_on(self, done: Callable[[], None]) -> None:
        answers, control = self.host.answers, self.control
        answers.only_shows = self._only.isChecked()
        if answers.paired is None or control is None:
            done()
        else:
            # Back from a later step: what this PC does has been kept already, and is changed.
            self.host.run(lambda: control.collecting.show_only(answers.only_shows), lambda _none: done())

    def _try_sample(self) -> None:
        control, language = self.control, self.context.words.language
        if control is not None:
            said = self.context.words("desk.setup.sample_starts")
            self.host.run(lambda: control.device.try_sample_data(language), lambda _none: self.context.tell(said))
