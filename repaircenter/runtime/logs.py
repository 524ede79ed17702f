"""Log set-up: ids and types only. The text of an exception never reaches a log (DESIGN 4.10)."""

import logging
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType

_Exception = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class SafeFormatter(logging.Formatter):
    """Writes the type of an exception and the places it passed, never its text, which may quote a person's data."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")

    def formatException(self, ei: _Exception) -> str:  # noqa: N802 - the base class's name
        import traceback

        kind, _, trace = ei
        places = [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)]
        return "\n".join([kind.__name__ if kind else "no exception", *places])

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None
        return super().format(record)


class JsonFormatter(SafeFormatter):
    """The same as one JSON object a line, for whatever collects them: `at` in UTC, `level`, `where`, `text`, `trace`."""

    def format(self, record: logging.LogRecord) -> str:
        import json

        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "at": at,
            "level": record.levelname,
            "where": record.name,
            "thread": record.threadName,
            "text": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class _Files(logging.Handler):
    """Three files of 1 MB in a folder, opened with the first line: start-up time is the reason."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    @cached_property
    def _files(self) -> logging.Handler:
        from logging.handlers import RotatingFileHandler

        handler = RotatingFileHandler(
            self._folder / "repaircenter.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8"
        )
        handler.setFormatter(self.formatter)
        return handler

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._files.emit(record)
        except Exception:  # as every handler of logging: who logs goes on
            self.handleError(record)

    def close(self) -> None:
        if "_files" in self.__dict__:
            self._files.close()
        super().close()


def set_up_logs(folder: Path | None, level: int = logging.INFO, *, as_json: bool = False) -> None:
    """Log to `folder`/repaircenter.log (three files of 1 MB), or to standard error without a folder."""
    handler: logging.Handler
    if folder is None:
        handler = logging.StreamHandler()
    else:
        folder.mkdir(parents=True, exist_ok=True)
        handler = _Files(folder)
    handler.setFormatter(JsonFormatter() if as_json else SafeFormatter())
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(level)
    for noisy in ("sqlalchemy", "urllib3", "alembic", "procrastinate", "watchdog", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for wordy in ("procrastinate", "psycopg"):
        logging.getLogger(wordy).setLevel(logging.ERROR)
