"""Which answers a page hears (HOUSE 1.2-1): the newest, one at a time where asked so, none after somebody left."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication

from repaircenter.desk.kit.bridge import Background
from repaircenter.desk.kit.operations import Command, Operations, Query, Tell
from repaircenter.runtime.errors import InputRefused


class Calls:
    """Calls in the background that end when the test lets them."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.gates: dict[str, threading.Event] = {}

    def call(self, name: str, error: Exception | None = None) -> Callable[[], str]:
        gate = self.gates[name] = threading.Event()

        def work() -> str:
            self.begun.append(name)
            gate.wait(5)
            if error is not None:
                raise error
            return name

        return work

    def end(self, name: str) -> None:
        self.gates[name].set()


@pytest.fixture
def operations(qapp: QApplication) -> Iterator[Operations]:
    background = Background()
    yield Operations(background)
    background.close()


def until(ready: Callable[[], object]) -> None:
    end = time.monotonic() + 5
    while not ready():
        assert time.monotonic() < end, "it did not happen"
        QApplication.processEvents()
        time.sleep(0.005)


def settle() -> None:
    """Let what is on its way arrive."""
    end = time.monotonic() + 0.15
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.005)


def test_the_newest_answer_counts_whichever_comes_last(operations: Operations) -> None:
    calls, shown, query = Calls(), [], Query(operations)  # type: ignore[var-annotated]
    for name in ("old", "new"):
        query.ask(calls.call(name), shown.append)
    calls.end("new")
    until(lambda: shown)
    assert not query.is_asking
    calls.end("old")
    settle()
    assert shown == ["new"]


def test_a_failure_of_an_earlier_question_is_not_said(operations: Operations) -> None:
    calls, shown, said, query = Calls(), [], [], Query(operations)  # type: ignore[var-annotated]
    query.ask(calls.call("old", InputRefused("name")), shown.append, said.append)
    query.ask(calls.call("new"), shown.append, said.append)
    calls.end("old")
    calls.end("new")
    until(lambda: shown)
    settle()
    assert shown == ["new"] and said == []
    query.ask(calls.call("bad", InputRefused("name")), shown.append, said.append)
    calls.end("bad")
    until(lambda: said)
    assert said == ["Give at least a name."] and not query.is_asking


@pytest.mark.parametrize("error", [None, InputRefused("name")])
def test_what_is_asked_meanwhile_is_asked_once_afterwards(operations: Operations, error: Exception | None) -> None:
    """As things are then: `again` asks anew, whether the answer came or failed."""
    calls, shown, wanted = Calls(), [], ["b"]  # type: ignore[var-annotated]
    query = Query(operations, again=lambda: query.ask(calls.call(wanted[0]), shown.append))
    query.ask(calls.call("a", error), shown.append)
    for _ in range(3):
        query.ask(calls.call("never"), shown.append)
    wanted[0] = "c"
    until(lambda: calls.begun == ["a"])
    settle()
    assert calls.begun == ["a"], "one is under way"
    calls.end("a")
    until(lambda: calls.begun == ["a", "c"])
    calls.end("c")
    until(lambda: shown[-1:] == ["c"])
    settle()
    assert calls.begun == ["a", "c"] and not query.is_asking


def test_what_a_question_says_on_its_way_is_heard_while_it_is_the_newest(operations: Operations) -> None:
    heard, shown, query, gate = [], [], Query(operations, takes_long=True), threading.Event()  # type: ignore[var-annotated]

    def work(tell: Tell) -> str:
        tell(heard.append, 1)
        gate.wait(5)
        tell(heard.append, 2)
        return "end"

    query.stream(work, shown.append)
    until(lambda: heard == [1])
    query.drop()
    gate.set()
    settle()
    assert heard == [1] and shown == []


@pytest.mark.parametrize("has_again", [True, False])
def test_nothing_is_heard_after_somebody_left(operations: Operations, has_again: bool) -> None:
    calls, shown, said, again = Calls(), [], [], []  # type: ignore[var-annotated]
    query = Query(operations, again=(lambda: again.append(1)) if has_again else None)
    command = Command(operations)
    for name in ("a", "b"):
        query.ask(calls.call(name), shown.append)
    command.run(calls.call("c"), shown.append, said.append)
    operations.drop_all()
    assert not query.is_asking and not command.is_running
    for name in calls.gates:
        calls.end(name)
    settle()
    assert shown == [] and said == [] and again == []
    query.ask(calls.call("d"), shown.append)
    calls.end("d")
    until(lambda: shown == ["d"])


def test_a_second_click_does_nothing_and_buttons_know(operations: Operations) -> None:
    calls, done, busy = Calls(), [], []  # type: ignore[var-annotated]
    command = Command(operations, busy.append)
    assert command.run(calls.call("first"), done.append, done.append)
    assert not command.run(calls.call("second"), done.append, done.append)
    calls.end("first")
    until(lambda: done == ["first"])
    assert calls.begun == ["first"] and busy == [True, False]
    assert command.run(calls.call("bad", InputRefused("email")), done.append, done.append)
    calls.end("bad")
    until(lambda: done == ["first", "This is not an e-mail address."])
    assert busy == [True, False, True, False]
