"""The picture in docs/reports.md is a plot of a report as it is drawn now."""

from __future__ import annotations

import importlib

import pytest

from tests.house.tree import ROOT


def test_the_picture_of_the_guide_is_drawn_by_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    picture = importlib.import_module("make_report_picture")
    assert picture.PICTURE.read_text("utf-8") == picture.draw(), "run: python docs/make_report_picture.py"
    assert picture.PICTURE.stat().st_size < 50_000
