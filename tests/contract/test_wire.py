"""Messages as programs in the field send them are understood for ever, and ours are theirs (DESIGN 3.18).

`wire-N.json` holds an example of every message of wire version N, as it was when it first went out. A message that is new
is added by `python3 -m tests.contract.examples`; one that stands there loses and changes no field without a new version.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from repaircenter.wire import codec
from repaircenter.wire.version import LEAST, VERSION
from tests.contract.examples import FILE, encoded, structs

RECORDED = {
    (path.stem, name, number): text
    for path in sorted(FILE.parent.glob("wire-*.json"))
    for name, texts in json.loads(path.read_text("utf-8")).items()
    for number, text in enumerate(texts)
}


def known_part(sent: Any, recorded: Any) -> Any:
    """What a program that knows only the recorded fields hears of a message, however deep they stand."""
    if isinstance(sent, dict) and isinstance(recorded, dict):
        return {name: known_part(sent.get(name), value) for name, value in recorded.items()}
    if isinstance(sent, list) and isinstance(recorded, list) and len(sent) == len(recorded):
        return [known_part(*pair) for pair in zip(sent, recorded, strict=True)]
    return sent


def test_a_field_more_changes_nothing_for_who_does_not_know_it_and_one_less_does() -> None:
    recorded = {"jobs": [{"key": "a", "stars": 4}]}
    assert known_part({"jobs": [{"key": "a", "stars": 4, "new": 1}], "more": 2}, recorded) == recorded
    assert known_part({"jobs": [{"key": "a", "new": 4}]}, recorded) != recorded
    assert known_part({"jobs": []}, recorded) != recorded


def test_there_is_a_record_of_each_version_that_is_understood() -> None:
    names = {Path(stem).name for stem, _, _ in RECORDED}
    assert names == {f"wire-{number}" for number in range(LEAST, VERSION + 1)}


def test_every_message_of_today_is_recorded() -> None:
    recorded = {name for stem, name, _ in RECORDED if stem == f"wire-{VERSION}"}
    assert recorded == set(structs()), "run `python3 -m tests.contract.examples`"


@pytest.mark.parametrize(("stem", "name", "number"), RECORDED, ids=lambda part: str(part))
def test_a_recorded_message_is_understood(stem: str, name: str, number: int) -> None:
    """Nothing that was said is lost: what comes out again holds every field that went in."""
    text = RECORDED[stem, name, number]
    message = codec.decode(text, structs()[name])
    recorded, kept = json.loads(text), json.loads(codec.encode(message))
    assert known_part(kept, recorded) == recorded


@pytest.mark.parametrize(("name", "number"), [(name, n) for stem, name, n in RECORDED if stem == f"wire-{VERSION}"])
def test_what_we_send_holds_what_was_recorded(name: str, number: int) -> None:
    """A field may be added that earlier programs pass over; none may go or mean another thing."""
    sent, recorded = json.loads(encoded()[name][number]), json.loads(RECORDED[f"wire-{VERSION}", name, number])
    assert known_part(sent, recorded) == recorded, "a message changed: a new wire version"


@pytest.mark.parametrize("name", sorted(structs()))
def test_a_field_of_a_newer_program_is_passed_over(name: str) -> None:
    text = json.loads(RECORDED[f"wire-{VERSION}", name, 0])
    kind = structs()[name]
    assert codec.decode(json.dumps({**text, "of_tomorrow": [1]}), kind) == codec.decode(json.dumps(text), kind)


@pytest.mark.parametrize("name", sorted(structs()))
def test_a_message_without_a_field_it_needs_is_refused(name: str) -> None:
    text, needed = json.loads(RECORDED[f"wire-{VERSION}", name, 1]), msgspec.structs.fields(structs()[name])
    for field in needed:
        if field.required:
            with pytest.raises(codec.BadMessage):
                codec.decode(
                    json.dumps({key: value for key, value in text.items() if key != field.encode_name}), structs()[name]
                )
