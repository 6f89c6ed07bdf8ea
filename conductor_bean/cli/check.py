"""`conductor check`: every rule, every error, one verdict."""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from conductor_bean.cli.output import color, json_option, print_json, problem_line, quick, shown_path, whole
from conductor_bean.cli.since import news
from conductor_bean.cli.watching import News, Watcher
from conductor_bean.domain.problems import codes
from conductor_bean.ledger.books import Books, LedgerNotReadableError, load_books
from conductor_bean.ledger.problem import Change, Problem
from conductor_bean.ledger.quick import quick_books


@click.command()
@click.argument("ledgers", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="LEDGER...")
@click.option(
    "--format", "style", type=click.Choice(["text", "json", "github", "gitlab", "forgejo", "sarif"]), default="text"
)
@json_option
@click.option("--strict", is_flag=True, help="Let advice fail the check too.")
@click.option("--full", is_flag=True, help="Read sealed months too, even where they were checked before.")
@click.option("--watch", is_flag=True, help="Go on: check again whenever a file of the ledger is saved, until Ctrl-C.")
@click.option("--since", "revision", metavar="REV", help="Only what changed since this revision of git.")
def check(
    ledgers: tuple[Path, ...],
    style: str,
    revision: str | None,
    *,
    as_json: bool,
    strict: bool,
    full: bool,
    watch: bool,
) -> None:
    """Load ledgers, apply every rule, print errors and advice.

    LEDGER is a main.beancount or the folder of a region. Exit status: 0 where all hold, 1 where one has errors (with
    --strict also advice), 2 where one cannot be read. With --since, problems that the ledger had at REV already are
    neither shown nor counted, and what may never change is held against REV: seals, sealed and closed months,
    decisions, what is read; changes to what is run, or decides what is read, are listed for somebody to look at. What
    lies before the last seal is not read again where this machine has checked that
    very text already; --full reads it all the same. With --watch only what is new or mended is told after each save,
    and the exit status is that of the last verdict; as JSON each verdict is a document on a line of its own.
    """
    if watch:
        sys.exit(_watch(ledgers, "json" if as_json else style, revision, strict=strict, full=full))
    checked: list[Books] = []
    unreadable: list[LedgerNotReadableError] = []
    for ledger in ledgers:
        try:
            if revision is not None:
                checked.append(news(ledger, revision, full=full))
            else:
                checked.append(whole(ledger) if full else quick(ledger, waypoints=True))
        except LedgerNotReadableError as error:
            unreadable.append(error)
    if checked:
        FORMATS["json" if as_json else style](checked, strict)
    for missing in unreadable:
        click.echo(f"conductor: {missing}", err=True)
    ok = all(_holds(books, strict=strict) for books in checked)
    sys.exit(2 if unreadable else 0 if ok else 1)


def _watch(ledgers: tuple[Path, ...], style: str, revision: str | None, *, strict: bool, full: bool) -> int:
    if len(ledgers) > 1 or revision is not None or style not in NEWS:
        raise click.UsageError("--watch takes one ledger, prints text or json, and goes without --since")
    tell, fail = NEWS[style]
    watcher = Watcher(
        load_books if full else partial(quick_books, waypoints=True), lambda news: tell(news, strict), fail
    )
    try:
        return watcher.run(ledgers[0])
    except LedgerNotReadableError as error:
        click.echo(f"conductor: {error}", err=True)
        return 2


def _holds(books: Books, *, strict: bool) -> bool:
    return not (books.problems if strict else books.errors)


def _text(checked: list[Books], strict: bool) -> None:  # noqa: FBT001 - every format has this shape
    for books in checked:
        for problem in (*books.errors, *books.advice):
            line = problem_line(problem)
            click.secho(line, fg=color("yellow" if problem.is_advice else "red"))
        for line in _changes(books):
            click.secho(line, fg=color("cyan"))
        click.echo(_summary(books, strict=strict))


def _changes(books: Books) -> Iterator[str]:
    """What somebody should look at, under its headings."""
    for heading, is_closed in (("of a month that was closed anew", True), ("of what is read, run or decided", False)):
        changes = [change for change in books.changes if (change.kind == "closed") == is_closed]
        if changes:
            yield f"to look at, {heading}:"
            yield from (f"  {shown_path(change.file)}:{change.line}: {change.message}" for change in changes)


def _summary(books: Books, *, strict: bool) -> str:
    name = shown_path(str(books.main))
    verdict = "holds" if _holds(books, strict=strict) else "does not hold"
    new = ""
    if books.since:
        verdict = f"{'nothing' if verdict == 'holds' else 'something'} is wrong that was not wrong at {books.since}"
        new = "new "
    found = f"{len(books.errors)} {new}error(s), {len(books.advice)} {new}advice"
    if not books.complete:
        return f"{name}: {verdict}: {found}; the rules could not be applied"
    counts = ", ".join(f"{count} {what}" for what, count in _counts(books).items())
    return f"{name}: {verdict}: {found}; {counts}"


def _counts(books: Books) -> dict[str, int]:
    if not books.complete:
        return dict.fromkeys(("members", "companies", "plans", "events", "transfers"), 0)
    state = books.machine.state
    return {
        "members": len(state.members),
        "companies": len(state.companies),
        "plans": len(state.plans),
        "events": state.events,
        "transfers": state.transfers,
    }


def _json(checked: list[Books], strict: bool) -> None:  # noqa: FBT001
    documents = [_document(books, strict=strict) for books in checked]
    if len(documents) == 1:
        print_json(documents[0])
    else:
        print_json(
            [{"ledger": shown_path(str(b.main)), **document} for b, document in zip(checked, documents, strict=True)]
        )


def _document(books: Books, *, strict: bool) -> dict[str, Any]:
    return {
        "ok": _holds(books, strict=strict),
        "errors": [_row(books, problem) for problem in books.errors],
        "advice": [_row(books, problem) for problem in books.advice],
        "counts": _counts(books),
        **({"since": books.since} if books.since else {}),
        **({"changes": [_changed(books, change) for change in books.changes]} if books.since or books.changes else {}),
    }


def _changed(books: Books, change: Change) -> dict[str, Any]:
    file = os.path.relpath(change.file, books.main.parent)
    return {"kind": change.kind, "message": change.message, "file": file, "line": change.line}


def _row(books: Books, problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "message": problem.message,
        "file": books.relative(problem.file),
        "line": problem.line,
    }


def _github(checked: list[Books], strict: bool) -> None:  # noqa: FBT001
    """Workflow commands that annotate the changed lines of a pull request."""
    for books in checked:
        for problem in books.problems:
            level = "error" if strict or not problem.is_advice else "warning"
            file, code = _property(shown_path(problem.file)), _property(problem.code)
            click.echo(f"::{level} file={file},line={problem.line},title={code}::{_data(problem.message)}")
        for change in books.changes:
            file = _property(shown_path(change.file))
            click.echo(f"::notice file={file},line={change.line},title=to look at::{_data(change.message)}")
        click.echo(_summary(books, strict=strict))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(checked: list[Books], strict: bool) -> None:  # noqa: FBT001
    """SARIF 2.1.0, as code scanning reads it."""
    problems = [problem for books in checked for problem in books.problems]
    used = sorted({problem.code for problem in problems})
    print_json(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": {"name": "conductor", "rules": [_sarif_rule(code) for code in used]}},
                    "results": [
                        *(_sarif_result(problem, used, strict=strict) for problem in problems),
                        *(_sarif_note(change) for books in checked for change in books.changes),
                    ],
                }
            ],
        }
    )


def _sarif_rule(name: str) -> dict[str, Any]:
    code = codes()[name]
    text = f"{code.explanation} {code.remedy}".strip() or code.summary
    return {"id": name, "shortDescription": {"text": code.summary}, "help": {"text": text}}


def _sarif_result(problem: Problem, used: list[str], *, strict: bool) -> dict[str, Any]:
    return {
        "ruleId": problem.code,
        "ruleIndex": used.index(problem.code),
        "level": "error" if strict or not problem.is_advice else "warning",
        **_sarif_message(problem),
    }


def _sarif_note(change: Change) -> dict[str, Any]:
    return {"level": "note", **_sarif_message(change)}


def _sarif_message(told: Problem | Change) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": quote(Path(shown_path(told.file)).as_posix())},
        "region": {"startLine": max(told.line, 1)},
    }
    return {"message": {"text": told.message}, "locations": [{"physicalLocation": place}]}


def _gitlab(checked: list[Books], strict: bool) -> None:  # noqa: FBT001
    """GitLab's code quality report, which a merge request shows beside the changed lines."""
    seen: Counter[tuple[str, ...]] = Counter()
    told: list[tuple[Problem | Change, str, str]] = [
        *((p, p.code, "major" if strict or not p.is_advice else "minor") for books in checked for p in books.problems),
        *((change, change.kind, "info") for books in checked for change in books.changes),
    ]
    rows = []
    for problem, code, severity in told:
        # A fingerprint without the line stays the same while lines above it come and go.
        identity = (Path(shown_path(problem.file)).as_posix(), code, problem.message)
        seen[identity] += 1
        rows.append(
            {
                "description": problem.message,
                "check_name": code,
                "fingerprint": sha256("\0".join((*identity, str(seen[identity]))).encode()).hexdigest(),
                "severity": severity,
                "location": {"path": identity[0], "lines": {"begin": max(problem.line, 1)}},
            }
        )
    print_json(rows)


def _forgejo(checked: list[Books], strict: bool) -> None:  # noqa: FBT001
    """A review as Forgejo's API takes it (`CreatePullReviewOptions`), with a comment on each line that is wrong."""
    problems = [problem for books in checked for problem in books.problems]
    comments = [
        {
            "path": Path(shown_path(problem.file)).as_posix(),
            "new_position": max(problem.line, 1),
            "body": f"**{problem.code}**: {_without_markup(problem.message)}",
        }
        for problem in problems
    ]
    summary = "\n".join(line for books in checked for line in (*_changes(books), _summary(books, strict=strict)))
    print_json({"event": "COMMENT", "body": _without_markup(summary), "comments": comments})


def _without_markup(text: str) -> str:
    """A text in Markdown that is shown as it is: whatever stands in a ledger, nobody is called by it."""
    return re.sub(r"([\\`*_{}\[\]()<>#+!|~@&-])", r"\\\1", text)


def _news_as_text(news: News, strict: bool) -> int:  # noqa: FBT001
    """The whole verdict first, then what changed: new problems where editors find them, and what is mended."""
    if news.first:
        _text([news.books], strict)
        click.echo("Watching; Ctrl-C ends it.", err=True)
    else:
        for problem in sorted(news.new, key=lambda problem: problem.is_advice):
            click.secho(problem_line(problem), fg=color("yellow" if problem.is_advice else "red"))
        for problem in news.mended:
            click.secho(f"mended: {problem_line(problem)}", fg=color("green"))
        click.echo(_summary(news.books, strict=strict))
    return 0 if _holds(news.books, strict=strict) else 1


def _news_as_json(news: News, strict: bool) -> int:  # noqa: FBT001
    """One document a line."""
    document = {
        **_document(news.books, strict=strict),
        "new": [_row(news.books, problem) for problem in news.new],
        "mended": [_row(news.books, problem) for problem in news.mended],
    }
    click.echo(json.dumps(document, ensure_ascii=False))
    return 0 if document["ok"] else 1


def _unreadable_as_text(message: str) -> None:
    click.echo(f"conductor: {message}", err=True)


def _unreadable_as_json(message: str) -> None:
    click.echo(json.dumps({"ok": False, "unreadable": message}, ensure_ascii=False))


NEWS: dict[str, tuple[Callable[[News, bool], int], Callable[[str], None]]] = {
    "text": (_news_as_text, _unreadable_as_text),
    "json": (_news_as_json, _unreadable_as_json),
}
FORMATS: dict[str, Callable[[list[Books], bool], None]] = {
    "text": _text,
    "json": _json,
    "github": _github,
    "gitlab": _gitlab,
    "forgejo": _forgejo,
    "sarif": _sarif,
}
