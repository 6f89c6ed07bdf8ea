"""The example region Riverbend with a canary in everything that is private: a word that occurs nowhere else.

Riverbend has every fact and every transfer of the language, but a seal, which is added here.
"""

from __future__ import annotations

import html
import re
import unicodedata
from pathlib import Path
from urllib.parse import unquote

from tests.house.tree import ROOT
from tests.support import conductor

CANARY = "kanari"
MASKED = f"K\u00e4n\u00e1ri & <b>{CANARY}@{CANARY}.example</b>"
"""For free text: a word that looks different when it is escaped, with an address for mail."""

_RIVERBEND = ROOT / "ledgers" / "riverbend"
_PUBLIC_TEXT = {
    "company": {"name"},
    "cooperation": {"name", "definition"},
    "region": {"name"},
    "bank": {"name"},
    "pool": {"name", "with"},
    "property": {"name", "kind"},
    "plan": {"product", "unit"},
    "offer": {"product", "unit", "kind", "occupation"},
}
_STRUCTURE = {"by", "time", "ownership", "repayment", "transfer", "id", "occupation", "derived-from"}
_PRIVATE_IDS = ("accountant", "member", "basic-service", "loan", "outside-loan")

_MORE = f"""\
2026-01-01 open Assets:KanariSafe KANARI
2026-01-04 event "{CANARY}-event" "{CANARY}"
2026-01-04 query "{CANARY}-query" "SELECT '{CANARY}'"
2026-01-04 note Assets:KanariPettyCash "{CANARY} note"
2026-01-04 note Assets:Members:KanariAda:Hours "{CANARY} note on a governed account"
2026-01-04 document Assets:KanariPettyCash "{CANARY}.pdf"
2026-01-04 price KANARI 1.00 EUR
2026-01-04 commodity KANARI
  name: "{CANARY}"
2026-01-04 custom "fava-option" "{CANARY}" "{CANARY}"
pushtag #{CANARY}-pushed
2026-01-05 * "{CANARY}" "{CANARY}" #{CANARY}-tag ^{CANARY}-link
  {CANARY}-key: "{CANARY}-value"
  Assets:KanariSafe        1.00 KANARI
    {CANARY}-key: "{CANARY}-value"
  Equity:Collections      -1.00 KANARI
poptag #{CANARY}-pushed
"""


def write_aviary(folder: Path) -> Path:
    """Write the region with its canaries into a folder; returns the folder."""
    texts = {path.relative_to(_RIVERBEND): path.read_text() for path in sorted(_RIVERBEND.rglob("*.beancount"))}
    names = _private_names("\n".join(texts.values()))
    includes = []
    for path, text in texts.items():
        if path.name != "main.beancount":
            hidden = path.with_name(f"{CANARY}-{path.name}")
            includes.append(f'include "{hidden.as_posix()}"')
            _write(folder / hidden, _with_canaries(text, names))
    main = f'option "title" "{CANARY}"\nplugin "conductor_bean.plugins.conductor"\n; {CANARY}\n' + "\n".join(includes)
    _write(folder / "main.beancount", f"{main}\n{_MORE}")
    (folder / f"{CANARY}.pdf").write_bytes(CANARY.encode())
    region = (_RIVERBEND / "region.yaml").read_text()
    region = re.sub(r"#.*", f"# {CANARY}", region).replace("[assembly]", f"[{CANARY}-assembly]")
    _write(folder / "region.yaml", region)
    result = conductor("seal", folder, "2026-01")
    assert result.exit_code == 0, result.output
    return folder


def digest_of(folder: Path) -> str:
    """The digest that the region's seal states."""
    (found,) = {
        digest
        for path in folder.rglob("*.beancount")
        for digest in re.findall(r'custom "seal" "2026-01" "sha256:(.*)"', path.read_text())
    }
    return str(found)


def unmasked(content: bytes) -> str:
    """A text without what could hide a word in it: escapes of JSON, of addresses and of HTML, capitals, accents."""
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), content.decode())
    text = unicodedata.normalize("NFKD", html.unescape(unquote(text)))
    return "".join(character for character in text if not unicodedata.combining(character)).casefold()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _private_names(text: str) -> dict[str, str]:
    """New names of everybody and everything whose id is private, with what entries call themselves."""
    kinds = "|".join(_PRIVATE_IDS)
    found = dict(re.findall(rf'^\S+ custom "(?:{kinds})" "([^"]+)"()', text, re.MULTILINE))
    found |= dict(re.findall(r'^  id: "([^"]+)"()', text, re.MULTILINE))
    return {name: f"Kanari{name}" if name[0].isupper() else f"{CANARY}-{name}" for name in found}


def _with_canaries(text: str, names: dict[str, str]) -> str:
    kind, lines = "", []
    any_name = re.compile(r"(?<![\w-])(" + "|".join(sorted(map(re.escape, names), reverse=True)) + r")(?![\w-])")
    for line in text.splitlines():
        code = _without_comment(line)
        if found := re.match(r'\d{4}-\d\d-\d\d custom "([^"]+)"', code):
            kind = found[1]
            if kind == "assembly":
                code = f'{code[:10]} custom "{CANARY}-assembly" "{MASKED}"'
        elif re.match(r"\d{4}-\d\d-\d\d [*!]", code):
            kind = "transaction"
            links = " ".join(re.findall(r"[#^]\S+", re.sub(r'"[^"]*"', "", code)))
            code = f'{code[:12]} "{MASKED}" "{MASKED}" {links} ^{CANARY}-link #{CANARY}-tag'
        elif (found := re.match(r'(\s+)([a-z][\w-]*): "', code)) and not _is_public(kind, found[2]):
            code = f'{found[1]}{found[2]}: "{MASKED}"'
        if kind not in _PUBLIC_TEXT or re.match(r"\s+by:", code) or " custom " in code:
            code = any_name.sub(lambda found: names[found[1]], code)
        code = code.replace("PettyCash", "KanariPettyCash").replace(" EUR", " KANARI")
        lines.append(f"{code} ; {CANARY}" if code else f"; {CANARY}")
    return "\n".join(lines) + "\n"


def _is_public(kind: str, key: str) -> bool:
    return key in _STRUCTURE or key in _PUBLIC_TEXT.get(kind, ())


def _without_comment(line: str) -> str:
    inside = False
    for place, character in enumerate(line):
        inside ^= character == '"'
        if character == ";" and not inside:
            return line[:place].rstrip()
    return line.rstrip()
