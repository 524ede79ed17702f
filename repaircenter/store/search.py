"""The full-text search over jobs: one function makes its table and triggers, again after every migration."""

from sqlalchemy import Connection

_PARTS = (
    "DROP TRIGGER IF EXISTS job_search_insert",
    "DROP TRIGGER IF EXISTS job_search_delete",
    "DROP TRIGGER IF EXISTS job_search_update",
    "DROP TABLE IF EXISTS job_search",
    "CREATE VIRTUAL TABLE job_search USING fts5(search, content='job', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
    "INSERT INTO job_search(job_search, rank) VALUES('secure-delete', 1)",
    "INSERT INTO job_search(job_search) VALUES('rebuild')",
    "CREATE TRIGGER job_search_insert AFTER INSERT ON job BEGIN "
    "INSERT INTO job_search(rowid, search) VALUES (new.id, new.search); END",
    "CREATE TRIGGER job_search_delete AFTER DELETE ON job BEGIN "
    "INSERT INTO job_search(job_search, rowid, search) VALUES('delete', old.id, old.search); END",
    "CREATE TRIGGER job_search_update AFTER UPDATE OF search ON job WHEN old.search IS NOT new.search BEGIN "
    "INSERT INTO job_search(job_search, rowid, search) VALUES('delete', old.id, old.search); "
    "INSERT INTO job_search(rowid, search) VALUES (new.id, new.search); END",
)
TABLES = frozenset(
    ("job_search", "job_search_data", "job_search_idx", "job_search_content", "job_search_docsize", "job_search_config")
)


def rebuild(connection: Connection) -> None:
    """Make table and triggers anew and fill them from `job.search`."""
    for statement in _PARTS:
        connection.exec_driver_sql(statement)


def drop_triggers(connection: Connection) -> None:
    """Before a migration touches `job`: its rows must not be taken out of the search one by one."""
    for statement in _PARTS[:3]:
        connection.exec_driver_sql(statement)


def query_text(words: str) -> str:
    """What a person typed as an FTS5 query: every word a prefix, quoted so that no character means anything."""
    return " ".join('"' + word.replace('"', '""') + '"*' for word in words.split())
