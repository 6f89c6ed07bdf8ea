"""The region's pages in Fava, and the server that shows them.

A ledger shows the pages with this line:

    2026-01-01 custom "fava-extension" "conductor_bean.fava"
"""

from __future__ import annotations

from conductor_bean.fava.extension import Conductor

__all__ = ["Conductor"]
