"""The demo without a window: progress in the terminal, results in files, and what they mean."""

import json
import shutil
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from repaircenter.assembly.demo import window
from repaircenter.assembly.demo.world_run import ADMIN, PASSWORD, Demo
from repaircenter.runtime.text import Texts

_SAID: dict[str, set[int]] = {}


def _announced(done: int, total: int, announced: set[int]) -> bool:
    """A line in a file every hundred sets and at the end, each once."""
    mark = total if done == total else done // 100
    fresh = mark not in announced
    announced.add(mark)
    return fresh


def _say(part: str, done: int, total: int) -> None:
    """Progress in the terminal: one line that moves, or a line now and then in a file."""
    announced = _SAID.setdefault(part, set())
    text = f"{'Six months pass' if part == 'replay' else 'Sets appear one by one'}: {done} of {total} sets"
    if sys.stdout.isatty():
        if total not in announced:
            print("\r" + text, end="\n" if _announced(done, total, announced) and done == total else "", flush=True)  # noqa: T201
    elif _announced(done, total, announced):
        print(text, flush=True)  # noqa: T201


def run_headless(out: Path, language: str) -> int:
    """The main job in the terminal; return 1 when a stage is missing or failed."""
    started = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    demo = Demo(_say)
    try:
        demo.start()
        demo.replay()
        demo.shop.start()
        demo.live()
        demo.settle()
        pages = _write_reports(demo, out, language)
        demo.stages_missing = [*_copy_letters(demo, out), *window.pictures(demo, out, language)]
        summary = demo.summary(time.monotonic() - started, pages)
        (out / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", "utf-8")
        print("\n".join(told(summary, out, language)))  # noqa: T201
        return 1 if summary["stages_missing"] or summary["duplicates"] else 0
    finally:
        demo.stop()


def told(summary: Mapping[str, object], out: Path, language: str) -> list[str]:
    """What the run made and where, and what its counts mean, in the language of its results."""
    words = Texts(language)
    counts = [f"  {summary[name]:>5}  {words(f'demo.count.{name}')}" for name in _COUNTED]
    files = [f"  {out / name}: {words(f'demo.file.{key}')}" for name, key in _FILES]
    return [words("demo.done", seconds=summary["seconds"]), *counts, words("demo.made"), *files]


# In the order of an estimate's way.
_COUNTED = (
    *("sets_seen", "imported", "waiting", "broken", "uploaded", "kept", "filtered", "duplicates", "invited", "answers"),
    *("alerts", "recovered", "to_call", "report_pages"),
)
_FILES = (
    ("report.pdf", "report"),
    ("report.xlsx", "report_workbook"),
    ("reviews.pdf", "reviews"),
    ("reviews.xlsx", "reviews_workbook"),
    ("desk.png", "desk"),
    ("surveys.png", "surveys"),
    ("alerts.png", "alerts"),
    ("calls.png", "calls"),
    ("invitation.eml", "invitation"),
    ("reminder.eml", "reminder"),
    ("alert.eml", "alert"),
    ("week.eml", "week"),
    ("summary.json", "summary"),
)


def _copy_letters(demo: Demo, out: Path) -> list[str]:
    """The newest letter of each kind, to be opened with a mail program; return the kinds of which there is none."""
    missing = []
    for kind, name in (
        ("invitation", "invitation"),
        ("reminder", "reminder"),
        ("letter", "alert"),
        ("week_status", "week"),
    ):
        mark = f"Message-ID: <{kind}-".encode()
        letters = [path for path in sorted(demo.customers.mail_folder.glob("*.eml")) if mark in path.read_bytes()]
        if letters:
            shutil.copyfile(letters[-1], out / f"{name}.eml")
        else:
            missing.append(name)
    return missing


def _write_reports(demo: Demo, out: Path, language: str) -> int:
    """The CSI scorecard and the reviews as one printed report each; return the pages of both."""
    from repaircenter.rendering.pagination import paginate
    from repaircenter.rendering.pdf import save, save_pdf
    from repaircenter.rendering.workbook import write_xlsx
    from repaircenter.shop.service.report_run import run_to_end
    from repaircenter.wire.reports import RunRequest

    assert demo.shop.person is not None
    session = demo.shop.person.sign_in(ADMIN, PASSWORD)
    shops = [shop.id for shop in session.shops]
    count = 0
    for report, name in (("R-01", "report"), ("R-07", "reviews")):
        request = RunRequest(report=report, parameters={"period": "last_12_months"}, shops=shops, language=language)
        parts = run_to_end(demo.shop.person, request, time.sleep)
        pages = list(paginate(parts))
        header = parts[0].header
        save_pdf(pages, header.title if header else report, language, out / f"{name}.pdf")
        save(write_xlsx(parts), out / f"{name}.xlsx")
        count += len(pages)
    return count
