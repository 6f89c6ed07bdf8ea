"""One worker of the public server, with applications that misbehave."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from conductor_bean.fava import connection
from conductor_bean.fava.headers import SecurityHeaders
from conductor_bean.fava.server import as_worker, listen, work
from tests.fava.test_public_server import send


@contextmanager
def working(application: Any) -> Iterator[tuple[int, str]]:
    """One worker with an application of its own: its process, and its address."""
    with listen("127.0.0.1", 0) as listener:
        lifeline, life = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(life)
            as_worker(lambda: work(listener, lifeline, application, 0.1))
        try:
            yield pid, f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            os.close(life)
            os.close(lifeline)
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


def test_work_that_never_asks_for_signals_is_ended_by_the_system() -> None:
    def stubborn(_environ: object, _start_response: object) -> Any:
        return [str(sum(range(10**12))).encode()]

    with working(stubborn) as (pid, address):
        with suppress(ConnectionResetError):
            assert send(address, b"GET / HTTP/1.1\r\n\r\n") == b""
        _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGPROF


def test_the_work_of_many_requests_is_not_added_up() -> None:
    def busy(_environ: object, start_response: Any) -> Any:
        last = time.process_time() + 0.1
        while time.process_time() < last:
            pass
        start_response("200 OK", [])
        return []

    with working(busy) as (_, address):
        for _ in range(5):
            assert send(address, b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_a_request_that_takes_all_memory_fails_alone() -> None:
    def greedy(environ: dict[str, Any], start_response: Any) -> Any:
        length = len(bytearray(2 << 30)) if environ["PATH_INFO"] == "/much" else 0
        start_response(f"200 {length}", [])
        return []

    with working(SecurityHeaders(greedy)) as (_, address):
        assert send(address, b"GET /much HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 500 ")
        assert send(address, b"GET / HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 200 ")


def test_a_reader_who_says_little_by_little_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "READ_SECONDS", 0.4)
    ours, theirs = socket.socketpair()

    def dribble() -> None:
        with suppress(OSError):
            for _ in range(40):
                theirs.sendall(b"a")
                time.sleep(0.1)

    with ours, theirs:
        thread = threading.Thread(target=dribble)
        thread.start()
        start = time.monotonic()
        with pytest.raises(TimeoutError):
            connection.read_head(ours)
        assert time.monotonic() - start < 1.5
        ours.close()
        thread.join()
