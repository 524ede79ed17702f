"""What the service is told on the command line."""

from dataclasses import dataclass
from pathlib import Path

DATABASE = "repaircenter"
DEFAULT_PORT = 8470


@dataclass(frozen=True, slots=True)
class CentralOptions:
    """`database_url` None means the embedded server: in `cluster_folder`, else where each start by the same user finds
    it (`data_folder`, or /var/lib/repaircenter for root).

    Messages go to the mail server `smtp` (HOST or HOST:PORT) or into `mail_folder`; links in them begin with
    `public_address`, which is the listening address unless said otherwise. They come back to `inbox` (HOST[:PORT], of
    `inbox_user`). Texts go to the service at `texts` (URL), as `texts_account`, from the number `texts_from`; with a
    `mail_folder` into files there. `desk_download` is where shops get the newest desk, `sessions_end` when all sessions end
    once a day, `support_phone` whom shops call when nothing comes from them. Requests go by way of a `pooler`, reports are
    read in `reports_database`, a copy that streams from the database (both HOST[:PORT]).
    """

    data_folder: Path
    database_url: str | None = None
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    cluster: str = "service"
    cluster_folder: Path | None = None
    database: str = DATABASE
    fresh: bool = False
    mail_folder: Path | None = None
    smtp: str | None = None
    smtp_security: str | None = None
    smtp_user: str | None = None
    inbox: str | None = None
    inbox_user: str | None = None
    inbox_security: str | None = None
    texts: str | None = None
    texts_account: str | None = None
    texts_from: str | None = None
    mail_from: str | None = None
    public_address: str | None = None
    desk_download: str | None = None
    sessions_end: str | None = None
    support_phone: str | None = None
    pooler: str | None = None
    reports_database: str | None = None
    # The port for Prometheus on this machine; None for none.
    metrics: int | None = None
