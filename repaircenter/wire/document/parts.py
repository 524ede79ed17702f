"""A report in parts as it travels; the first carries what every page says."""

from datetime import datetime

from msgspec import Struct

from repaircenter.wire import codec
from repaircenter.wire.document.nodes import Node


class Header(Struct, frozen=True, kw_only=True):
    """What every page says: title, shops, period, parameters, formulas, and the instant the data is as of; the first page
    carries the `logo` (PNG)."""

    report: str
    title: str
    subtitle: str
    facts: list[tuple[str, str]]
    language: str
    data_as_of: datetime
    run_by: str | None = None
    zone: str = "UTC"
    landscape: bool = False
    notices: list[str] = []
    logo: bytes = b""


class Part(Struct, frozen=True, kw_only=True):
    """A piece of a report in order; the first carries the header, `last` ends it."""

    number: int
    nodes: list[Node]
    header: Header | None = None
    last: bool = False


def decode_part(data: bytes) -> Part:
    """Decode a part; nodes that are not known here become Unknown (DESIGN 3.18). Raises codec.BadMessage."""
    try:
        return codec.decode(data, Part)
    except codec.BadMessage:
        raw = codec.decode(data, dict)
        raw_nodes = raw.get("nodes")
        nodes = raw_nodes if isinstance(raw_nodes, list) else []
        raw["nodes"] = [node if _is_known(node) else {"type": "unknown", "kind": _kind(node)} for node in nodes]
        return codec.decode(codec.encode(raw), Part)


class _One(Struct, frozen=True):
    node: Node


def _is_known(node: object) -> bool:
    try:
        codec.decode(codec.encode({"node": node}), _One)
    except codec.BadMessage:
        return False
    return True


def _kind(node: object) -> str:
    return str(node.get("type", "")) if isinstance(node, dict) else ""
