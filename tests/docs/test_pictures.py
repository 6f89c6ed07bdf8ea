"""The README's pictures of the pages are there, small, and made by a script from the pages that there are."""

from __future__ import annotations

import importlib
import re
import struct
from typing import Any

import pytest

from conductor_bean.fava.pages import TABS
from tests.house.tree import ROOT

FOLDER = ROOT / "docs" / "pictures"
LARGEST = 200_000
SHOWN = re.compile(
    r'!\[(?P<alt>[^\]]+)\]\((?P<path>docs/pictures/[^)]+)\)|<img src="(?P<source>[^"]+)"[^>]*?alt="(.+?)">'
)


@pytest.fixture(scope="module")
def script() -> Any:
    """docs/make_pictures.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "docs"))
        return importlib.import_module("make_pictures")


def test_every_picture_is_shown_with_a_text_for_who_cannot_see_it() -> None:
    shown = [match["path"] or match["source"] for match in SHOWN.finditer((ROOT / "README.md").read_text("utf-8"))]
    assert sorted(shown) == sorted(path.relative_to(ROOT).as_posix() for path in FOLDER.iterdir())


def test_the_script_makes_exactly_these_pictures_of_public_pages(script: Any) -> None:
    assert {picture.path for picture in script.PICTURES} == set(FOLDER.iterdir())
    assert {picture.page for picture in script.PICTURES} <= set(TABS)


def test_a_picture_is_a_small_png_of_the_size_that_the_script_says(script: Any) -> None:
    for picture in script.PICTURES:
        content = picture.path.read_bytes()
        assert content.startswith(b"\x89PNG\r\n\x1a\n"), picture.name
        assert struct.unpack(">II", content[16:24]) == (picture.width, picture.height), picture.name
        assert len(content) < LARGEST, picture.name
