"""`conductor explain`: what a code means and how to mend the fault."""

from __future__ import annotations

import sys

import click

from conductor_bean.cli.output import print_table
from conductor_bean.domain.problems import codes, did_you_mean


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Tell what an error or advice means, with an example and how to mend it; without CODE, list all."""
    if code is None:
        print_table("", ("code", "severity", "summary"), [(c.name, c.severity, c.summary) for c in codes().values()])
        return
    found = codes().get(code)
    if found is None:
        click.echo(f"conductor: there is no code {code!r}.{did_you_mean(code, codes())}", err=True)
        sys.exit(2)
    click.secho(f"{found.name} ({found.severity})", bold=True)
    for text in (found.summary, found.explanation, found.remedy):
        if text:
            click.echo(f"\n{click.wrap_text(text.strip(), 100, preserve_paragraphs=True)}")
    for title, example in (("Wrong:", found.wrong), ("Right:", found.right)):
        if example:
            click.echo(f"\n{title}\n")
            click.echo("\n".join(f"  {line}".rstrip() for line in example.rstrip().splitlines()))
