"""`conductor add`: one command for each kind of entry, made from the tables of kinds."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from conductor_bean.cli.adding import LEDGER_VARIABLE, Common, add_entry, ledger_of
from conductor_bean.cli.output import DATE, reads_ledger
from conductor_bean.cli.reversing import reversal
from conductor_bean.domain.problems import did_you_mean
from conductor_bean.ledger.books import MAIN_FILE
from conductor_bean.recording.completing import Glance, candidates
from conductor_bean.recording.kind import Field, Kind
from conductor_bean.recording.kinds import by_any_name, kinds

_CLOSED = {"month-close": "conductor close", "seal": "conductor seal", "close": "conductor close"}
_GROUPS = ("cooperation", "coordination")
_NAMED = {
    "count": "COUNT",
    "amount": "HOURS",
    "credits": "CREDITS",
    "rate": "RATE",
    "hours": "HOURS",
    "number": "NUMBER",
}


class CommonOption(click.Option):
    """An option that every kind of entry has; the documentation tells them once."""


class Kinds(click.Group):
    """A group whose commands are the kinds of entries, each under all its names."""

    def __init__(self, name: str, prefix: str = "", **attributes: Any) -> None:
        super().__init__(name, **attributes)
        self._prefix = prefix

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own
        """Words in the order of the language, without their other names."""
        words = [name.removeprefix(self._prefix) for name in kinds() if name.startswith(self._prefix)]
        firsts = list(dict.fromkeys(word.partition(" ")[0] for word in words))
        return firsts + ["reversal"] * (not self._prefix)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's own
        """The command of a kind, or the group of those that begin with a word."""
        if not self._prefix and cmd_name == "reversal":
            return reversal
        if not self._prefix and cmd_name in _GROUPS:
            return Kinds(cmd_name, f"{cmd_name} ", short_help=_HELP[cmd_name], help=_HELP[cmd_name])
        kind = by_any_name().get(self._prefix + cmd_name)
        return None if kind is None else _command(kind, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; of a word that there is not, the nearest is named."""
        word = args[0] if args else ""
        if word and self.get_command(ctx, word) is None and not word.startswith("-") and not ctx.resilient_parsing:
            if self._prefix == "cooperation " and word[:1].isupper() | word[:1].isdigit():
                args = ["found", *args]  # the language's own `cooperation "Bread" "Bakery"`
            elif word in _CLOSED:
                ctx.fail(f"{word} has a command of its own: {_CLOSED[word]}")
            else:
                ctx.fail(f"there is no {word!r} to add{did_you_mean(word, self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)


_HELP = {
    "cooperation": "Cooperations: found, request, accept, deny, cancel, exit.",
    "coordination": "Who coordinates a cooperation: request, accept, deny.",
}


@click.command("add", cls=Kinds, short_help="Record an entry: look up prices, show what follows, append it.")
@click.option(
    "--ledger", "-l", type=click.Path(path_type=Path), help="The region's folder; the present one by default."
)
def add(ledger: Path | None) -> None:
    """Record an entry: ids are completed, prices looked up, amounts computed; what follows from it is shown first.

    It is appended where entries of its kind live, or refused with the reason, and then every file is as it was. In a
    terminal what is missing is asked for; anywhere else all of it is named.
    """
    click.get_current_context().obj = ledger


def _command(kind: Kind, name: str) -> click.Command:
    params = [_argument(kind, each) if each.positional else _option(kind, each) for each in kind.fields]
    callback: Callable[..., None] = _callback(kind)
    for option in reversed(_options(kind)):
        callback = option(callback)
    command = click.command(name, help=kind.help, short_help=kind.help)(callback)
    command.params = [*params, *command.params]
    return command


def _callback(kind: Kind) -> Callable[..., None]:
    @reads_ledger
    def callback(**given: Any) -> None:
        values: dict[str, list[str]] = {}
        for each in kind.fields:
            found = given.pop(_param(each))
            if found is not None and found != ():
                values[each.name] = [found] if isinstance(found, str) else list(found)
        add_entry(kind, values, common_of(click.get_current_context(), given))

    return callback


def common_of(ctx: click.Context, given: dict[str, Any]) -> Common:
    """What every entry may say, from options of the command and of the group."""
    given["ledger"] = ledger_of(ctx)
    given["by"] = ", ".join(given.get("by") or ())
    given["links"] = tuple(given.pop("links", ()))
    return Common(**given)


def _param(each: Field) -> str:
    return "of_" + each.name.replace("-", "_").replace(" ", "_")


def _argument(kind: Kind, each: Field) -> click.Argument:
    return click.Argument(
        [_param(each)],
        required=False,
        nargs=-1 if each.many else 1,
        metavar=(each.help if each.shape == "work" else each.name.upper()) + ("..." if each.many else ""),
        shell_complete=_completer(kind, each),
    )


def _option(kind: Kind, each: Field) -> click.Option:
    name = "--" + each.name
    if each.shape == "flag":
        names = [f"{name}/--not-{each.name}", _param(each)]
        return click.Option(names, default=None, callback=_yes_or_no, help=each.help)
    return click.Option(
        [name, _param(each)],
        metavar="|".join(each.choices) or _NAMED.get(each.shape, each.shape.upper()),
        help=each.help + ("  [required]" if each.required else ""),
        shell_complete=_completer(kind, each),
    )


def _yes_or_no(_: click.Context, __: click.Parameter, value: bool | None) -> str | None:  # noqa: FBT001 - click's own
    return None if value is None else ("yes" if value else "no")


def _completer(kind: Kind, each: Field) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        try:
            ledger = ledger_of(ctx)
            main = ledger / MAIN_FILE if ledger.is_dir() else ledger
            date = ctx.params.get("date")
            glance = Glance.of(main, date.isoformat() if isinstance(date, datetime.date) else "")
            given = {field.name: _texts(ctx.params.get(_param(field))) for field in kind.fields}
            found = candidates(glance, kind, each, given)
        except Exception:  # noqa: BLE001 - whatever a ledger holds, a shell that completes shows no fault
            return []
        return [CompletionItem(name, help=what or None) for name, what in found.items() if name.startswith(incomplete)]

    return complete


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(each) for each in value or ()]


def _complete_people(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    approve = kinds()["approve"]
    accountants = Field("accountant", "accountant")
    return _completer(approve, accountants)(ctx, click.Option(["--by"]), incomplete)


def _common(*names: str, **attributes: Any) -> Any:
    return click.option(*names, cls=CommonOption, **attributes)


def _options(kind: Kind) -> list[Any]:
    """What every entry may say, and how it is written."""
    found: list[Any] = [
        _common("--date", type=DATE, help="Its date; that of the last event by default."),
        _common("--time", help="Its time, 13:42:29."),
        _common(
            "--by", multiple=True, metavar="WHO", help="Who acted; may be repeated.", shell_complete=_complete_people
        ),
    ]
    if kind.fact is None:
        found += [
            _common("--id", "name", help="Its id, by which a reversal names it; one is made by default."),
            _common("--payee", help="The payee."),
            _common("--narration", help="What it was."),
            _common("--link", "links", multiple=True, help="A link besides; may be repeated."),
        ]
    return [*found, *writing_options()]


def writing_options() -> list[Any]:
    """How an entry is written."""
    return [
        _common("--accountant", help="Who writes.", shell_complete=_complete_people),
        _common("--file", type=click.Path(path_type=Path), help="Where it shall stand."),
        _common("--ahead", is_flag=True, help="Its date is meant, though it lies far after the last event."),
        _common("--again", is_flag=True, help="Book it in a closed month all the same, and renew that month's close."),
        _common("--dry-run", is_flag=True, help="Show it and what follows; write nothing."),
        _common("--yes", is_flag=True, help="Write without asking."),
        _common("--json", "as_json", is_flag=True, help="Print one JSON document instead of text."),
        _common(
            "--ledger", "-l", type=click.Path(path_type=Path), help=f"The region's folder; {LEDGER_VARIABLE}, or here."
        ),
    ]
