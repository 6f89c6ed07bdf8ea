"""The entry point for WSGI servers: `gunicorn 'conductor_bean.fava.wsgi:application()'`.

The edition is named by the environment variable CONDUCTOR_EDITION, the seconds that a request may take by
CONDUCTOR_SECONDS.
"""

from __future__ import annotations

import os
from pathlib import Path

from conductor_bean.fava.deadline import SECONDS
from conductor_bean.fava.edition_ledger import NotAnEditionError
from conductor_bean.fava.public_app import PublicApp, public_app

EDITION = "CONDUCTOR_EDITION"
LIMIT = "CONDUCTOR_SECONDS"


def application() -> PublicApp:
    """Make the WSGI application of the edition that the environment names.

    Raises:
        NotAnEditionError: It names none, or what it names is none; the message says what to do.
    """
    folder = os.environ.get(EDITION)
    if not folder:
        raise NotAnEditionError(f"set {EDITION} to the folder that `conductor publish` wrote")
    text = os.environ.get(LIMIT, str(SECONDS))
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= 60:
        raise NotAnEditionError(f"{LIMIT} is {text!r}; set it to seconds, more than 0 and at most 60")
    return public_app(Path(folder), seconds)
