"""Fava on a private ledger, for those who keep it: as Fava is, for one machine."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Final

from cheroot.wsgi import Server
from fava.application import create_app
from flask import Flask

from conductor_bean.fava.escaping import escape_everything

LOCAL: Final = ("127.0.0.1", "localhost", "::1")


class PrivateServer:
    """Serves one ledger with all that Fava can do, reading and writing.

    Attributes:
        address: The address of the first page.
        errors: How many errors the ledger has.
    """

    def __init__(self, main: Path, host: str, port: int) -> None:
        """Read the ledger and take the port; 0 is any free one.

        Raises:
            OSError: The port or address cannot be taken.
        """
        self._server = Server(("127.0.0.1" if host == "localhost" else host, port), None)
        self._server.prepare()
        try:
            app = self._server.wsgi_app = fava(main, local=host in LOCAL)
        except BaseException:
            self._server.stop()
            raise
        (_, ledger), *_ = app.config["LEDGERS"].items()
        self.errors = len(ledger.errors)
        first = app.test_client().get("/", headers={"Host": "localhost"}).headers["Location"]
        name = f"[{host}]" if ":" in host else host
        self.address = f"http://{name}:{self._server.bind_addr[1]}{first}"

    def run(self) -> None:
        """Serve until Ctrl-C."""
        try:
            self._server.serve()
        except KeyboardInterrupt:
            pass
        finally:
            self._server.stop()


def fava(main: Path, *, local: bool) -> Flask:
    """Make Fava on a ledger; where it is for this machine alone, it answers to no other name."""
    gc.disable()  # while a large ledger grows, collecting garbage takes half of the time and finds nothing
    app: Flask = create_app([str(main)], load=True)
    gc.freeze()
    gc.enable()
    escape_everything(app)
    if local:
        # A page elsewhere whose name leads to this machine is a stranger, and may not read the books.
        app.config["TRUSTED_HOSTS"] = [*LOCAL[:2], f"[{LOCAL[2]}]"]
    return app
