"""Reads what the shop's side says now: every two seconds, and after every fact."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from repaircenter.desk.kit.desk_context import DeskContext
from repaircenter.desk.kit.operations import Query
from repaircenter.desk.kit.room import Status

if TYPE_CHECKING:
    from repaircenter.shop.controls import ShopControl

EVERY_MS = 2000


class StatusReader(QObject):
    """One reading at a time; `show` gets each."""

    def __init__(self, context: DeskContext, show: Callable[[Status], None]) -> None:
        super().__init__()
        self._context = context
        self._show = show
        self._control: ShopControl | None = None
        self._query = Query(context.operations, again=self.read)
        self._beat = QTimer(self)
        self._beat.setInterval(EVERY_MS)
        self._beat.timeout.connect(self.read)

    def start(self, control: ShopControl) -> None:
        self._control = control
        self._beat.start()
        self.read()

    def stop(self) -> None:
        self._beat.stop()

    def read(self) -> None:
        control, context = self._control, self._context
        if control is None:
            return

        def read() -> Status:
            shops = control.reader.shops()
            if shops:
                context.zone = shops[0].zone
            counts = control.reader.counts(context.start_of(context.today()))
            return Status(control.collecting.state(), counts, shops)

        self._query.ask(read, self._show)
