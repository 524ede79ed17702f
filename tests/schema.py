"""`dev.py schema`: write the present database schema into one file that reviews and CI compare (issue 13.31)."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from repaircenter.assembly.central import CentralService
from repaircenter.assembly.central_options import CentralOptions
from repaircenter.central.db.embedded import Cluster, default_folder

FILE = Path(__file__).resolve().parents[1] / "docs" / "schema.sql"
_HEAD = "-- The database schema as all migrations leave it. Made by `python3 dev.py schema`; never edited.\n\n"


def dump(cluster: Cluster, database: str) -> str:
    """The schema of a database as pg_dump writes it, without what changes from run to run."""
    url = cluster.url(database)
    assert cluster._programs is not None
    done = subprocess.run(
        [str(cluster._programs / "bin" / "pg_dump"), "--schema-only", "--no-owner", "-h", str(url.query["host"]),
         "-U", str(url.username), database],
        env={**os.environ, "PGPASSWORD": str(url.password)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    kept = [
        line.rstrip()
        for line in done.stdout.splitlines()
        if line.strip() and not line.startswith(("--", "SET ", "\\", "SELECT pg_catalog.set_config"))
    ]
    return _HEAD + "\n".join(kept) + "\n"


def of_migrations(cluster: Cluster, folder: Path) -> str:
    """The schema of a new database."""
    url = cluster.url("schema").render_as_string(hide_password=False)
    service = CentralService(CentralOptions(folder, url, fresh=True))
    service.prepare()
    service.stop()
    return dump(cluster, "schema")


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        cluster = Cluster(default_folder("schema", Path(name)))
        cluster.start()
        try:
            FILE.write_text(of_migrations(cluster, Path(name)), "utf-8")
        finally:
            cluster.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
