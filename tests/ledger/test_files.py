"""LANGUAGE.md, "A region is a folder", and what Beancount makes of files: includes, encodings, the load cache."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from beancount import loader

from conductor_bean.ledger.books import load_books
from tests.support import HEAD, PARTIES, PLANS, PRELUDE, REGION, check, load, work, write

PLUGIN = "conductor_bean.plugins.conductor"


def test_files_may_be_split_nested_and_globbed_in_any_order() -> None:
    files = {
        "journal/2026-02.beancount": work("Bakery", "Ada", 8),
        "journal/2026-01.beancount": work("Bakery", "Bob", 8, date="2026-01-15"),
        "deep/plans.beancount": PLANS,
        "deep/all.beancount": 'include "plans.beancount"\ninclude "../parties.beancount"\n',
        "parties.beancount": PARTIES,
    }
    head = HEAD + 'include "journal/*.beancount"\ninclude "deep/all.beancount"\n'
    found = check("", prelude="", head=head, files=files)
    assert found.amounts("work_certificates") == [8, 8]


def test_the_plugin_may_stand_after_the_includes() -> None:
    more = work("Mill", "Ada", 1).replace('"work"', '"work" ; ! worker-not-at-company')
    check("", head=f'include "more.beancount"\n{HEAD}', files={"more.beancount": more})


def test_a_plugin_line_in_an_included_file_is_not_enough_and_it_is_said() -> None:
    # Beancount runs the plugins of the main file only.
    found = load(work("Mill", "Ada", 1), head="", files={"prelude.beancount": HEAD + PRELUDE})
    assert "plugin-missing" in found.codes
    assert not found.books.complete


def test_faults_in_included_files_name_the_file() -> None:
    files = {"journal/02.beancount": work("Mill", "Ada", 1).replace('"work"', '"work" ; ! worker-not-at-company')}
    found = check("", head=HEAD + 'include "journal/*.beancount"\n', files=files)
    assert found.errors == [("journal/02.beancount", 1, "worker-not-at-company")]


@pytest.mark.parametrize("name", ["missing.beancount", "journal/*.beancount", "/no/such/file.beancount"])
def test_a_missing_include_is_an_error_at_its_line(name: str) -> None:
    found = check("", head=f'{HEAD}include "{name}" ; ! file-not-loaded\n')
    assert name.rpartition("/")[2] in found.message("file-not-loaded")


def test_a_file_that_is_included_twice_or_includes_itself_is_an_error() -> None:
    assert set(load("", head=HEAD + 'include "prelude.beancount"\n').codes) == {"file-not-loaded"}
    assert set(load("", head=HEAD + 'include "main.beancount"\n').codes) == {"file-not-loaded"}


@pytest.mark.parametrize("raw", [b'2026-02-01 custom "member" "K\xf6ln"\n', b"\xff\xfe2\x000\x00", b"\x80\x81\n"])
def test_a_file_that_is_not_utf_8_is_an_error_that_names_it(raw: bytes) -> None:
    found = load("", head=HEAD + 'include "bad.beancount"\n', files={"bad.beancount": raw})
    assert found.codes
    assert {file for file, _, _ in found.errors} <= {"bad.beancount", "main.beancount"}
    assert any(
        file == "bad.beancount" or "bad.beancount" in p.message
        for (file, _, _), p in zip(found.errors, found.books.errors, strict=True)
    )


def test_a_file_with_nul_bytes_or_nothing_in_it_is_no_traceback() -> None:
    load("", head=HEAD + 'include "bad.beancount"\n', files={"bad.beancount": b"\x00" * 100})
    assert load("", head=HEAD + 'include "bad.beancount"\n', files={"bad.beancount": b""}).codes == []
    binary = bytes(range(256)) * 4
    assert load("", head=HEAD + 'include "bad.beancount"\n', files={"bad.beancount": binary}).codes


def test_windows_lines_and_a_missing_last_newline_are_harmless() -> None:
    text = work("Bakery", "Ada", 1).replace("\n", "\r\n").rstrip()
    assert load("", files={"doc.beancount": text}).books.problems == []


def test_a_syntax_error_is_reported_and_the_rest_is_still_checked() -> None:
    text = work("Bakery", "Ada", 1) + "2026-02-02 custm x\n" + work("Mill", "Ada", 1, date="2026-02-03")
    found = load(text)
    assert set(found.codes) == {"syntax-error", "worker-not-at-company"}
    assert {line for _, line, code in found.errors if code == "syntax-error"} <= {4, 5}


# The plugin line


@pytest.mark.parametrize("config", ["other.yaml", "'other.yaml'", "sub/../other.yaml"])
def test_the_plugin_may_name_another_file_than_region_yaml(config: str) -> None:
    head = HEAD.replace(f'plugin "{PLUGIN}"', f'plugin "{PLUGIN}" "{config}"')
    found = load("", region=None, head=head, files={"other.yaml": REGION, "sub/x": ""})
    assert found.books.problems == []


@pytest.mark.parametrize(
    "config",
    ["missing.yaml", "", "[", "{1: 2}", "7", "__import__('os')", "a" * 5000, "None", "(", "\\", "'", "..", "\u0000x"],
)
def test_other_configurations_end_in_an_error_and_never_in_a_traceback(config: str) -> None:
    head = HEAD.replace(f'plugin "{PLUGIN}"', f'plugin "{PLUGIN}" "{config}"')
    found = load("", region=None, head=head)
    assert found.codes, config
    assert not found.books.complete


def test_without_the_plugin_nothing_is_checked_and_it_is_said() -> None:
    found = load(work("Mill", "Ada", 1), head="")
    assert "plugin-missing" in found.codes
    assert PLUGIN in found.message("plugin-missing")


# Beancount's load cache and bean-check


def caching(cache: Path) -> Callable[[str], Any]:
    """Return Beancount's loader with its cache in a file, whatever the ledger's size."""

    def load_file(name: str) -> Any:
        return loader._uncached_load_file(name, None, None, None)

    cached: Callable[[str], Any] = loader.pickle_cache_function(lambda _: str(cache), 0.0, load_file)
    return cached


@pytest.fixture
def cached(tmp_path: Path) -> Path:
    """A region's folder whose load is cached whatever its size."""
    folder = write(tmp_path, work("Bakery", "Ada", 8))
    return folder / "main.beancount"


def test_region_yaml_is_among_the_files_that_beancounts_cache_and_fava_watch(cached: Path) -> None:
    _, _, options_map = loader.load_file(str(cached))
    assert str(cached.parent / "region.yaml") in options_map["include"]


def test_a_cached_verdict_becomes_stale_when_region_yaml_changes(cached: Path) -> None:
    cache = cached.parent / "cache.pickle"
    load_cached = caching(cache)
    entries, errors, _ = load_cached(str(cached))
    assert errors == []
    assert cache.exists()
    # Served from the cache, with everything that the plugin added.
    again, errors, _ = load_cached(str(cached))
    assert errors == []
    assert len(again) == len(entries)
    region = cached.parent / "region.yaml"
    region.write_text(region.read_text("utf-8").replace("fic_window_days: 180", "fic_window_days: 0"), "utf-8")
    _, errors, _ = load_cached(str(cached))
    assert len(errors) == 1
    assert "region-file-wrong-value" in errors[0].message


def test_errors_survive_the_cache(cached: Path) -> None:
    (cached.parent / "doc.beancount").write_text(work("Mill", "Ada", 8), "utf-8")
    cache = cached.parent / "cache.pickle"
    load_cached = caching(cache)
    first = [(e.source["lineno"], e.message) for e in load_cached(str(cached))[1]]
    assert cache.exists()
    second = [(e.source["lineno"], e.message) for e in load_cached(str(cached))[1]]
    assert first == second
    assert len(first) == 1


def test_a_missing_region_yaml_is_watched_too(tmp_path: Path) -> None:
    write(tmp_path, region=None)
    _, errors, options_map = loader.load_file(str(tmp_path / "main.beancount"))
    assert len(errors) == 1
    assert str(tmp_path / "region.yaml") in options_map["include"]
    (tmp_path / "region.yaml").write_text(REGION, "utf-8")
    assert loader.needs_refresh(options_map)


def test_beancounts_own_loader_reports_the_same_errors_as_ours(tmp_path: Path) -> None:
    text = work("Mill", "Ada", 8) + "2026-02-01 custm\n" + "2026-02-02 balance Assets:Members:Ada:Hours 1 HOUR\n"
    folder = write(tmp_path, text)
    _, errors, _ = loader.load_file(str(folder / "main.beancount"))
    theirs = sorted((e.source["filename"], e.source["lineno"]) for e in errors)
    ours = sorted((p.file, p.line) for p in load_books(folder).errors)
    assert theirs == ours
    assert [e.message.split(":")[0] for e in errors if "worker" in e.message] == ["worker-not-at-company"]


def test_advice_is_not_among_beancounts_errors(tmp_path: Path) -> None:
    folder = write(tmp_path, work("Bakery", "Ada", 25))
    _, errors, _ = loader.load_file(str(folder / "main.beancount"))
    assert errors == []
    assert [p.code for p in load_books(folder).advice] == ["more-than-24-hours"]
