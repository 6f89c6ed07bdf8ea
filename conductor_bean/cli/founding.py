"""`conductor init`: a new region's folder, from options, from answers, or from defaults."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from conductor_bean.cli.answers import ECONOMIES, Options, asked, given
from conductor_bean.domain.problems import printable
from conductor_bean.founding.charter import FIRST_DAY, Charter, CharterError
from conductor_bean.founding.folder import Founded, FoundingRefusedError, found
from conductor_bean.importers.common.mapping_schema import mapping_json_schema
from conductor_bean.ledger.folder import FolderRefusedError, check_free

Result = TypeVar("Result")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="The region's name, as people say it; the folder's name by default.")
@click.option("--id", "region_id", metavar="ID", help="Its id, an account component; made of the name by default.")
@click.option("--economy", type=click.Choice(ECONOMIES), help="What it counts; both by default.")
@click.option("--labour-time-name", metavar="NAME", help="What an hour is called; HOUR by default.")
@click.option("--labour-time-precision", metavar="STEP", help="How finely hours are counted; 0.0001 by default.")
@click.option("--credits-name", metavar="NAME", help="What a credit is called; RSC by default.")
@click.option("--credits-precision", metavar="STEP", help="How finely credits are counted; 0.01 by default.")
@click.option("--date", help=f"Of the first decision, and so the region's first day; {FIRST_DAY} by default.")
@click.option("--title", help="Of the first decision; Founding assembly by default.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="What it sets; may be repeated.")
@click.option("--occupation", "occupations", multiple=True, metavar="NAME=MIN-MAX", help="Wages; may be repeated.")
@click.option("--accountant", "accountants", multiple=True, metavar="ID[=NAME]", help="May be repeated.")
@click.option("--git/--no-git", default=True, help="Whether to make it a git repository with a first commit.")
@click.option("--ask/--no-ask", default=None, help="Whether to ask what is not given; by default, in a terminal.")
def init(folder: Path, *, git: bool, ask: bool | None, **options: Any) -> None:
    """Make the folder of a new region in DIR, which does not exist or is empty.

    It asks for what no option says, or takes the defaults where nobody is there to be asked. The folder is written
    whole or not at all: a ledger that holds, ready for git, for pre-commit, for the continuous integration of GitHub,
    GitLab and Forgejo, and for editors. KEY is a key of `set:` in region.yaml.
    """
    _refusing(lambda: check_free(folder), folder)
    asking = sys.stdin.isatty() if ask is None else ask
    options["name"] = options["name"] or (None if asking else _name_of(folder))
    try:
        charter = asked(Options(**options), _name_of(folder)) if asking else given(Options(**options))
    except CharterError as error:
        _refuse(str(error))
    founded = _refusing(lambda: _found(folder, charter, git=git), folder)
    _tell(folder, charter, founded, git=git)


def _found(folder: Path, charter: Charter, *, git: bool) -> Founded:
    return found(folder, charter, git=git, extra={".vscode/mapping.schema.json": mapping_json_schema()})


def _name_of(folder: Path) -> str:
    """What the region is called where nobody says: as its folder, with a capital."""
    name = folder.resolve().name.strip(". ") or "Region"
    return name[:1].upper() + name[1:]


def _refusing(make: Callable[[], Result], folder: Path) -> Result:
    try:
        return make()
    except FolderRefusedError as error:
        _refuse(f"{str(folder)[:200]!r} {error.why}; nothing was written: name a folder that does not exist yet")
    except FoundingRefusedError as error:
        _refuse(str(error))


def _tell(folder: Path, charter: Charter, founded: Founded, *, git: bool) -> None:
    where = printable(str(folder))
    click.echo(f"wrote {where}: the region {charter.id}, in {len(founded.files)} files")
    repository = founded.repository
    if repository.committed:
        click.echo("it is a git repository, with a first commit on the branch main")
    elif repository.surrounding is not None:
        click.echo(
            f"it lies in the git repository {printable(str(repository.surrounding))}; commit it there (its hooks and "
            "workflows are for the top of a repository)"
        )
    elif git:
        made = "it is a git repository, but nothing is committed" if repository.made else "it is no git repository"
        click.echo(f"conductor: {made}: {repository.why_not}", err=True)
        for line in _remedy(folder, made=repository.made):
            click.echo(f"  {line}", err=True)
    goes_there = "" if folder == Path() else f"cd {shlex.quote(where)} && "
    click.echo(f"next: {goes_there}conductor check .")


def _remedy(folder: Path, *, made: bool) -> list[str]:
    """What to type so that the first commit is made after all."""
    place = shlex.quote(str(folder))
    commit = f'git -C {place} add --all && git -C {place} commit --message "Found the region"'
    if not made:
        return [f"git -C {place} init --initial-branch=main", commit]
    return ['git config --global user.name "YOUR NAME"', "git config --global user.email YOU@EXAMPLE.ORG", commit]


def _refuse(message: str) -> NoReturn:
    click.echo(f"conductor: {printable(message)}", err=True)
    sys.exit(2)
