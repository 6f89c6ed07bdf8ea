"""One request over one connection: read within bounds, answered, closed."""

from __future__ import annotations

import io
import socket
import sys
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes, urlsplit

from werkzeug.http import http_date
from werkzeug.test import run_wsgi_app

from conductor_bean.fava.deadline import CUT_OFF
from conductor_bean.fava.headers import safe_headers
from conductor_bean.fava.refusals import refusal

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

LONGEST_HEAD: Final = 16_384
"""Bytes of a request line and its headers."""

READ_SECONDS: Final = 5.0
"""How long a reader may take to say what she wants."""

WRITE_SECONDS: Final = 20.0
LEAVE_SECONDS: Final = 1.0
SLOWEST: Final = 50_000
"""Bytes a second that a reader must take, after the first seconds."""


class Connection(BaseHTTPRequestHandler):
    """Answers one request. HTTP/1.1 without keeping the connection: that is the business of a proxy.

    Attributes:
        cut_off: The request took too long; what it left behind in this process is unknown.
    """

    def __init__(self, connection: socket.socket, peer: Any, application: WSGIApplication) -> None:
        """Take a connection; whoever calls closes it.

        Args:
            connection: Where the reader is.
            peer: The address of the other side.
            application: Who answers.
        """
        # The base class would read, answer and close here; it only parses for us.
        self.connection = connection
        self.client_address = peer
        self.application = application
        self.answer = b""
        self.cut_off = False

    def serve(self) -> None:
        """Read, answer and send."""
        with suppress(OSError):  # the reader is gone, or slower than we wait
            try:
                head = read_head(self.connection)
            except ValueError:
                self.send_error(431, f"A request has at most {LONGEST_HEAD} bytes.")
            else:
                self._read(head)
            self.connection.settimeout(WRITE_SECONDS + len(self.answer) / SLOWEST)
            self.connection.sendall(self.answer)
            self.connection.shutdown(socket.SHUT_WR)
            self._take_leave()

    def _take_leave(self) -> None:
        """Read what was sent too much, within bounds: closing at once would take our answer back from the reader."""
        last = time.monotonic() + LEAVE_SECONDS
        while (left := last - time.monotonic()) > 0:
            self.connection.settimeout(left)
            if not self.connection.recv(LONGEST_HEAD):
                break

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Answer what is no request at all, in our own words."""
        page = refusal(code, "This is no request that is answered here." if message is None else message)
        self._write(page.status, safe_headers(page.headers.to_wsgi_list()), page.get_data())

    def _cut_off(self) -> None:
        self.cut_off = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep no record of who reads what."""

    def _read(self, head: bytes) -> None:
        self.rfile = io.BufferedReader(io.BytesIO(head))
        self.raw_requestline = self.rfile.readline(LONGEST_HEAD + 1)
        if not self.raw_requestline or not self.parse_request():
            return
        try:
            environ = self._environ()
        except ValueError:  # an address that is none
            self.send_error(400)
            return
        body, status, headers = run_wsgi_app(self.application, environ, buffered=True)
        self._write(status, headers.to_wsgi_list(), b"" if self.command == "HEAD" else b"".join(body))

    def _write(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        lines = [f"HTTP/1.1 {status}", f"Date: {http_date()}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers]
        self.answer = "\r\n".join([*lines, "", ""]).encode("latin-1") + body

    def _environ(self) -> WSGIEnvironment:
        target = urlsplit(self.path)
        host, port = self.connection.getsockname()[:2]
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(target.path).decode("latin-1"),
            "QUERY_STRING": target.query,
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": str(self.client_address[0]),
            "CONTENT_LENGTH": self.headers.get("Content-Length", ""),
            CUT_OFF: self._cut_off,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            if "_" not in name:  # `X_Y` would pass for `X-Y`
                environ.setdefault("HTTP_" + name.upper().replace("-", "_"), value.strip())
        return environ


def read_head(connection: socket.socket) -> bytes:
    """Read a request line and headers, in bounded time and size.

    Returns:
        Nothing where nobody asked anything.

    Raises:
        ValueError: They are longer than is read here.
        OSError: The reader took too long, or went away.
    """
    head = b""
    last = time.monotonic() + READ_SECONDS
    while b"\r\n\r\n" not in head and b"\n\n" not in head:
        connection.settimeout(max(last - time.monotonic(), 0.001))
        part = connection.recv(LONGEST_HEAD)
        head += part
        if len(head) > LONGEST_HEAD:
            raise ValueError
        if not part:
            break
    return head
