"""The entry point for WSGI servers: `gunicorn 'conductor_bean.fava.wsgi:application()'`.

The edition is named by the environment variable CONDUCTOR_EDITION, the seconds that a request may take by
CONDUCTOR_SECONDS. See docs/serving.md.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from conductor_bean.fava.deadline import seconds_allowed
from conductor_bean.fava.edition_ledger import NotAnEditionError
from conductor_bean.fava.public_app import PublicApp, public_app

VARIABLE: Final = "CONDUCTOR_EDITION"


def application() -> PublicApp:
    """Make the WSGI application of the edition that the environment names.

    Raises:
        NotAnEditionError: It names none, or what it names is none; the message says what to do.
        ValueError: It allows no sensible time.
    """
    folder = os.environ.get(VARIABLE)
    if not folder:
        raise NotAnEditionError(f"set {VARIABLE} to the folder that `conductor publish` wrote")
    return public_app(Path(folder), seconds_allowed())
