"""The files of a ledger, found without loading it."""

from __future__ import annotations

from pathlib import Path

from beancount import loader

from conductor_bean.ledger.files import LedgerFiles


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.beancount"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "main.beancount"


def test_what_is_included_is_found_as_beancount_finds_it(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        main='include "parts/a.beancount"\n; include "never.beancount"\ninclude  "journal/*/*.beancount"\n',
        parts__a='include "b.beancount"\ninclude "../main.beancount"\n',
        parts__b="",
        journal__january__carla="",
        journal__january__ada="",
        journal__outside="",
        draft="",
    )
    found = LedgerFiles(main).found()
    assert found[0] == str(main)
    assert {str(Path(name).relative_to(tmp_path)) for name in found} == {
        "main.beancount",
        "parts/a.beancount",
        "parts/b.beancount",
        "journal/january/ada.beancount",
        "journal/january/carla.beancount",
    }
    assert sorted(found) == sorted(loader.load_file(str(main))[2]["include"])


def test_what_is_named_and_not_there_is_found_too(tmp_path: Path) -> None:
    main = write(tmp_path, main='include "gone.beancount"\ninclude "none/*.beancount"\n')
    assert LedgerFiles(main).found() == [str(main), str(tmp_path / "gone.beancount")]
    assert LedgerFiles(tmp_path / "nowhere.beancount").found() == [str(tmp_path / "nowhere.beancount")]


def test_folders_are_those_in_which_a_new_file_would_belong_to_the_ledger(tmp_path: Path) -> None:
    main = write(
        tmp_path, main='include "journal/*/2026/*.beancount"\n', journal__a__2026__x="", journal__b__2025__y=""
    )
    expected = {tmp_path, *(tmp_path / "journal" / name for name in ("", "a", "b", "a/2026"))}
    assert LedgerFiles(main).folders() == sorted(map(str, expected))


def test_a_file_that_changed_is_read_again_and_no_other(tmp_path: Path) -> None:
    main = write(tmp_path, main='include "a.beancount"\n', a="", b="")
    files = LedgerFiles(main)
    assert len(files.found()) == 2
    (tmp_path / "a.beancount").write_text('include "b.beancount"\n', encoding="utf-8")
    assert len(files.found()) == 3
    (tmp_path / "a.beancount").unlink()
    assert len(files.found()) == 2
