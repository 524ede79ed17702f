"""Questions and commands of pages: the one place that knows when an answer is stale (HOUSE 1.2-1).

Work runs in the background, answers come back on the GUI thread. Nothing that belongs to somebody who has left is shown:
`drop_all` ends every question and command that is on its way.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakSet

from repaircenter.desk.kit.bridge import Background

T = TypeVar("T")
Fail = Callable[[str], None]
Tell = Callable[[Callable[[Any], None], object], None]


class Operations:
    """Every question and command of the program, so that all can be dropped at once. One per program."""

    def __init__(self, background: Background) -> None:
        self.background = background
        self._known: WeakSet[Query | Command] = WeakSet()

    def add(self, operation: "Query | Command") -> None:
        self._known.add(operation)

    def drop_all(self) -> None:
        """Somebody has signed out: what is on its way is answered to nobody."""
        for operation in list(self._known):
            operation.drop()


class Query:
    """A question whose newest answer counts: one that was asked before it, or before `drop`, is not heard.

    With `again` one question is under way at a time, and its answer is shown; what is asked meanwhile calls `again`
    afterwards, once. `takes_long` is for reports and previews.
    """

    def __init__(
        self, operations: Operations, *, again: Callable[[], None] | None = None, takes_long: bool = False
    ) -> None:
        self._background = operations.background
        self._again = again
        self._takes_long = takes_long
        self._number = 0
        self._asked_meanwhile = False
        self.is_asking = False
        operations.add(self)

    def ask(self, call: Callable[[], T], show: Callable[[T], None], fail: Fail | None = None) -> None:
        """Ask `call` in the background; `show` gets its answer, `fail` one sentence (empty for a bug)."""
        self.stream(lambda _tell: call(), show, fail)

    def stream(self, call: Callable[[Tell], T], show: Callable[[T], None], fail: Fail | None = None) -> None:
        """The same for a call that says something on its way: `tell(heard, value)` has `heard(value)` run on the GUI
        thread while this question is the newest."""
        if self._again is not None and self.is_asking:
            self.ask_again()
            return
        self._number += 1
        number = self._number
        self.is_asking = True

        def tell(heard: Callable[[Any], None], value: object) -> None:
            self._background.report(lambda heard_value: heard(heard_value) if number == self._number else None, value)

        def answered(answer: T) -> None:
            if self._is_over(number):
                show(answer)
                self._ask_again()

        def failed(sentence: str) -> None:
            if self._is_over(number):
                if fail is not None:
                    fail(sentence)
                self._ask_again()

        self._background.run(lambda: call(tell), answered, failed, takes_long=self._takes_long)

    def ask_again(self) -> None:
        """Have `again` called once the answer under way was shown."""
        self._asked_meanwhile = True

    def drop(self) -> None:
        """Hear no answer to what was asked so far."""
        self._number += 1
        self._asked_meanwhile = self.is_asking = False

    def _is_over(self, number: int) -> bool:
        """Whether the answer to this question is to be heard; then nothing is asked any more."""
        if number != self._number:
            return False
        self.is_asking = False
        return True

    def _ask_again(self) -> None:
        asked_meanwhile, self._asked_meanwhile = self._asked_meanwhile, False
        if asked_meanwhile and self._again is not None and not self.is_asking:
            self._again()


class Command:
    """Something a person does: once at a time, so that a second click while the first is at work does nothing.

    `busy` is told whether it is at work, for buttons. After `drop` its outcome is said to nobody; it is done all the same.
    """

    def __init__(self, operations: Operations, busy: Callable[[bool], None] | None = None) -> None:
        self._background = operations.background
        self._busy = busy
        self._number = 0
        self.is_running = False
        operations.add(self)

    def run(self, call: Callable[[], T], done: Callable[[T], None], fail: Fail) -> bool:
        """Do `call` in the background; `done` gets its result, `fail` one sentence. False when it is at work already."""
        if self.is_running:
            return False
        self._number += 1
        number = self._number
        self._set_running(True)

        def finished(tell: Callable[[Any], None], value: object) -> None:
            if number == self._number:
                self._set_running(False)
                tell(value)

        self._background.run(call, lambda result: finished(done, result), lambda sentence: finished(fail, sentence))
        return True

    def drop(self) -> None:
        """Say the outcome of what is at work to nobody."""
        self._number += 1
        if self.is_running:
            self._set_running(False)

    def _set_running(self, running: bool) -> None:
        self.is_running = running
        if self._busy is not None:
            self._busy(running)
