"""`dev.py bench`: ratios of DESIGN 5 within one run. `--short` measures less; `--smb N` imports N sets over a share;
`--installed` measures what `dev.py build` made.

A row has the design's budget and a guard: what this version holds. A broken guard is code 1; a budget that is not met
is said in the row.
"""

import argparse
import sys
from collections.abc import Callable

from tests.bench.accepting import accepting
from tests.bench.answering import answering
from tests.bench.beside_reports import beside_reports
from tests.bench.importing import durable
from tests.bench.installed import installed
from tests.bench.looking import looking
from tests.bench.many_jobs import many_jobs
from tests.bench.network import network, thousand
from tests.bench.over_smb import over_smb
from tests.bench.pages import pages
from tests.bench.reading import against_dbfread, parsing
from tests.bench.row import Row
from tests.bench.starting import starting
from tests.bench.viewing import viewing


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--smb", type=int, default=0, metavar="N")
    parser.add_argument("--installed", action="store_true")
    options = parser.parse_args()
    broken = 0
    measures: list[Callable[[bool], list[Row]]] = [
        parsing, against_dbfread, looking, durable, starting, many_jobs, accepting, beside_reports, pages, viewing, network,
        thousand, answering,
    ]  # fmt: skip
    if options.smb:
        measures = [lambda _short: over_smb(options.smb)]
    elif options.installed:
        measures = [installed]
    for measure in measures:
        for row in measure(options.short):
            broken += row.is_broken
            print(row, flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
