"""What every widget of the desk is handed: words, theme, background work, preferences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QByteArray, QLocale, QSettings, Qt

from repaircenter.desk.kit.bound_texts import BoundTexts
from repaircenter.desk.kit.bridge import Background
from repaircenter.desk.kit.operations import Operations
from repaircenter.desk.kit.theme import Theme
from repaircenter.runtime.clock import Clock
from repaircenter.runtime.days import start_of_day, zone_of
from repaircenter.runtime.text import Texts

LANGUAGE_NAMES = {"en": "English", "fr": "Français", "es": "Español"}
_LOCALES = {"en": "en_CA", "fr": "fr_CA", "es": "es_US"}


class Notices(Protocol):
    """Where what went well is said (kit.notices.toast)."""

    def say(self, text: str, actions: Sequence[tuple[str, Callable[[], object]]] = ()) -> None: ...

    def close_now(self) -> None: ...


@dataclass(slots=True)
class DeskContext:
    """One per program; `words` changes with the language."""

    words: Texts
    theme: Theme
    background: Background
    clock: Clock
    settings: QSettings
    locale: QLocale = field(default_factory=QLocale)
    # Of the shop, once one is known: every day and time on the screen is the shop's. Before that, this PC's.
    zone: str = ""
    operations: Operations = field(init=False)
    texts: BoundTexts = field(init=False)
    # Of the window, once there is one.
    toast: Notices | None = None

    def __post_init__(self) -> None:
        self.operations = Operations(self.background)
        self.texts = BoundTexts(self.words)

    def set_language(self, language: str) -> None:
        self.words = Texts(language)
        self.background.words = self.words
        self.texts.follow(self.words)
        self.locale = QLocale(_LOCALES[self.words.language])
        QLocale.setDefault(self.locale)
        self.settings.setValue("language", self.words.language)

    def tell(self, text: str, actions: Sequence[tuple[str, Callable[[], object]]] = ()) -> None:
        """Say what went well, with what can be done about it (kit.notices.toast)."""
        if self.toast is not None:
            self.toast.say(text, actions)

    def money(self, cents: int | None, currency: str = "CAD") -> str:
        if cents is None:
            return ""
        return self.locale.toCurrencyString(cents / 100.0, "US$" if currency == "USD" else "$")

    def day(self, value: date | None) -> str:
        return "" if value is None else value.isoformat()

    def instant(self, value: datetime | None, zone: str = "") -> str:
        """Date and time in the shop's zone, or in that of another shop."""
        return "" if value is None else f"{self.local(value, zone):%Y-%m-%d %H:%M}"

    def local(self, value: datetime, zone: str = "") -> datetime:
        """An instant in the shop's zone, or in that of another shop."""
        place = zone or self.zone
        return value.astimezone(zone_of(place)) if place else value.astimezone()

    def today(self) -> date:
        """The day it is at the shop."""
        return self.local(self.clock.now_utc()).date()

    def start_of(self, day: date) -> datetime:
        """The instant at which a day begins at the shop."""
        if self.zone:
            return start_of_day(self.zone, day)
        return datetime(day.year, day.month, day.day).astimezone(UTC)

    def time(self, value: datetime | None) -> str:
        """The shop's time of today or of the next 24 hours; another day is said with it."""
        if value is None:
            return ""
        local, today = self.local(value), self.today()
        soon = 0 <= (value - self.clock.now_utc()).total_seconds() < 86400
        return f"{local:%H:%M}" if local.date() == today or soon else f"{local:%Y-%m-%d %H:%M}"

    def remember(self, key: str, value: object) -> None:
        self.settings.setValue(key, value)

    def remembered_state(self, key: str) -> QByteArray | None:
        value = self.settings.value(key)
        return value if isinstance(value, QByteArray) else None


def open_settings(data_folder: Path) -> QSettings:
    """Preferences of this PC's desk: language, appearance, sizes. No personal data."""
    data_folder.mkdir(parents=True, exist_ok=True)
    return QSettings(str(data_folder / "desk.ini"), QSettings.Format.IniFormat)


ALIGN_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
