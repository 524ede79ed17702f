"""Writes docs/openapi.json, what the service answers to programs (OpenAPI 3.1), from the endpoints as they are declared.

A change that would break a program that works today is refused, unless the wire's version was raised.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import NoneType
from typing import Any

import msgspec

from repaircenter.wire.endpoints import Endpoint, endpoints
from repaircenter.wire.envelope import Refusal
from repaircenter.wire.version import HEADER, VERSION
from repaircenter.wire.vocabulary import NOBODY

FILE = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"
_PLACE = re.compile(r"\{(\w+):(\w+)\}")
_SCHEMAS = "#/components/schemas/{name}"
_PLACES = {"int": {"type": "integer"}, "str": {"type": "string"}}


def describe() -> dict[str, Any]:
    """Return the document."""
    declared = list(endpoints())
    messages = {kind for endpoint in declared for kind in (endpoint.request, endpoint.answer) if kind is not NoneType}
    ordered = sorted(messages | {Refusal}, key=lambda kind: kind.__name__)
    refs, schemas = msgspec.json.schema_components(ordered, ref_template=_SCHEMAS)
    of = dict(zip(ordered, refs, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in declared:
        path = "/api/v1" + _PLACE.sub(r"{\1}", endpoint.path)
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, of)
    return {
        "openapi": "3.1.0",
        "info": {"title": "RepairCenter central service", "version": str(VERSION)},
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {
            "schemas": {name: schemas[name] for name in sorted(schemas)},
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(endpoint: Endpoint[Any, Any], of: Mapping[Any, Any]) -> dict[str, Any]:
    """One endpoint: who may call, what it takes and answers."""
    operation: dict[str, Any] = {
        "operationId": f"{endpoint.method.lower()}{re.sub(r'[^a-z]+', '_', endpoint.path)}".strip("_"),
        "responses": {"default": {"description": "refused, with a code", **_json(of[Refusal])}},
        "x-caller": endpoint.caller,
    }
    if endpoint.caller != NOBODY:
        operation["security"] = [{"session": []}]
    if endpoint.permission:
        operation["x-permission"] = endpoint.permission
    if endpoint.module:
        operation["x-module"] = endpoint.module
    operation["parameters"] = [
        {"name": HEADER, "in": "header", "required": True, "schema": {"type": "string", "enum": [str(VERSION)]}},
        *(
            {"name": name, "in": "path", "required": True, "schema": _PLACES[kind]}
            for name, kind in _PLACE.findall(endpoint.path)
        ),
    ]
    if endpoint.request is not NoneType:
        operation["requestBody"] = {"required": True, **_json(of[endpoint.request])}
    if endpoint.answer is NoneType:
        operation["responses"]["204"] = {"description": "done"}
    else:
        operation["responses"]["200"] = {"description": "answered", **_json(of[endpoint.answer])}
    return operation


def _json(schema: Any) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": schema}}}


def breaks(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Say what of `new` a program made for `old` would fail on: an endpoint that went, a field of an answer that went or
    changed its type, a field that a request must have now."""
    for path, operations in old["paths"].items():
        for method, operation in operations.items():
            now = new["paths"].get(path, {}).get(method)
            if now is None:
                yield f"{method.upper()} {path} is gone"
            elif operation.get("x-caller") != now.get("x-caller"):
                yield f"{method.upper()} {path} has another caller"
    asked = {
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for operations in old["paths"].values()
        for operation in operations.values()
        if "requestBody" in operation
    }
    reached = _reached(asked, new["components"]["schemas"])
    for name, schema in old["components"]["schemas"].items():
        now = new["components"]["schemas"].get(name)
        if now is None:
            yield f"{name} is gone"
            continue
        for field, kind in schema.get("properties", {}).items():
            if field not in now.get("properties", {}):
                yield f"{name}.{field} is gone"
            elif _bare(kind) != _bare(now["properties"][field]):
                yield f"{name}.{field} has another type"
        if name in reached:
            for field in sorted(set(now.get("required", ())) - set(schema.get("required", ()))):
                yield f"{name}.{field} must be there now"


def _reached(names: set[str], schemas: Mapping[str, Any]) -> set[str]:
    """These schemas and all that stand in them."""
    reached, left = set[str](), list(names)
    while left:
        name = left.pop()
        if name not in reached and name in schemas:
            reached.add(name)
            left += re.findall(r'"#/components/schemas/(\w+)"', json.dumps(schemas[name]))
    return reached


def _bare(kind: Mapping[str, Any]) -> dict[str, Any]:
    """A type without what stands there when a field is not."""
    return {word: value for word, value in kind.items() if word != "default"}


def text_of(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    document = describe()
    if FILE.exists():
        kept = json.loads(FILE.read_text("utf-8"))
        broken = list(breaks(kept, document))
        if broken and kept["info"]["version"] == document["info"]["version"]:
            print("These changes break what works today; raise the wire's version or take them back:", file=sys.stderr)
            print("\n".join(f"  {line}" for line in broken), file=sys.stderr)
            return 1
    FILE.write_text(text_of(document), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
