"""Write the documents that follow from the source: `python -m docs.generate`, or `--check` to compare only.

docs/codes.md              conductor_bean/codes.yaml, and the region of its examples in tests/codes/region
docs/transfers.md          conductor_bean/transfers.yaml
docs/publication.md        conductor_bean/publication.yaml
docs/cli.md                the commands themselves
docs/region.schema.json    the schema of region.yaml; conductor_bean/region.schema.json ships the same
docs/mapping.schema.json   the schema of mapping.yaml; conductor_bean/mapping.schema.json ships the same
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from conductor_bean.cli.main import main as conductor
from conductor_bean.cli.recording import CommonOption, add
from conductor_bean.domain.accounts import KINDS, Kind
from conductor_bean.domain.problems import STAGES, Code, codes
from conductor_bean.domain.transfers import Row, rows
from conductor_bean.domain.transfers import table as transfer_table
from conductor_bean.importers.common.mapping_schema import mapping_json_schema
from conductor_bean.ledger.region_schema import json_schema
from docs.markup import fenced, page, table
from docs.publication_page import publication_page

ROOT = Path(__file__).resolve().parents[1]
SEEDS = {"workers-control": "Workers Control", "conductor": "Conductor"}
"""The texts from which transfers come, as people call them."""
ECONOMIES = {
    "HOUR": (
        "Labour time",
        (
            "Hours, whatever the region calls them, move between companies, members, cooperations and the public "
            "sector fund. The two accounts say which transfer it is."
        ),
    ),
    "RSC": (
        "Regional credits",
        (
            "Credits, whatever the region calls them, move between wallets (of members and of companies), banks, the "
            "treasury, other regions and everybody outside. Where several transfers fit two accounts, the "
            "transaction says `transfer:`. A person or company pays a company for what it links, an offer or a "
            "property, and never directly; from a company to people nothing goes but wages."
        ),
    ),
}
"""Title and description of what moves, by the commodity of the table."""
OWNERS = {"outside": "everybody outside", "neighbour": "another region"}
"""Types of owners that are not called by their name."""
PLACES = {
    "Companies": "Company",
    "Members": "Member",
    "Cooperations": "Cooperation",
    "Banks": "Bank",
    "Pools": "Pool",
    "Regions": "Region",
}
"""What stands for an owner's id, by the part of the account before it."""
REGION = "tests/codes/region"
REGION_FILES = (
    *("region.yaml", "parties.beancount", "filed.beancount", "plans.beancount"),
    *("credits.beancount", "journal.beancount", "hours-only.yaml", "credits-only.yaml"),
)


def codes_page() -> str:
    """The page of all codes of errors and advice."""
    return page(
        "Codes of errors and advice",
        "Every error and advice of `conductor` carries a code. An **error** blocks: `conductor check` ends with exit "
        "status 1, and the event is left out of the books. An **advice** informs; it fails the check with `--strict` "
        "only. A code never changes its meaning and is never used again. `conductor explain CODE` prints what stands "
        "here.",
        "Each event gets one primary error, the first in the order of this page: the form of what is written, then "
        "whether what it names exists, its state, its relations, its amounts, and last the balances.",
        "The examples stand in [a small region](#the-region-of-the-examples). A wrong example gives exactly its code, "
        "at the line that is marked, and the right one gives none: tests run them all. Some are found by "
        "`conductor check --since` alone, against what stood at a revision.",
        *_codes_index(),
        *(line for stage in STAGES for line in _stage_section(stage)),
        *_region_section(),
    )


def _codes_index() -> Iterator[str]:
    for stage, title in STAGES.items():
        yield f"**{title}**"
        rows = [(f"[{code.name}](#{code.name})", code.summary) for code in _codes_of(stage)]
        yield table(("code", "what is wrong"), rows)


def _codes_of(stage: str) -> list[Code]:
    return [code for code in codes().values() if code.stage == stage]


def _stage_section(stage: str) -> Iterator[str]:
    yield f"## {STAGES[stage]}"
    for code in _codes_of(stage):
        yield from _code_section(code)


def _code_section(code: Code) -> Iterator[str]:
    yield f"### {code.name}"
    yield f"**{code.summary}**"
    if code.error_since is not None:
        yield f"Advice in a region whose region.yaml says less than `table: {code.error_since}`, an error from it on."
    yield code.explanation.strip()
    yield f"*What to do:* {code.remedy.strip()}"
    where = "" if code.example == "ledger" else f", `{code.example}`"
    for title, example in (("Wrong", code.wrong), ("At the revision" if code.since else "Right", code.right)):
        if example:
            yield f"{title}{where}:"
            yield fenced(example)


def _region_section() -> Iterator[str]:
    yield "## The region of the examples"
    yield (
        f"It lies in [{REGION}](../{REGION}). An example of a whole file stands in its "
        "place; every other one is appended to the ledger. FIC is 0.80 there. `hours-only.yaml` and "
        "`credits-only.yaml` are for examples that name them: regions of one economy."
    )
    for name in REGION_FILES:
        yield f"`{name}`:"
        yield fenced((ROOT / REGION / name).read_text("utf-8"))


def transfers_page() -> str:
    """The page of the table of transfers."""
    return page(
        "The table of transfers",
        "A transfer charges the debit account and credits the credit account. Every transfer that is allowed stands "
        "here; what does not is forbidden. The table is `conductor_bean/transfers.yaml`, and the check, "
        "`conductor transfers --table` and this page read it there.",
        "**Recorded** transfers are written down by people. **Derived** ones follow from other events: the engine "
        "adds them, or verifies those that are written down. **Approved** in a condition means that as many "
        "accountants as the region has decided stand in `by:`.",
        *(line for commodity in ECONOMIES for line in _economy_section(commodity)),
        "## The kinds of accounts",
        table(("kind", "owner", "account", "holds"), _kinds()),
        "## What each transfer means",
        *(line for name in transfer_table() for line in _transfer_section(name)),
    )


def _economy_section(commodity: str) -> Iterator[str]:
    title, about = ECONOMIES[commodity]
    mine = [row for row in rows() if row.commodity == commodity]
    yield f"## {title}"
    yield about
    yield table(
        ("transfer", "debit", "credit", "recorded or derived", "condition"),
        [(f"[{row.name}](#{row.name})", row.debit, row.credit, _manner(row), row.condition) for row in mine],
    )
    yield f"### {title}, from and to"
    yield (
        "The row is the account that is charged, the column the account that is credited. An empty field is a "
        "forbidden transfer; what stands in *italics* is derived, and nobody records it."
    )
    yield _matrix(mine)


def _manner(row: Row) -> str:
    return " or ".join(how for how, holds in (("recorded", row.recorded), ("derived", row.derived)) if holds)


def _matrix(mine: list[Row]) -> str:
    """Debit kinds by credit kinds."""
    names: dict[tuple[str, str], dict[str, str]] = {}
    for row in mine:
        shown = row.name if row.recorded else f"*{row.name}*"
        for pair in row.pairs:
            names.setdefault(pair, {})[row.name] = f"[{shown}](#{row.name})"
    debits, credits_ = ([kind for kind in KINDS if any(pair[side] == kind for pair in names)] for side in (0, 1))
    lines = [
        (f"**{debit}**", *(", ".join(names.get((debit, credit), {}).values()) for credit in credits_))
        for debit in debits
    ]
    return table(("from, to", *credits_), lines)


def _kinds() -> list[tuple[str, str, str, str]]:
    commodities = {kind: row.commodity for row in rows() for pair in row.pairs for kind in pair}
    return [
        (kind.name, OWNERS.get(kind.owner_type, kind.owner_type), _accounts(kind), commodities[kind.name])
        for kind in KINDS.values()
    ]


def _accounts(kind: Kind) -> str:
    """Names of the accounts of a kind, with what stands for the owner's id."""
    shown = []
    for pattern in kind.patterns:
        before, star, after = pattern.partition("*")
        shown.append(f"`{before}<{PLACES[before.split(':')[-2]]}>{after}`" if star else f"`{pattern}`")
    return " or ".join(shown)


def _transfer_section(name: str) -> Iterator[str]:
    yield f"### {name}"
    for row in rows():
        if row.name == name:
            yield f"**{row.debit} → {row.credit}**, {row.commodity}, {_manner(row)}: {row.condition}."
            yield f"{row.explanation} ({SEEDS[row.seed]})"


def cli_page() -> str:
    """The page of the commands and their options."""
    return page(
        "The commands",
        "LEDGER is a `main.beancount` or the folder of a region. Every command that reads a ledger checks it first. "
        "Exit status: 0 where all went well, 1 where the ledger has errors (said on stderr), 2 where the command is "
        "used wrongly or a file cannot be read.",
        "With `--json` a command prints one JSON document on stdout and nothing else: amounts are decimal strings, "
        "dates ISO, instants `YYYY-MM-DDTHH:MM:SS`. `--at DATE` means the end of that date; the default is the last "
        "instant in the ledger. `-h` or `--help` after any command prints what stands here. `NO_COLOR` is respected.",
        *_command_sections(conductor, click.Context(conductor, info_name="conductor", terminal_width=1000)),
    )


def _command_sections(command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## {context.command_path}"
    if isinstance(command, click.Group) and context.parent is None:
        children = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
        links = [(f"[{name}](#conductor-{name})", child.get_short_help_str(200)) for name, child in children if child]
        yield table(("command", "what it does"), links)
    yield fenced(command.get_usage(context).removeprefix("Usage: "))
    yield from _paragraphs(command.help or "")
    options = [parameter for parameter in command.get_params(context) if isinstance(parameter, click.Option)]
    own = [option for option in options if not isinstance(option, CommonOption)]
    yield from _options(own, context)
    if command is add:
        yield "Every kind of entry takes these; only a transaction has an id, a payee, a narration and links:"
        kind = add.get_command(context, "gift")
        assert kind is not None
        yield from _options([option for option in kind.params if isinstance(option, CommonOption)], context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                yield from _command_sections(child, click.Context(child, context, name, terminal_width=1000))


def _options(options: Sequence[click.Option], context: click.Context) -> Iterator[str]:
    records = [
        record for option in options if "--help" not in option.opts and (record := option.get_help_record(context))
    ]
    if records:
        yield table(("option", "what it does"), [(f"`{name}`", " ".join(text.split())) for name, text in records])


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.replace("\b", "").split("\n\n"):
        if paragraph.strip():
            yield " ".join(paragraph.split())


GENERATED: dict[str, Callable[[], str]] = {
    "docs/codes.md": codes_page,
    "docs/transfers.md": transfers_page,
    "docs/publication.md": publication_page,
    "docs/cli.md": cli_page,
    "docs/region.schema.json": json_schema,
    "conductor_bean/region.schema.json": json_schema,
    "docs/mapping.schema.json": mapping_json_schema,
    "conductor_bean/mapping.schema.json": mapping_json_schema,
}
"""Path of each generated file and what writes it."""


def outdated() -> list[str]:
    """The generated files that differ from what their source says."""
    return [
        name
        for name, write in GENERATED.items()
        if not (ROOT / name).is_file() or (ROOT / name).read_text("utf-8") != write()
    ]


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail where a file is outdated.")
def generate(*, check: bool) -> None:
    """Write the documents that follow from the source."""
    changed = outdated()
    for name in changed:
        if not check:
            (ROOT / name).write_text(GENERATED[name](), "utf-8")
        click.echo(f"{name}: {'is outdated; run python -m docs.generate' if check else 'written'}")
    if check and changed:
        sys.exit(1)


if __name__ == "__main__":
    generate()
