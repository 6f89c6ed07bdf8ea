"""A ledger's files, parsed as Beancount's loader does it, and looked at before anything of them runs.

Beancount itself would open whatever an include names, and run whatever a plugin line names.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from beancount import loader
from beancount.core import data

from conductor_bean.domain.problems import quoted
from conductor_bean.ledger.admission.arithmetic import division_by_zero
from conductor_bean.ledger.admission.foreign_code import AllowedCode
from conductor_bean.ledger.admission.patterns import MOST_NAMES, Finder
from conductor_bean.ledger.admission.plain_files import OF_THE_FILE_ITSELF, Folder, NotAdmittedError
from conductor_bean.ledger.problem import Problem
from conductor_bean.ledger.region_file import PLUGIN, read_region, region_path

Loaded = tuple[list[Any], list[Any], dict[str, Any]]
Parse = Callable[[str, bytes], Loaded]

_LOOKED_AT = frozenset({data.Custom, data.Document})
_STRING = rb'"((?:[^"\\]|\\.)*)"'
_STATEMENT = re.compile(
    rb"^[ \t]*(include|option|plugin)[ \t]+" + _STRING + rb"(?:[ \t]+" + _STRING + rb")?", re.MULTILINE | re.DOTALL
)
_ABSOLUTE_DOCUMENT = re.compile(rb'^[^\s;][^\n"]*[ \t]document[ \t][^\n"]*"/', re.MULTILINE)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_ENDINGS_OF_ENCRYPTION = (".gpg", ".asc")


class LedgerNotAdmittedError(Exception):
    """A ledger is not loaded, and nothing of it has run.

    Attributes:
        problems: Why, in order of file and line.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__(f"{self.problems[0].code}: {self.problems[0].message}")


class _File(NamedTuple):
    """A file that was read: its path, its bytes, and what Beancount's parser makes of them."""

    path: str
    content: bytes
    entries: list[Any]
    options: dict[str, Any]


class _Named(NamedTuple):
    """A file that is to be read, and the line that includes it."""

    path: str
    file: str
    line: int


_agreed: ContextVar[frozenset[str] | None] = ContextVar("agreed", default=None)


@contextmanager
def agreed_code(names: Collection[str]) -> Iterator[None]:
    """Let only those plugins and extensions of others run that were agreed on, whatever a ledger itself lists.

    Args:
        names: Names of their modules.
    """
    token = _agreed.set(frozenset(names))
    try:
        yield
    finally:
        _agreed.reset(token)


def admitted(main: Path, parse: Parse, allowed: Collection[str] | None = None) -> Loaded:
    """Parse a ledger.

    Args:
        main: Its main.beancount, absolute.
        parse: Parses a file, given its name and bytes.
        allowed: Names of plugins and extensions of others that may run; by default those that its region.yaml lists.

    Returns:
        Entries, errors and options, as Beancount's loader has them before it books anything.

    Raises:
        LedgerNotAdmittedError: Something of it is not read, or would run that may not.
        OSError: A file cannot be read.
    """
    gate = _Gate(main, parse)
    gate.read_all()
    if gate.files:
        gate.problems += _Inspection(gate.files, gate.folder, _listed(gate, allowed)).problems()
    if gate.problems:
        raise LedgerNotAdmittedError(gate.problems)
    first, *others = [file.options for file in gate.files]
    first["include"] = sorted(file.path for file in gate.files)
    options_map = loader.aggregate_options_map(first, others)
    return [entry for file in gate.files for entry in file.entries], gate.errors, options_map


@dataclass(slots=True)
class _Gate:
    """Reads the files of a ledger one after the other, in Beancount's order."""

    main: Path
    parse: Parse
    folder: Folder = field(init=False)
    files: list[_File] = field(default_factory=list)
    errors: list[Any] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _finder: Finder = field(init=False)

    def __post_init__(self) -> None:
        self.folder = Folder(os.path.dirname(os.path.normpath(self.main)))
        self._finder = Finder(self.folder)

    def read_all(self) -> None:
        main = os.path.normpath(self.main)
        waiting, seen = deque([_Named(main, main, 1)]), set[str]()
        while waiting:
            named = waiting.popleft()
            if named.path in seen:
                self._note(f'Duplicate filename parsed: "{named.path}"')
                continue
            content = self._content(named)
            if content is None:
                continue
            seen.add(named.path)
            if (line := division_by_zero(content)) is not None:
                message = "a number is divided by zero here, which ends Beancount; write the number that is meant"
                self.problems.append(Problem(named.path, line, "division-by-zero", message))
                continue
            entries, errors, options = self.parse(named.path, content)
            self.files.append(_File(named.path, content, entries, options))
            self.errors += errors
            waiting += self._included(self.files[-1])
            if len(waiting) > MOST_NAMES:
                message = f"the ledger includes more than {MOST_NAMES} files; include fewer"
                self.problems.append(Problem(main, 1, "file-not-loaded", message))
                return

    def _content(self, named: _Named) -> bytes | None:
        try:
            if named.path.endswith(_ENDINGS_OF_ENCRYPTION):
                raise NotAdmittedError(
                    "not-a-plain-file", "is encrypted; decrypt it, and name the plain text", named.path
                )
            return self.folder.read(named.path)
        except NotAdmittedError as fault:
            self._refuse(fault, named)
        except FileNotFoundError:
            self._note(f'File "{named.path}" does not exist')
        return None

    def _refuse(self, fault: NotAdmittedError, named: _Named) -> None:
        """A fault in a file is told there, one of the file itself where it is included."""
        if fault.line:
            self.problems.append(Problem(named.path, fault.line, fault.code, fault.message))
        else:
            name = quoted(os.path.relpath(named.path, self.folder.path))
            self.problems.append(Problem(named.file, named.line, fault.code, f"{name} {fault.message}"))

    def _included(self, file: _File) -> Iterator[_Named]:
        for name in file.options["include"]:
            try:
                found = self._finder.files(os.path.dirname(file.path), name)
            except NotAdmittedError as fault:
                message = f"{quoted(name)} {fault.message}"
                self.problems.append(Problem(file.path, _line_of_include(file.content, name), fault.code, message))
                continue
            if not found:
                self._note(f'File glob "{name}" does not match any files')
            line = _line_of_include(file.content, name) if found else 1
            yield from (_Named(path, file.path, line) for path in found)

    def _note(self, message: str) -> None:
        self.errors.append(loader.LoadError(data.new_metadata("<load>", 0), message, None))


def _listed(gate: _Gate, allowed: Collection[str] | None) -> AllowedCode:
    """What may run, by the region's own list where no other is given."""
    main = gate.files[0]
    config = next((config for name, config in main.options["plugin"] if name == PLUGIN), None)
    region, faults = read_region(region_path(main.path, config), gate.folder)
    for fault in faults:
        if fault.code in OF_THE_FILE_ITSELF:
            line = line_of(main.content, "plugin", PLUGIN)
            message = f"{quoted(os.path.relpath(fault.file, gate.folder.path))} {fault.message}"
            gate.problems.append(Problem(main.path, line, fault.code, message))
        elif fault.code in _OF_ITS_BYTES:
            gate.problems.append(fault)
    own = frozenset[str]() if region is None else region.plugins
    others = _agreed.get() if allowed is None else frozenset(allowed)
    return AllowedCode(gate.folder, own if others is None else others)


_OF_ITS_BYTES = frozenset({"forbidden-character", "byte-order-mark", "line-too-long"})


@dataclass(frozen=True, slots=True)
class _Inspection:
    """Looks at what files say, without running it."""

    files: list[_File]
    folder: Folder
    code: AllowedCode

    def problems(self) -> Iterator[Problem]:
        for file in self.files:
            yield from self._of_options(file)
            yield from self._of_plugins(file)
            for entry in file.entries:
                if type(entry) in _LOOKED_AT:
                    yield from (
                        self._of_custom(entry, file) if type(entry) is data.Custom else self._of_document(entry, file)
                    )
        yield from self._of_folders(self.files[0])

    def _of_options(self, file: _File) -> Iterator[Problem]:
        if file.options["insert_pythonpath"]:
            message = "insert_pythonpath lets code of this folder run; remove the option"
            yield _at(file, "option", "insert_pythonpath", "forbidden-option", message)
        if file.options["plugin_processing_mode"] != "default":
            message = 'plugin_processing_mode "raw" switches balance assertions off; remove the option'
            yield _at(file, "option", "plugin_processing_mode", "forbidden-option", message)

    def _of_plugins(self, file: _File) -> Iterator[Problem]:
        for name, config in file.options["plugin"]:
            fault = self.code.fault_of_plugin(name, config)
            if fault:
                yield _at(file, "plugin", name, "foreign-plugin", fault)

    def _of_custom(self, entry: Any, file: _File) -> Iterator[Problem]:
        if not entry.type.startswith("fava-"):
            return
        words = [value.value for value in entry.values or ()]
        if entry.type == "fava-extension":
            fault = self.code.fault_of_extension(words[0] if words else None)
            if fault:
                yield Problem(file.path, _line(entry), "foreign-plugin", fault)
        elif words[:1] in (["default-file"], ["default_file"]) and words[1:] and words[1]:
            path = os.path.join(os.path.dirname(file.path), str(words[1]))
            yield from self._of_path(path, _line(entry), file, absolute=os.path.isabs(str(words[1])))

    def _of_document(self, entry: Any, file: _File) -> Iterator[Problem]:
        line = _line(entry)
        absolute = _ABSOLUTE_DOCUMENT.search(file.content) is not None and _is_absolute(file.content, line)
        yield from self._of_path(entry.filename, line, file, absolute=absolute)

    def _of_folders(self, main: _File) -> Iterator[Problem]:
        """Folders of documents, with all that Beancount would find in them."""
        left = MOST_NAMES
        for name in main.options["documents"]:
            line = line_of(main.content, "option", "documents", name)
            path = os.path.normpath(os.path.join(os.path.dirname(main.path), name))
            try:
                if os.path.isabs(name) or not self.folder.holds(os.path.realpath(path)):
                    raise NotAdmittedError("outside-the-folder", "leads out of the region's folder", name)
                for above, _, names in os.walk(path):
                    left -= len(names) + 1
                    if left < 0:
                        raise NotAdmittedError("file-not-loaded", f"holds more than {MOST_NAMES} names", name)
                    for each in names:
                        if os.path.islink(os.path.join(above, each)):
                            self.folder.real(os.path.join(above, each))
            except NotAdmittedError as fault:
                yield Problem(main.path, line, fault.code, f"{quoted(name)} {fault.message}")
            except OSError:
                continue  # Beancount says that it is not there

    def _of_path(self, path: str, line: int, file: _File, *, absolute: bool) -> Iterator[Problem]:
        name = quoted(os.path.relpath(path, self.folder.path))
        try:
            if absolute:
                raise NotAdmittedError("outside-the-folder", "is named from the root; name it from here", path)
            self.folder.hold_writable(path)
        except NotAdmittedError as fault:
            yield Problem(file.path, line, fault.code, f"{name} {fault.message}")
        except OSError:
            return  # Beancount says that it is not there


def line_of(content: bytes, word: str, *strings: str) -> int:
    """The line of the first statement of a kind that begins with some strings, 1 where none is found."""
    for match in _STATEMENT.finditer(content):
        told = [_ESCAPED.sub(rb"\1", text) for text in match.groups()[1:] if text is not None]
        if match[1] == word.encode() and told[: len(strings)] == [each.encode() for each in strings]:
            return content.count(b"\n", 0, match.start()) + 1
    return 1


def _line_of_include(content: bytes, name: str) -> int:
    return max(line_of(content, "include", name), line_of(content, "option", "include", name))


def _at(file: _File, word: str, name: str, code: str, message: str) -> Problem:
    return Problem(file.path, line_of(file.content, word, name), code, message)


def _line(entry: Any) -> int:
    line = entry.meta.get("lineno")
    return max(line, 1) if type(line) is int else 1


def _is_absolute(content: bytes, line: int) -> bool:
    lines = content.split(b"\n")
    return line > len(lines) or _ABSOLUTE_DOCUMENT.match(lines[line - 1]) is not None
