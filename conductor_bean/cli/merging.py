"""`conductor merge-entries`: what git asks when two have changed one file of a ledger."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from conductor_bean.domain.problems import printable
from conductor_bean.formatting.merging import NotMergedError, merged
from conductor_bean.ledger.appending import replace_whole


@click.command("merge-entries")
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
def merge_entries(base: Path, ours: Path, theirs: Path) -> None:
    """Merge three states of a .beancount file by whole entries, for git: the result takes the place of OURS.

    A repository uses it with `*.beancount merge=conductor` in .gitattributes and, in each clone,
    git config merge.conductor.driver 'conductor merge-entries %O %A %B || git merge-file --marker-size=%L %A %O %B'.
    Exit status: 0 where it is merged, 1 where the two do not go together by themselves; OURS is as it was then.
    """
    try:
        result = merged(base.read_bytes(), ours.read_bytes(), theirs.read_bytes())
        replace_whole(ours, result)
    except NotMergedError as error:
        click.echo(f"conductor: {printable(str(error))}", err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"conductor: {printable(str(error.filename or ours))}: {error.strerror or error}", err=True)
        sys.exit(2)
