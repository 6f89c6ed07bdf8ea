"""The server of `conductor serve --public`: a few worker processes that share one reading of the edition.

The ledger is read once, before the workers are made, and they share its memory. Each answers one request at a time
and ends after many requests, or after one that took too long, whose work was cut off somewhere; another takes its
place. When the edition in the folder is exchanged, it is read anew and so are the workers made.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from conductor_bean.fava.connection import Connection
from conductor_bean.fava.deadline import SECONDS
from conductor_bean.fava.edition_ledger import MARK, NotAnEditionError
from conductor_bean.fava.public_app import PublicApp, public_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

WORKERS: Final = 8
"""Idle ones cost next to nothing; a browser opens up to six connections for a page."""

REQUESTS: Final = 2_000
"""After so many a worker ends: what it keeps for filters of readers goes with it."""

MEMORY: Final = 1 << 30
"""Bytes that a worker may take beyond what it starts with."""

LOOK_SECONDS: Final = 2.0
"""How often the folder is looked at for a new edition."""


class PublicServer:
    """Serves one edition, until it is stopped.

    Attributes:
        address: The address of the first page.
    """

    def __init__(self, edition: Path, host: str, port: int, seconds: float = SECONDS, workers: int = WORKERS) -> None:
        """Read the edition and take the port; 0 is any free one.

        Raises:
            NotAnEditionError: The folder is none.
            OSError: The port or address cannot be taken.
        """
        self._edition = edition
        self._seconds = seconds
        self._workers = workers
        self._mark = _mark(edition)
        self._running: set[int] = set()
        self._leaving: set[int] = set()
        # Workers hold the reading end: the other is closed when this process goes, however it goes, and they go too.
        self._lifeline = os.pipe()
        self._listener = listen(host, port)
        try:
            self._app: PublicApp = public_app(edition, seconds)
        except BaseException:
            self._listener.close()
            raise
        name = f"[{host}]" if ":" in host else host
        self.address = f"http://{name}:{self._listener.getsockname()[1]}{self._app.first_page}"

    def run(self) -> None:
        """Serve until a signal ends it (Ctrl-C or SIGTERM)."""
        before = signal.getsignal(signal.SIGTERM)
        try:
            signal.signal(signal.SIGTERM, _interrupt)
            looked = time.monotonic()
            self._share()
            while True:
                self._fill()
                time.sleep(0.05)
                if time.monotonic() - looked > LOOK_SECONDS:
                    self._look()
                    looked = time.monotonic()
        except KeyboardInterrupt:
            pass
        finally:
            self._end_workers()
            signal.signal(signal.SIGTERM, before)
            self._listener.close()

    def _fill(self) -> None:
        """Take leave of workers that ended, and make new ones in their place."""
        for pids in (self._running, self._leaving):
            for pid in list(pids):
                if os.waitpid(pid, os.WNOHANG)[0]:
                    pids.discard(pid)
        # A signal between the making of a worker and its own ways with signals would make it take itself for us.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        try:
            while len(self._running) < self._workers:
                pid = os.fork()
                if pid == 0:
                    os.close(self._lifeline[1])
                    as_worker(lambda: work(self._listener, self._lifeline[0], self._app, self._seconds))
                self._running.add(pid)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _look(self) -> None:
        """Read the edition anew where it was exchanged; one that cannot be read leaves the old one standing."""
        mark = _mark(self._edition)
        if mark is None or mark == self._mark:
            return
        self._mark = mark
        try:
            self._app = public_app(self._edition, self._seconds)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, the readers of the old one stay
            why = error if isinstance(error, NotAnEditionError) else f"{type(error).__name__}: {error}"
            print(f"conductor: the new edition is not shown: {why}", file=sys.stderr)
            return
        self._share()
        # Those who show the old edition finish what they are asked, and go.
        for end in self._lifeline:
            os.close(end)
        self._lifeline = os.pipe()
        self._leaving |= self._running
        self._running = set()

    def _share(self) -> None:
        """Draw the first page once for all workers, and let them share what was read.

        A collection of garbage would touch, and so copy, all of it; what is frozen is left alone.
        """
        self._app.flask.test_client().get(self._app.first_page)
        gc.unfreeze()  # what an edition before this one left
        gc.collect()
        gc.freeze()
        gc.enable()

    def _end_workers(self) -> None:
        workers = self._running | self._leaving
        for pid in workers:
            os.kill(pid, signal.SIGTERM)
        for pid in workers:
            os.waitpid(pid, 0)


def listen(host: str, port: int) -> socket.socket:
    """Take a port.

    Raises:
        OSError: It is taken, or the address is not ours.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_DEFER_ACCEPT"):
            # Browsers open connections they may need later; one without a request never reaches a worker.
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 5)
        listener.bind(address)
        listener.listen(128)
        listener.settimeout(0)
    except OSError:
        listener.close()
        raise
    return listener


def work(listener: socket.socket, lifeline: int, application: WSGIApplication, seconds: float) -> None:
    """Answer requests, one after the other, until it is time to make place for a fresh worker.

    Args:
        listener: Where readers come.
        lifeline: A pipe that is closed when the server is gone.
        application: Who answers.
        seconds: How long a request may take before Python ends it. Where it cannot, because it is busy in a library
            that never asks for signals, the system ends the process after three times as much work.
    """
    for _ in range(REQUESTS):
        ready, _, _ = select.select([listener.fileno(), lifeline], [], [])
        if lifeline in ready:
            return
        try:
            connection, peer = listener.accept()
        except OSError:
            continue  # another worker was faster, or the reader is gone
        with connection:
            answering = Connection(connection, peer, application)
            signal.setitimer(signal.ITIMER_PROF, 3 * seconds)  # nobody handles SIGPROF, so it ends the process
            answering.serve()
            signal.setitimer(signal.ITIMER_PROF, 0)
        if answering.cut_off:
            return


def as_worker(run: Callable[[], None]) -> None:
    """Be a worker, and end the process whatever happens."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the first process ends the others
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
        _bound_memory()
        run()
    except BaseException:  # noqa: BLE001 - a forked process never returns into what it was forked from
        traceback.print_exc()
    finally:
        os._exit(0)


def _bound_memory() -> None:
    """Let a worker fail alone where a request takes all the memory there is (Linux tells how much it has now)."""
    try:
        import resource  # noqa: PLC0415 - not everywhere

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ImportError, OSError, ValueError):
        pass


def _mark(edition: Path) -> tuple[int, int] | None:
    try:
        status = (edition / MARK).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt
