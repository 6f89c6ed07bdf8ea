"""No proposal forges its own verdict: what it brings along is found, told and not run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from beancount import loader

from conductor_bean.ledger.books import load_books
from tests.admission.commands import commands, refused
from tests.support import HEAD, PRELUDE, REGION, conductor, load, work, write

OURS = 'plugin "conductor_bean.plugins.conductor"\n'
RAN = "that_it_ran"
CODE = f"import pathlib\npathlib.Path(__file__).with_name({RAN!r}).touch()\n"
EXITS = CODE + "import os\n__plugins__ = ['f']\ndef f(entries, options, config=None):\n    os._exit(0)\n"
EMPTIES = CODE + "__plugins__ = ['f']\ndef f(entries, options, config=None):\n    return entries[:0], []\n"
TRIPLES = CODE + ("__plugins__ = ['f']\ndef f(entries, options, config=None):\n    return 3 * entries, []\n")
PATH = 'option "insert_pythonpath" "TRUE"\n'


def prepared(folder: Path, main: str, files: dict[str, str | bytes] | None = None, region: str = REGION) -> Path:
    """A region with another head of main.beancount, and files of a stranger."""
    return write(folder, work("Bakery", "Ada", 8), head=main, files=files, region=region)


ATTACKS: dict[str, tuple[str, dict[str, str | bytes], str, int]] = {
    # name: main.beancount, files, code, line
    "a plugin that ends the process": (PATH + OURS + 'plugin "zz"\n', {"zz.py": EXITS}, "foreign-plugin", 3),
    "one that empties the problems": (OURS + PATH + 'plugin "zz"\n', {"zz.py": EMPTIES}, "foreign-plugin", 3),
    "one before ours that triples hours": ('plugin "zz"\n' + PATH + OURS, {"zz.py": TRIPLES}, "foreign-plugin", 1),
    "a package of that kind": (
        PATH + OURS + 'plugin "zz.y"\n',
        {"zz/__init__.py": CODE, "zz/y.py": EXITS},
        "foreign-plugin",
        3,
    ),
    "the search path alone": (PATH + OURS, {}, "forbidden-option", 1),
    "the search path in an included file": (OURS, {"doc.beancount": PATH}, "forbidden-option", 1),
    "balance assertions switched off": ('option "plugin_processing_mode" "raw"\n' + OURS, {}, "forbidden-option", 1),
    "code as the configuration of Beancount's own": (
        OURS + f"plugin \"beancount.plugins.commodity_attr\" \"__import__('pathlib').Path('{RAN}').touch()\"\n",
        {},
        "foreign-plugin",
        2,
    ),
    "the same in another of Beancount's": (
        OURS + 'plugin "beancount.plugins.check_average_cost" "__import__(\'os\')._exit(0)"\n',
        {},
        "foreign-plugin",
        2,
    ),
    "an extension of Fava": (
        OURS,
        {"zz.py": CODE, "doc.beancount": '2026-01-01 custom "fava-extension" "zz"\n'},
        "foreign-plugin",
        1,
    ),
    "an extension spelled with a backslash": (
        OURS,
        {"zz.py": CODE, "doc.beancount": '\n2026-01-01 custom "fava-\\extension" "zz"\n'},
        "foreign-plugin",
        2,
    ),
    "an extension that is no name": (
        OURS,
        {"doc.beancount": '2026-01-01 custom "fava-extension" 7\n'},
        "foreign-plugin",
        1,
    ),
    "a relative name": (OURS + 'plugin ".zz"\n', {"zz.py": CODE}, "foreign-plugin", 2),
    "a name in other letters": (OURS + 'plugin "Beancount.plugins.auto"\n', {}, "foreign-plugin", 2),
    "a plugin line in an included file": (
        OURS,
        {"doc.beancount": 'plugin "zz"\n', "zz.py": EXITS},
        "foreign-plugin",
        1,
    ),
    "no line of ours at all": ('plugin "zz"\n' + PATH, {"zz.py": EXITS}, "foreign-plugin", 1),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_code_that_a_proposal_brings_along_is_told_with_its_line_and_not_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main, files, code, line = ATTACKS[name]
    folder = prepared(tmp_path / "region", main, files)
    monkeypatch.chdir(folder)
    books = load_books(folder)
    assert not books.complete
    assert books.entries == []
    assert code in {problem.code for problem in books.errors if problem.line == line}, books.errors
    assert list(tmp_path.rglob(RAN)) == []


def test_every_command_refuses_a_plugin_of_the_folder_and_writes_nothing(tmp_path: Path) -> None:
    main, files, *_ = ATTACKS["a plugin that ends the process"]
    folder = prepared(tmp_path / "region", main, files)
    for name in commands(folder):
        refused(folder, name, "foreign-plugin")
    assert list(tmp_path.rglob(RAN)) == []


def test_a_plugin_that_the_region_lists_runs_only_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = REGION + "plugins: [plugin_of_the_region]\n"
    module = {
        "plugin_of_the_region.py": CODE + "__plugins__ = ['f']\ndef f(entries, options):\n    return entries, []\n"
    }
    folder = prepared(tmp_path / "region", OURS + 'plugin "plugin_of_the_region"\n', dict(module), listed)
    monkeypatch.syspath_prepend(str(folder))  # as where Python runs in the folder
    (problem,) = load_books(folder).errors
    assert (problem.code, problem.line) == ("foreign-plugin", 2)
    assert "own folder" in problem.message
    assert list(tmp_path.rglob(RAN)) == []
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "plugin_of_the_region.py").write_text(module["plugin_of_the_region.py"], encoding="utf-8")
    (folder / "plugin_of_the_region.py").unlink()
    monkeypatch.syspath_prepend(str(elsewhere))
    assert load_books(folder).errors == []
    assert (elsewhere / RAN).exists()


def test_who_passes_a_list_of_plugins_is_believed_rather_than_the_regions_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "plugin_listed_just_now.py").write_text(EXITS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(elsewhere))
    listed = REGION + "plugins: [plugin_listed_just_now]\n"
    folder = prepared(tmp_path / "region", OURS + 'plugin "plugin_listed_just_now"\n', region=listed)
    assert [problem.code for problem in load_books(folder, allowed=()).errors] == ["foreign-plugin"]
    assert "plugin_listed_just_now" not in sys.modules


def test_while_a_ledger_is_loaded_nothing_is_imported_from_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A plugin that may run imports what stands in the folder under the name of something it needs.
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    text = "__plugins__ = ['f']\ndef f(entries, options):\n    import needed_by_a_plugin\n    return entries, []\n"
    (elsewhere / "plugin_with_needs.py").write_text(text, encoding="utf-8")
    listed = REGION + "plugins: [plugin_with_needs]\n"
    main = OURS + 'plugin "plugin_with_needs"\n'
    folder = prepared(tmp_path / "region", main, {"needed_by_a_plugin.py": CODE}, listed)
    monkeypatch.syspath_prepend(str(elsewhere))
    monkeypatch.syspath_prepend(str(folder))
    assert "plugin-failed" in {problem.code for problem in load_books(folder).errors}
    assert list(tmp_path.rglob(RAN)) == []


def test_plugins_and_extensions_of_beancount_fava_and_ours_are_no_strangers() -> None:
    head = HEAD + 'plugin "beancount.plugins.onecommodity"\nplugin "beancount.plugins.check_commodity" "{}"\n'
    text = (
        '2026-01-01 custom "fava-extension" "conductor_bean.fava"\n'
        '2026-01-01 custom "fava-extension" "fava.ext.auto_commit"\n'
        "2026-01-01 commodity HOUR\n"
    )
    assert load(text, head=head).codes == []


@pytest.mark.parametrize(("table", "is_advice"), [(1, True), (2, False)])
def test_a_plugin_before_ours_is_advice_and_from_version_2_on_an_error(
    tmp_path: Path, table: int, *, is_advice: bool
) -> None:
    main = 'plugin "beancount.plugins.auto_accounts"\n' + OURS
    folder = prepared(tmp_path / "region", main, region=f"{REGION}table: {table}\n")
    (problem,) = [problem for problem in load_books(folder).problems if problem.code == "plugin-not-first"]
    assert (problem.line, problem.is_advice) == (2, is_advice)
    assert conductor("check", folder).exit_code == (0 if is_advice else 1)


def test_bean_check_tells_of_a_plugin_before_ours(tmp_path: Path) -> None:
    main = 'plugin "beancount.plugins.auto_accounts"\n' + OURS
    folder = prepared(tmp_path / "region", main, region=f"{REGION}table: 2\n")
    _, errors, _ = loader.load_file(str(folder / "main.beancount"))
    assert [error.message.partition(":")[0] for error in errors] == ["plugin-not-first"]
    assert errors[0].source["lineno"] == 2


def test_the_option_that_says_what_is_the_default_anyway_is_none_of_ours(tmp_path: Path) -> None:
    head = 'option "insert_pythonpath" "FALSE"\noption "plugin_processing_mode" "default"\n' + HEAD
    assert load(work("Bakery", "Ada", 8), head=head, prelude=PRELUDE).codes == []
