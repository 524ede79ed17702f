"""Serves the application with uvicorn on a thread of its own; `stop` ends it."""

import asyncio
import errno
import socket
import threading
import time

import uvicorn
from litestar import Litestar

from repaircenter.runtime.errors import EnvironmentFailure


class Server:
    """One listening socket, bound before anything else starts so that a used port is said at once."""

    def __init__(self, host: str, port: int) -> None:
        # Named as TCP, because asyncio turns Nagle's delay off only for sockets that say so (40 ms a request).
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
        except PermissionError:
            self._socket.close()
            raise EnvironmentFailure("service.port_rights", port=port) from None
        except OverflowError:
            self._socket.close()
            raise EnvironmentFailure("service.bad_port") from None
        except OSError as error:
            self._socket.close()
            if error.errno in (errno.EADDRNOTAVAIL, getattr(socket, "EAI_NONAME", -2), socket.EAI_ADDRFAMILY):
                raise EnvironmentFailure("service.not_our_host", host=host) from None
            raise EnvironmentFailure("service.port_used", port=port) from None
        self._socket.listen(128)
        self.port: int = self._socket.getsockname()[1]
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def start(self, app: Litestar) -> None:
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=5)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)
        self._thread.start()
        end = time.monotonic() + 20
        while not self._server.started and time.monotonic() < end and self._thread.is_alive():
            time.sleep(0.01)

    def stop(self) -> None:
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(15)
        self._socket.close()

    def _run(self) -> None:
        assert self._server is not None
        asyncio.run(self._server.serve(sockets=[self._socket]))
