"""An example of every message on the wire, by its declaration: once with all fields, once with those that must be there.

    python3 -m tests.contract.examples

adds what `wire-N.json` of the present wire version lacks. What stands there is never changed: an earlier program sends it.
"""

import importlib
import json
import pkgutil
import types
import typing
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from repaircenter import wire
from repaircenter.wire import codec
from repaircenter.wire.version import VERSION

FILE = Path(__file__).resolve().parent / f"wire-{VERSION}.json"
_PLAIN: dict[Any, Any] = {
    str: "Éloïse Gagné",
    int: 7,
    float: 7.5,
    bool: True,
    bytes: b"bytes",
    datetime: datetime(2026, 11, 2, 15, 0, 0, 123456, tzinfo=UTC),
    date: date(2026, 11, 2),
    time: time(9, 30),
    Decimal: Decimal("12.34"),
}


def structs() -> dict[str, type[msgspec.Struct]]:
    """Every message and every part of a document, by name."""
    found = {}
    for info in pkgutil.walk_packages(wire.__path__, f"{wire.__name__}."):
        module = importlib.import_module(info.name)
        for name, kind in vars(module).items():
            is_ours = isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__ == module.__name__
            if is_ours and not name.startswith("_"):
                found[name] = kind
    return found


def examples(kind: type[msgspec.Struct]) -> Iterator[msgspec.Struct]:
    fields = msgspec.structs.fields(kind)
    yield kind(**{field.name: _value(field.type) for field in fields})
    yield kind(**{field.name: _value(field.type) for field in fields if field.required})


def _value(kind: Any) -> Any:
    """A value of a declared type; of a union its fullest member, of a collection one element."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        given = [one for one in arguments if one is not type(None)]
        return _value(max(given, key=lambda one: isinstance(one, type) and issubclass(one, msgspec.Struct)))
    if origin is typing.Literal:
        return arguments[0]
    if origin is tuple:
        fixed = [one for one in arguments if one is not Ellipsis]
        return tuple(_value(one) for one in fixed)
    if origin in (list, set, frozenset) or (isinstance(origin, type) and issubclass(origin, list)):
        return [_value(arguments[0])]
    if origin is dict or "Mapping" in str(origin):
        return {_value(arguments[0]): _value(arguments[1])}
    if origin is not None:  # a sequence
        return [_value(arguments[0])]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return next(examples(kind))
    return "anything"


def encoded() -> dict[str, list[str]]:
    return {name: [codec.encode(one).decode() for one in examples(kind)] for name, kind in sorted(structs().items())}


if __name__ == "__main__":
    recorded = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    FILE.write_text(json.dumps({**encoded(), **recorded}, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
