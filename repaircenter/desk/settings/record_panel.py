"""What every panel of one record does alike: it says what went wrong, rests while something is done, and takes a newer
version over (records_page.py)."""

from typing import Any, Generic, TypeVar

import msgspec
from PySide6.QtWidgets import QWidget

from repaircenter.desk.kit.widgets import label

R = TypeVar("R")


class Panel(QWidget, Generic[R]):
    """`record` is what is shown, None for a new one or none; `problem` is the label for what went wrong.

    What raises NotImplementedError is each panel's own: Qt's classes have a metaclass, so that this one cannot be an ABC.
    """

    record: R | None

    def __init__(self) -> None:
        super().__init__()
        self.record = None
        self.problem = label("", "problem", wrap=True)

    def retranslate(self) -> None:
        """Write in another language what is put together."""
        raise NotImplementedError

    def show_record(self, record: R | None, listed: Any) -> None:
        """Show a record as it is now, None for none; `listed` is all that was read with it."""
        raise NotImplementedError

    @property
    def is_changed(self) -> bool:
        """Whether something was written and not kept; a new one is."""
        raise NotImplementedError

    def begin_new(self, listed: Any) -> None:
        """Begin another one, where one is added by hand."""

    def adopt(self, now: R) -> bool:
        """What is written is about the record as it is now; False when that is what it was."""
        known: Any = self.record
        newest: Any = now
        if known is None or known.version == newest.version:
            return False
        self.record = msgspec.structs.replace(known, version=newest.version)
        return True

    def refusal(self) -> str:
        """What is wrong with what was written, in one sentence; empty for nothing."""
        return ""

    def say(self, sentence: str) -> None:
        """What went wrong."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def set_busy(self, busy: bool) -> None:
        """Nothing else is begun while something is being done."""
        self.setEnabled(not busy)
