"""A hard limit of the time that one request may take.

Fava's filters are regular expressions and a small language; what a reader may type there can be made to take years.
Python looks for signals while it matches, so the timer of the process ends that too. A timer belongs to a process and
interrupts its main thread: one request at a time in the main thread of a worker process (the server of `conductor
serve --public`, gunicorn's sync workers, mod_wsgi or uWSGI without threads). Elsewhere nothing is answered at all.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterable
from types import FrameType
from typing import TYPE_CHECKING, Final

from conductor_bean.fava.refusals import refusal

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECONDS: Final = 5.0
"""How long a request may take, unless told otherwise."""

LONGEST: Final = 60.0
VARIABLE: Final = "CONDUCTOR_SECONDS"
"""The environment variable that tells otherwise."""

CUT_OFF: Final = "conductor.cut_off"
"""Where the environment of a request has a callable under this name, it is called when the request is cut off: what
that left half done is unknown, so a server may let the process end."""


def seconds_allowed() -> float:
    """How long a request may take, as the environment says.

    Raises:
        ValueError: It says nothing sensible; the message tells what to do.
    """
    text = os.environ.get(VARIABLE, str(SECONDS))
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST:
        raise ValueError(f"{VARIABLE} is {text!r}; set it to seconds, more than 0 and at most {LONGEST:.0f}")
    return seconds


class DeadlinePassed(BaseException):
    """The time of a request is over. Like KeyboardInterrupt it passes through `except Exception`."""


class Deadline:
    """A WSGI application that ends what takes longer than a limit, with 503."""

    def __init__(self, application: WSGIApplication, seconds: float = SECONDS) -> None:
        self.application = application
        self.seconds = seconds

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request within the limit."""
        if threading.current_thread() is not threading.main_thread():
            print(
                "conductor: the time of a request can be bounded only in the main thread of a process: "
                "run worker processes without threads (gunicorn: --worker-class sync)",
                file=sys.stderr,
            )
            return refusal(503, "This server is not set up rightly.")(environ, start_response)
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def begin(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            # Kept until the time is over: an answer that has begun cannot be exchanged for a refusal.
            begun.append((status, headers))

        try:
            body = self._bounded(environ, begin)
        except DeadlinePassed:
            signal.setitimer(signal.ITIMER_REAL, 0)
            environ.get(CUT_OFF, bool)()
            page = refusal(503, "This took too long. Try a shorter time or a simpler filter.")
            return page(environ, start_response)
        start_response(*begun[-1])
        return body

    def _bounded(self, environ: WSGIEnvironment, start_response: object) -> Iterable[bytes]:
        before = signal.signal(signal.SIGALRM, _pass)
        try:
            # Again and again: a signal during a callback from C is printed and lost.
            signal.setitimer(signal.ITIMER_REAL, self.seconds, self.seconds / 4)
            return self.application(environ, start_response)  # type: ignore[arg-type]  # nobody uses its write()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def _pass(_number: int, _frame: FrameType | None) -> None:
    raise DeadlinePassed
