"""Fava on a private ledger, for those who keep it: as Fava is, for one machine."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Final

from cheroot.wsgi import Server
from fava.application import _LedgerSlugLoader, create_app
from flask import Flask

from conductor_bean.fava.escaping import escape_everything
from conductor_bean.fava.origins import keep_strangers_out
from conductor_bean.fava.private_ledger import PrivateLedger

LOCAL: Final = ("127.0.0.1", "localhost", "::1")


class PrivateServer:
    """Serves one ledger with all that Fava can do, reading and writing.

    Attributes:
        address: The address of the first page.
        errors: How many errors the ledger has.
    """

    def __init__(self, main: Path, host: str, port: int, *, runs_imports: bool = False) -> None:
        """Read the ledger and take the port; 0 is any free one.

        Raises:
            LedgerNotAdmittedError: Something of the ledger would be read or run that may not.
            OSError: The port or address cannot be taken.
        """
        self._server = Server(("127.0.0.1" if host == "localhost" else host, port), None)
        self._server.prepare()
        try:
            app = self._server.wsgi_app = fava(main, local=host in LOCAL, runs_imports=runs_imports)
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


class _Ledgers(_LedgerSlugLoader):  # type: ignore[misc]  # Fava is not typed for us
    """The ledger that Fava asks for by the first part of a path."""

    def __init__(self, app: Flask, *, runs_imports: bool) -> None:
        super().__init__(app)
        self._runs_imports = runs_imports

    def _load(self) -> list[PrivateLedger]:
        return [
            PrivateLedger(path, runs_imports=self._runs_imports) for path in self.fava_app.config["BEANCOUNT_FILES"]
        ]


def fava(main: Path, *, local: bool, runs_imports: bool = False) -> Flask:
    """Make Fava on a ledger; where it is for this machine alone, it answers to no other name.

    Args:
        main: The ledger's main.beancount.
        local: Whether it is for this machine alone.
        runs_imports: Whether the file that the option import-config names is run.

    Raises:
        LedgerNotAdmittedError: Something of the ledger would be read or run that may not. Nothing was.
    """
    gc.disable()  # while a large ledger grows, collecting garbage takes half of the time and finds nothing
    app: Flask = create_app([str(main)])
    app.config["LEDGERS"] = _Ledgers(app, runs_imports=runs_imports)
    (ledger,) = app.config["LEDGERS"].ledgers
    if ledger.refused is not None:
        raise ledger.refused
    gc.freeze()
    gc.enable()
    escape_everything(app)
    keep_strangers_out(app)
    if local:
        # A page elsewhere whose name leads to this machine is a stranger, and may not read the books.
        app.config["TRUSTED_HOSTS"] = [*LOCAL[:2], f"[{LOCAL[2]}]"]
    return app
