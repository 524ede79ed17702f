"""A server in front of the real service that passes everything on, until a test tells it to fail."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

Fails = Callable[[str, bytes], bool]


@dataclass
class Front:
    """`fail` answers with a status instead of passing on; `dead` hangs up without a word."""

    target: str
    asked: list[str] = field(default_factory=list)
    dead: bool = False
    _rules: list[tuple[Fails, int, dict[str, str], bytes]] = field(default_factory=list)

    def fail(
        self, fails: Fails, status: int, headers: dict[str, str] | None = None, body: bytes = b'{"code":""}'
    ) -> None:
        self._rules.append((fails, status, headers or {}, body))

    def heal(self) -> None:
        self._rules.clear()
        self.dead = False

    def batches(self) -> int:
        return sum(path.endswith("/jobs/batch") for path in self.asked)

    def __enter__(self) -> "Front":
        front = self

        class Handler(BaseHTTPRequestHandler):
            def _pass(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                front.asked.append(self.path)
                if front.dead:
                    self.close_connection = True
                    return
                for fails, status, headers, answer in front._rules:
                    if fails(self.path, body):
                        self._answer(status, headers, answer)
                        return
                given = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "content-length")}
                found = requests.request(self.command, front.target + self.path, data=body, headers=given, timeout=30)
                self._answer(found.status_code, {"Content-Type": "application/json"}, found.content)

            do_GET = do_POST = do_PUT = do_DELETE = _pass  # noqa: N815 - the base class's names

            def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="proxy", daemon=True)
        self._thread.start()
        return self

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


def batch(path: str, _body: bytes) -> bool:
    """Whether a request brings messages of jobs."""
    return path.endswith("/jobs/batch")
