"""What was measured, as tables: on a terminal, and as the page docs/performance.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from benchmarks.suite import (
    BOTH_CHECK_TARGET,
    BOTH_PLUGIN_TARGET,
    CHECK_AIM,
    CHECK_TARGET,
    CLOSE_TARGET,
    EDIT_TARGET,
    FIC_TARGET,
    FIRST_PAGE_TARGET,
    LINEAR_TARGET,
    PAGE_SIZE_TARGET,
    PAGE_TARGET,
    PLUGIN_AIM,
    PLUGIN_TARGET,
    PUBLISH_TARGET,
    Result,
)

NAMES = {"plain": "bean-check, no plugin", "plugin": "bean-check, with the plugin", "check": "conductor check"}


RATIO_HEADS = ["command", "processor s", "wall s", "peak MB", "ratio", "ratio, wall"]


@dataclass(frozen=True, slots=True)
class Section:
    """One table with its heading and the sentence below it."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str


def sections(result: Result) -> Iterator[Section]:
    """Yield a table for each benchmark that was run."""
    if "commands" in result:
        yield _commands(result["commands"])
    if "both" in result:
        yield _both(result["both"])
    if "credits" in result:
        yield _credits(result["credits"])
    if "fic" in result:
        yield _fic(result["fic"])
    if "close" in result:
        yield _close(result["close"])
    if "publication" in result:
        yield _publication(result["publication"])
        yield _pages(result["publication"])
    if "sealed" in result:
        yield _sealed(result["sealed"])
    if "linear" in result:
        yield _linear(result["linear"])


def _verdict(value: float, target: float, aim: float | None = None) -> str:
    verdict = f"at most {target:g}: {'reached' if value <= target else 'MISSED'}"
    return verdict if aim is None else f"{verdict}; aim {aim:g}: {'reached' if value <= aim else 'not reached'}"


def _commands(found: Result) -> Section:
    verdicts = {
        "plugin": _verdict(found["plugin_ratio"]["cpu"], PLUGIN_TARGET, PLUGIN_AIM),
        "check": _verdict(found["check_ratio"]["cpu"], CHECK_TARGET, CHECK_AIM),
    }
    rows = [[*row, verdicts.get(name, "")] for name, row in _ratio_rows(found)]
    timed = "each at an instant of its own" if found["timed"] else "none with a time of day"
    return Section(
        f"What the rules cost: {found['transactions']:,} transactions, {timed}",
        [*RATIO_HEADS, "target"],
        rows,
        _rounds_note(found),
    )


def _both(found: Result) -> Section:
    verdicts = {
        "plugin": _verdict(found["plugin_ratio"]["cpu"], BOTH_PLUGIN_TARGET),
        "check": _verdict(found["check_ratio"]["cpu"], BOTH_CHECK_TARGET),
    }
    return Section(
        f"What the rules of both economies cost: the same {found['transactions']:,} transactions with credits on",
        [*RATIO_HEADS, "target"],
        [[*row, verdicts.get(name, "")] for name, row in _ratio_rows(found)],
        "Each registration of hours derives six legs: taxes, wage and income tax. " + _rounds_note(found),
    )


def _credits(found: Result) -> Section:
    return Section(
        f"What they cost in a simulated region: {found['transactions']:,} transactions, each month closed",
        RATIO_HEADS,
        [row for _, row in _ratio_rows(found)],
        f"The region is that of `conductor simulate` with {found['members']:,} members and {found['companies']:,} "
        f"companies over {found['months']} months, with its plain twin. A registration of hours derives six legs for "
        "each worker (wage, income tax, taxes), and each month is closed, with rents, loans and dividends: the books "
        f"hold two to three times the postings of the text. {_rounds_note(found)}",
    )


def _ratio_rows(found: Result) -> Iterator[tuple[str, list[str]]]:
    """Each command with its row: what it cost, and its ratio to plain bean-check."""
    yield "plain", [NAMES["plain"], *_costs(found["costs"]["plain"]), "1", ""]
    for name in ("plugin", "check"):
        ratio = found[f"{name}_ratio"]
        spread = f"{ratio['cpu']:.2f} ({ratio['cpu_lowest']:.2f} to {ratio['cpu_highest']:.2f})"
        yield name, [NAMES[name], *_costs(found["costs"][name]), spread, f"{ratio['wall']:.2f}"]


def _rounds_note(found: Result) -> str:
    return (
        f"The medians of {found['rounds']} rounds; each ratio is the median of the rounds' own ratios of processor "
        "time, with the lowest and the highest."
    )


def _close(found: Result) -> Section:
    verdict = _verdict(found["seconds"], CLOSE_TARGET)
    heads = ["members", "companies", "leases", "loans", "students", "arrears", "transfers"]
    return Section(
        "What one close of a month costs",
        [*heads, "s", "s, highest", "target"],
        [
            [
                *(f"{found[head]:,}" for head in heads),
                f"{found['seconds']:.3f}",
                f"{found['seconds_highest']:.3f}",
                verdict,
            ]
        ],
        f"The engine alone, processor time, the median of {found['rounds']} processes: the last close of a simulated "
        "region, with everything before it applied already.",
    )


def _publication(found: Result) -> Section:
    ratio = found["ratio"]
    size = f"{found['members']:,} members, {found['companies']:,} companies, {found['months']} months"
    return Section(
        f"What an edition costs: {size}, {found['transactions']:,} transactions",
        [*RATIO_HEADS, "target"],
        [
            ["conductor check", *_costs(found["costs"]["check"]), "1", "1", ""],
            [
                "conductor publish",
                *_costs(found["costs"]["publish"]),
                f"{ratio['cpu']:.2f} ({ratio['cpu_lowest']:.2f} to {ratio['cpu_highest']:.2f})",
                f"{ratio['wall']:.2f}",
                _verdict(ratio["cpu"], PUBLISH_TARGET),
            ],
        ],
        f"The median of {found['rounds']} rounds, check and publish in turns; each publication is the first one, of "
        f"all months at once. The edition has {found['entries']:,} entries.",
    )


SEALED_NAMES = {
    "last": "conductor check, after an edit of the last date",
    "middle": "conductor check, after an edit in the middle of the month",
    "first": "conductor check, after an edit of the first date",
    "plain": "bean-check, no plugin, everything",
    "full": "conductor check --full, by all processors",
    "one": "conductor check, everything, by one process",
}


def _sealed(found: Result) -> Section:
    plain = found["costs"]["plain"]
    rows = []
    for name, words in SEALED_NAMES.items():
        cost = found["costs"][name]
        ratio = [
            f"{cost[kind] / plain[kind]:.{2 if cost[kind] > plain[kind] / 10 else 3}f}" for kind in ("cpu_s", "wall_s")
        ]
        is_edit = name in ("last", "middle", "first")
        rows.append([words, *_costs(cost), *ratio, _verdict(cost["wall_s"], EDIT_TARGET) if is_edit else ""])
    return Section(
        f"What a check costs after {found['months'] - 1} sealed months: {found['sealed']:,} transactions in them, "
        f"{found['open']:,} in the open month, {found['megabytes']} MB",
        [*RATIO_HEADS, "target, s"],
        rows,
        f"Of edits the median of {found['rounds']} rounds, of everything of {found['whole_rounds']}. An edit changes "
        "one narration of the open month's journal, which is one file; the check begins at the waypoint before it.",
    )


def _pages(found: Result) -> Section:
    slowest = max(page["seconds"] for page in found["pages"].values())
    largest = max(page["kilobytes"] for page in found["pages"].values())
    rows = [["the first page, from the start of the server on", f"{found['first_page_s']:.2f}", ""]]
    rows += [[name, f"{page['seconds']:.3f}", f"{page['kilobytes']:.0f}"] for name, page in found["pages"].items()]
    return Section(
        "How fast the pages of that edition come",
        ["page", "wall s", "kB"],
        rows,
        f"First page {_verdict(found['first_page_s'], FIRST_PAGE_TARGET)}; slowest page "
        f"{_verdict(slowest, PAGE_TARGET)}; largest page {_verdict(largest, PAGE_SIZE_TARGET)}. `conductor serve "
        "--public`, over HTTP on the same machine.",
    )


def _costs(cost: Result) -> list[str]:
    return [f"{cost['cpu_s']:.2f}", f"{cost['wall_s']:.2f}", f"{cost['peak_mb']:.0f}"]


def _fic(found: Result) -> Section:
    few, many = found["plans"]
    rows = [
        ["the registrations alone", *(f"{value:.2f}" for value in found["engine_s"])],
        ["the whole command", *(f"{value:.2f}" for value in found["command_s"])],
    ]
    rows[0] += [f"{found['engine_ratio']:.2f}", _verdict(found["engine_ratio"], FIC_TARGET)]
    rows[1] += [f"{found['command_ratio']:.2f}", _verdict(found["command_ratio"], FIC_TARGET)]
    return Section(
        f"FIC does not read every plan: {found['registrations']:,} registrations, each with a FIC of its own",
        ["", f"{few:,} plans, s", f"{many:,} plans, s", "ratio", "target"],
        rows,
        f"All plans are in the window. The whole command also reads, approves and credits {many // few} times as many.",
    )


def _linear(found: Result) -> Section:
    rows = []
    for row in found["rows"]:
        for name, cost in row["costs"].items():
            size = row["transactions"]
            rows.append(
                [
                    f"{size:,}",
                    NAMES[name],
                    *_costs(cost),
                    f"{cost['cpu_s'] / size * 1e6:.0f}",
                    f"{row['further_us'][name]:.0f}" if "further_us" in row else "",
                    f"{row['further_kb'][name]:.1f}" if "further_kb" in row else "",
                ]
            )
    steps = [row["further_us"]["check"] for row in found["rows"] if "further_us" in row]
    growth = steps[-1] / steps[0] if steps and steps[0] > 0 else 0.0
    timed = "each at an instant of its own" if found["timed"] else "none with a time of day"
    verdict = _verdict(growth, LINEAR_TARGET)
    note = f"A further transaction of conductor check costs {growth:.2f} times as much at the last step as at the first"
    return Section(
        f"Time and memory grow with the ledger, and no faster ({timed})",
        [
            "transactions",
            "command",
            "processor s",
            "wall s",
            "peak MB",
            "us each",
            "us a further one",
            "kB a further one",
        ],
        rows,
        f"{note} ({verdict})." if len(steps) > 1 else "",
    )


def show(result: Result, console: Console) -> None:
    """Print every table on a terminal."""
    console.print(machine_line(result))
    for section in sections(result):
        table = Table(title=section.title, title_justify="left", caption=section.note, caption_justify="left")
        for head in section.heads:
            table.add_column(head, justify="left" if head in {"command", "", "target"} else "right")
        for row in section.rows:
            table.add_row(*row)
        console.print(table)


def machine_line(result: Result) -> str:
    """Describe the machine in one line."""
    machine = result["machine"]
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, "
        f"Python {machine['python']}, Beancount {machine['beancount']}"
    )


def markdown_tables(result: Result) -> str:
    """Render every table as Markdown."""
    parts = []
    for section in sections(result):
        lines = [f"## {section.title}", "", "| " + " | ".join(section.heads) + " |"]
        lines.append(
            "|" + "|".join("---" if head in {"command", "", "target"} else "--:" for head in section.heads) + "|"
        )
        lines += ["| " + " | ".join(row) + " |" for row in section.rows]
        if section.note:
            lines += ["", section.note]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def page(result: Result) -> str:
    """Render docs/performance.md: every figure in it comes from the measurement."""
    return PAGE.format(machine=machine_line(result), tables=markdown_tables(result))


PAGE = """\
# How fast, how large

<!-- Written by `python -m benchmarks --page docs/performance.md` from what it measured; a test holds the two equal. -->

Measured on: {machine}.

```console
$ python -m benchmarks                                # everything, half an hour
$ python -m benchmarks commands --transactions 20000  # one question, on a smaller region
$ python -m benchmarks --help
```

The regions are written by a seeded generator (`benchmarks/generate.py`): 200 companies, 2,000 members, 500
plans over two years; half of the transactions are registrations of hours, half are consumption (three quarters
by members, one quarter by companies; from plans of their own price, from cooperations whose price moves, from
public plans, and of basic services). Nobody may be overdrawn, so balances are checked too. Each region has a
twin main file without the plugin line; both open every account explicitly, so that stock Beancount finds
nothing to complain of either and does its whole work. Regions with both economies are those of `conductor
simulate`, with a plain twin made in the same way.

Every measurement is a process of its own, from its start to its end, without Beancount's cache. Processor time
is user plus system time. Figures in seconds belong to the machine; the ratios are what counts, and they are
taken within one run, interleaved, so that both sides meet the same machine.

{tables}

## Where the time goes

Reading a ledger is Beancount's work: parsing, booking and validating its directives, at about 100 us a
transaction. The plugin adds one pass over the entries, which reads each event, applies it once, and writes the
legs that follow from it: a registration of hours gets two (its tax), so Beancount has half again as many
postings to validate afterwards. Where the plugin is done it hides the ledger from Python's collection of
garbage (`gc.freeze`), which would otherwise walk through all of it several times more: that pays for half of
what the rules cost.

`conductor check` runs the same pass, but owns its process: it collects no garbage at all while it loads, leaves
out the second, slow validation of types that `bean-check` adds, and ends without taking the ledger apart. So it
checks more in less time than `bean-check` without the rules.

The factor of individual consumption is computed once an instant, and never from all plans: the engine keeps
sums of the plans' rates, in which a plan moves when the window reaches its end, when its beginning leaves the
window, and when it is gone (`conductor_bean/domain/fic.py` draws it). With 5,000 plans there are more such
moves between two registrations than with 50, which is what remains of their number in the time of a
registration.
"""
