"""The command line. Each command imports the assembly it needs inside itself, so that starting one stays quick.

Exit codes (DESIGN 6): 0 done, 1 the job failed (one clear sentence on standard error), 2 wrong usage.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="repaircenter", description="Customer satisfaction for body shops.")
    commands = parser.add_subparsers(dest="command")
    ems = commands.add_parser("ems", help="look at EMS file sets").add_subparsers(dest="action", required=True)
    show = ems.add_parser("show", help="show one set: its ENV file, its folder, or a zip of it")
    show.add_argument("path", type=Path)
    show.add_argument("--json", action="store_true")
    check = ems.add_parser("check", help="check every set of a folder")
    check.add_argument("directory", type=Path)
    check.add_argument("--json", action="store_true")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; prints one sentence and gives 1 when its job fails for a known reason."""
    parser = _parser()
    options = parser.parse_args(arguments)
    from repaircenter.runtime.errors import KnownError

    try:
        return _run(options)
    except KnownError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(options: argparse.Namespace) -> int:
    if options.command == "ems":
        return _ems(options)
    return 2


def _ems(options: argparse.Namespace) -> int:
    from repaircenter.assembly import ems

    if options.action == "show":
        shown = ems.show(options.path)
        print(json.dumps(shown, ensure_ascii=False, indent=2) if options.json else ems.as_text(shown))
        return 0
    checked = ems.check(options.directory)
    if options.json:
        print(json.dumps(checked, ensure_ascii=False, indent=2))
    else:
        for entry in checked:
            problems = "; ".join(problem["message"] for problem in entry["problems"])
            print(f"{entry['base']:<10} {entry['version'] or '-':<4} {entry['state']:<9} {problems}")
    return 0
