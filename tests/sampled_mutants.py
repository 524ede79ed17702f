"""`dev.py mutants --sample N [--seed S]`: mistakes by chance, in the rooms whose mistakes cost most (issue 13.5).

One operator, constant or condition is changed at a time, anywhere in a room, chosen by a seed; the room's own tests must
notice. The figure is how many did; survivors are printed with their line, to be killed or explained in docs/measurements.md.
"""

import ast
import random
from collections.abc import Iterator
from pathlib import Path

from tests.mutants import ROOT, Mutant

_SERVICE = "tests/integration/test_service.py tests/integration/test_mail.py"
_DESK = "tests/integration/test_collector.py tests/integration/test_sending.py tests/integration/test_folders.py"
ROOMS = {
    "metrics": "tests/unit/test_metrics.py tests/unit/test_metrics_change.py tests/integration/test_hostile_world.py",
    "central/reporting": "tests/integration/test_hostile_world.py tests/integration/test_reports.py "
    "tests/integration/test_references.py tests/integration/test_operating.py",
    "central/intake": f"{_SERVICE} tests/integration/test_erasing.py",
    "central/sampling": f"tests/unit/test_times.py {_SERVICE}",
    "central/surveys": _SERVICE,
    "central/mail": _SERVICE,
    "shop": f"tests/unit/test_silence.py {_DESK} tests/integration/test_matching.py tests/integration/test_sequences.py "
    "tests/integration/test_watching.py tests/integration/test_connection.py tests/integration/test_sessions.py "
    "tests/integration/test_last_results.py tests/integration/test_erasing.py",
    "store": f"tests/integration/test_store.py tests/integration/test_keys.py {_DESK} tests/integration/test_erasing.py",
    "uplink": "tests/unit/test_http.py tests/integration/test_keys.py tests/integration/test_sessions.py tests/integration/test_connection.py",
}
_COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_RECKONED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}


def sample(count: int, seed: int) -> list[Mutant]:
    """So many mutants, spread evenly over the rooms."""
    chance = random.Random(seed)
    every = {room: list(_of_room(room)) for room in ROOMS}
    chosen: list[Mutant] = []
    for number in range(count):
        room = list(ROOMS)[number % len(ROOMS)]
        chosen.append(every[room].pop(chance.randrange(len(every[room]))))
    return chosen


def _of_room(room: str) -> Iterator[Mutant]:
    folder = ROOT / "repaircenter" / room
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _of_file(path, tuple(ROOMS[room].split()))


def _of_file(path: Path, tests: tuple[str, ...]) -> Iterator[Mutant]:
    source = path.read_text("utf-8")
    place = str(path.relative_to(ROOT / "repaircenter"))
    for node in ast.walk(ast.parse(source)):
        old = ast.get_source_segment(source, node) if isinstance(node, ast.expr) else None
        new = None if old is None else _broken(node)
        # A text that stands once, so that exactly this place changes.
        if old is not None and new is not None and old != new and source.count(old) == 1:
            yield Mutant(f"{place}:{node.lineno}  {old}  ->  {new}", place, old, new, tests)  # type: ignore[attr-defined]


def _broken(node: ast.AST) -> str | None:
    """The expression with its mistake."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARED:
        return ast.unparse(ast.Compare(node.left, [_COMPARED[type(node.ops[0])]()], node.comparators))
    if isinstance(node, ast.BinOp) and type(node.op) in _RECKONED and not _is_text(node):
        return ast.unparse(ast.BinOp(node.left, _RECKONED[type(node.op)](), node.right))
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        return f"({ast.unparse(ast.BoolOp(other, node.values))})"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return ast.unparse(node.operand)
    if isinstance(node, ast.IfExp):
        return f"({ast.unparse(ast.IfExp(node.test, node.orelse, node.body))})"
    return None


def _is_text(node: ast.BinOp) -> bool:
    return any(isinstance(part, ast.Constant | ast.JoinedStr) and not _is_number(part) for part in ast.walk(node))


def _is_number(part: ast.AST) -> bool:
    return isinstance(part, ast.Constant) and isinstance(part.value, int | float)
