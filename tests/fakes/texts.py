"""A service that takes texts as Twilio does: a real conversation over HTTP."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

ACCOUNT, TOKEN, NUMBER = "AC1", "a token of the tests", "+15145550199"


class TextSink:
    """Use as a context; `texts` holds what was taken, `answer` (status, body) is what the next ones get."""

    def __init__(self) -> None:
        sink = self
        self.texts: list[dict[str, str]] = []
        self.answer: tuple[int, object] = (201, {"sid": "SM1"})

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                status, body = sink.answer
                allowed = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
                if self.headers["Authorization"] != f"Basic {allowed}":
                    status, body = 401, {"code": 20003}
                elif self.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
                    status, body = 404, {"code": 20404}
                elif status == 201:
                    sink.texts.append(form)
                raw = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> "TextSink":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def signature(address: str, form: Mapping[str, str], token: str = TOKEN) -> str:
    """The signature of Twilio's documentation: the address and the fields in their order, HMAC-SHA1."""
    whole = address
    for name, value in sorted(form.items()):
        whole += name + value
    return base64.b64encode(hmac.digest(token.encode(), whole.encode(), hashlib.sha1)).decode()
