"""What pyproject.toml lists is what stands on the disk: an unlisted package would silently miss the wheel."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from typing import Any

import conductor_bean
from tests.house.tree import PACKAGE, ROOT, module_files

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS: dict[str, Any] = PROJECT["tool"]["setuptools"]


def folders() -> dict[str, str]:
    """Every package on the disk with its folder, where plugins and importers are symlinks to the top level."""
    found = {}
    for name, path in module_files(PACKAGE):
        if path.name == "__init__.py":
            found[name] = path.parent.resolve().relative_to(ROOT).as_posix()
    return found


def test_the_packages_of_pyproject_are_the_folders_on_the_disk() -> None:
    assert sorted(SETUPTOOLS["packages"]) == sorted(folders())


def test_every_folder_with_modules_is_a_package() -> None:
    names = {name.rpartition(".")[0] for name, path in module_files(PACKAGE) if path.name != "__init__.py"}
    assert names <= set(folders())


def test_package_dir_leads_to_each_folder() -> None:
    mapping: dict[str, str] = SETUPTOOLS["package-dir"]
    for package, folder in folders().items():
        anchor = max((name for name in mapping if f"{package}.".startswith(f"{name}.")), key=len)
        rest = package.removeprefix(anchor).replace(".", "/")
        assert mapping[anchor] + rest == folder, package


def test_plugins_and_importers_are_symlinks_to_the_top_level() -> None:
    for name in ("plugins", "importers"):
        assert (PACKAGE / name).is_symlink()
        assert (PACKAGE / name).readlink().as_posix() == f"../{name}"


def test_no_top_level_module_but_ours_is_installed() -> None:
    assert {name.split(".")[0] for name in SETUPTOOLS["packages"]} == {"conductor_bean"}


def test_every_data_file_in_a_package_is_shipped() -> None:
    patterns: list[str] = SETUPTOOLS["package-data"]["*"]
    for folder in folders().values():
        for path in (ROOT / folder).iterdir():
            if path.is_file() and path.suffix not in {".py", ".pyc"}:
                assert any(fnmatch(path.name, pattern) for pattern in patterns), path


def test_the_version_is_written_in_one_place_or_the_same_in_both() -> None:
    version = getattr(conductor_bean, "__version__", None)
    assert version in {None, PROJECT["project"]["version"]}
