"""``python -m benchmarks``: measure, and show a table."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click
from rich.console import Console

from benchmarks.measure import BenchmarkError
from benchmarks.report import page, show
from benchmarks.suite import BENCHMARKS, Settings, run_all

RESULTS = Path(__file__).parent / "results.json"


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(BENCHMARKS)))
@click.option("--transactions", default=100_000, show_default=True, help="How many, for `commands` and `credits`.")
@click.option("--sizes", default="10000,30000,100000,300000", show_default=True, help="How many, for `linear`.")
@click.option("--rounds", default=5, show_default=True, help="How often each command is measured.")
@click.option("--timed", is_flag=True, help="Give every transaction an instant of its own.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of tables.")
@click.option("--page", "page_path", type=click.Path(path_type=Path, dir_okay=False), help="Also write the page here.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Where to write and keep the regions.")
def main(
    *,
    names: tuple[str, ...],
    transactions: int,
    sizes: str,
    rounds: int,
    timed: bool,
    as_json: bool,
    page_path: Path | None,
    folder: Path | None,
) -> None:
    """Measure NAMES (all of them when none is given) and show what was found."""
    stderr = Console(stderr=True)
    with tempfile.TemporaryDirectory() as temporary:
        settings = Settings(
            folder=folder or Path(temporary),
            transactions=transactions,
            sizes=tuple(int(size) for size in sizes.split(",")),
            rounds=rounds,
            timed=timed,
            say=stderr.print,
        )
        try:
            result = run_all(names or tuple(BENCHMARKS), settings)
        except BenchmarkError as error:
            raise click.ClickException(str(error)) from error
    if page_path:
        RESULTS.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
        page_path.write_text(page(result), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(result, indent=2))
    else:
        show(result, Console())


if __name__ == "__main__":
    main()
