"""`conductor explain`: what a code means and how to mend the fault."""

from __future__ import annotations

import os
import shutil
import sys

import click

from conductor_bean.domain.problems import STAGES, Code, codes, did_you_mean
from conductor_bean.domain.transfers import VERSIONS

MARK = "<- here"
_WIDTH = 100


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Tell what an error or advice means, with an example and how to mend it; without CODE, list all."""
    if os.environ.get("NO_COLOR"):
        click.get_current_context().color = False
    if code is None:
        _print_list()
        return
    name = code.strip().strip(":")  # as it stands in file:line: code: message
    found = codes().get(name)
    if found is None:
        hint = did_you_mean(name, codes()) or " `conductor explain` alone lists all."
        click.echo(f"conductor: there is no code {name!r}.{hint}", err=True)
        sys.exit(2)
    _print_code(found)


def _print_list() -> None:
    """All codes by stage, in order of precedence."""
    longest = max(map(len, codes()))
    for stage, title in STAGES.items():
        click.secho(f"{title}\n", bold=True)
        for code in codes().values():
            if code.stage == stage:
                click.echo(f"  {_coloured(code, code.name)}{' ' * (longest - len(code.name))}  {code.summary}")
        click.echo()
    click.echo("conductor explain CODE tells more of each.")


def _print_code(code: Code) -> None:
    click.echo(f"{_coloured(code, code.name)} ({code.severity}{_escalation(code)})")
    click.secho(code.summary, bold=True)
    _print_section("Why", _wrapped(code.explanation))
    _print_section("What to do", _wrapped(code.remedy))
    where = "" if code.example == "ledger" else f" ({code.example})"
    for title, example in (("Wrong", code.wrong), ("At REV" if code.since else "Right", code.right)):
        _print_section(title + where, example.rstrip().splitlines())


def _escalation(code: Code) -> str:
    if code.error_since is None:
        return ""
    return f"; an error where region.yaml says table: {code.error_since} or later"


def _print_section(title: str, lines: list[str]) -> None:
    if not lines:
        return
    click.secho(f"\n{title}", bold=True)
    for line in lines:
        click.echo(f"  {click.style(line, fg='red') if line.endswith(MARK) else line}".rstrip())


def _wrapped(text: str) -> list[str]:
    width = min(_WIDTH, shutil.get_terminal_size((_WIDTH, 0)).columns)
    return click.wrap_text(text.strip(), max(width - 2, 40)).splitlines()


def _coloured(code: Code, text: str) -> str:
    return click.style(text, fg="yellow" if code.is_advice(VERSIONS[-1]) else "red")
