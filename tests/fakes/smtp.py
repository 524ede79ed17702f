"""A mail server that speaks just enough SMTP to take messages (RFC 5321): a real conversation over a socket."""

import socketserver
import threading
from dataclasses import dataclass, field


@dataclass
class Taken:
    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    data: str = ""


class SmtpSink:
    """Use as a context; `messages` holds what was taken."""

    def __init__(self) -> None:
        sink = self
        self.messages: list[Taken] = []

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self._say("220 sink ESMTP")
                taken = Taken()
                while line := self.rfile.readline().decode("utf-8", "replace").rstrip("\r\n"):
                    verb = line.upper()
                    if verb.startswith("MAIL FROM:"):
                        taken = Taken(sender=line[10:].split(">")[0].strip("< "))
                    elif verb.startswith("RCPT TO:"):
                        taken.recipients.append(line[8:].split(">")[0].strip("< "))
                    elif verb == "DATA":
                        self._say("354 go on")
                        rows = []
                        while (row := self.rfile.readline().decode("utf-8", "replace").rstrip("\r\n")) != ".":
                            rows.append(row)
                        taken.data = "\n".join(rows)
                        sink.messages.append(taken)
                    elif verb == "QUIT":
                        self._say("221 bye")
                        return
                    self._say("250 ok")

            def _say(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> "SmtpSink":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
