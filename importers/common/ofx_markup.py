"""The markup of OFX as elements: version 1 (SGML, where values need no closing tag) and version 2 (XML) by one reader.

OFX has neither attributes nor entities of its own, and its text holds values only, so elements, values and closing tags
are all there is. Whatever else stands there is refused; nothing is unfolded, fetched or guessed. Formula: OFX 2.3,
section 2.3 (header, markup) and 2.1 of OFX 1.6.
"""

from __future__ import annotations

import codecs
import re
from xml.etree.ElementTree import Element, SubElement

from conductor_bean.domain.problems import quoted
from conductor_bean.importers.common.faults import ImportRefusedError, unreadable
from conductor_bean.importers.common.safe_xml import LINE

_BEGIN = re.compile(r"<OFX\s*>", re.IGNORECASE)
_END = re.compile(r"</OFX\s*>\s*\Z", re.IGNORECASE)
_BEFORE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_TOKEN = re.compile(
    r"<(?P<closing>/?)(?P<tag>[A-Za-z][\w.-]*)\s*(?P<empty>/?)>"
    r"(?P<value>(?:[^<]|<!\[CDATA\[.*?\]\]>)*)(?:<!--.*?-->\s*)*",
    re.ASCII | re.DOTALL,
)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_CLOSING = re.compile(r"</([A-Za-z][\w.-]*)\s*>", re.ASCII)
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));", re.ASCII)
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}
_ENCODING = re.compile(rb"""(?:ENCODING\s*:\s*|encoding\s*=\s*["'])([\w-]+)""", re.ASCII)
_CHARSET = re.compile(rb"CHARSET\s*:\s*([\w-]+)", re.ASCII)
_ASCII = ("USASCII", "NONE", "US-ASCII", "ASCII")
_MAX_DEPTH = 100


def parse_ofx(content: bytes, name: str) -> Element:
    """The root of an OFX file; each element has the line on which it begins.

    Args:
        content: The file's bytes.
        name: Its path, for faults.

    Raises:
        ImportRefusedError: It is no OFX, is cut off, is not in the encoding that its header names, or what it holds is
            not nested as OFX is.
    """
    text = _decoded(content, name)
    before = _BEFORE.search(text)
    if before is not None:
        message = "holds a document type or entities (<!DOCTYPE, <!ENTITY), which no bank writes; it is not read"
        raise unreadable(name, message, _line(text, before.start()))
    begin = _BEGIN.search(text)
    if begin is None:
        raise unreadable(name, "is no OFX (<OFX>); export it again")
    if _END.search(text) is None:
        raise unreadable(
            name, "does not end with </OFX>: it is cut off or still being written; import it when it is whole"
        )
    return _Builder(text, begin.start(), name).build()


def _decoded(content: bytes, name: str) -> str:
    """The text, in the encoding that its mark or its header names."""
    head = content[: content.find(b"<OFX") if b"<OFX" in content else 2000]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif content.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    else:
        encoding = _named_encoding(head, name)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise unreadable(name, f"is not in {encoding}, which its header names; export it again", line) from None


def _named_encoding(head: bytes, name: str) -> str:
    written, charset = (
        "" if match is None else match[1].decode("ascii").upper()
        for match in (_ENCODING.search(head), _CHARSET.search(head))
    )
    if written in _ASCII and charset not in ("", "NONE"):
        written = charset  # version 1: "USASCII" in the code page that the next line names
    if written in ("", *_ASCII):
        return "utf-8"
    if written == "UNICODE":
        return "utf-16"
    for candidate in (written, f"cp{written}", f"iso-{written}"):
        try:
            return codecs.lookup(candidate).name
        except LookupError:
            continue
    raise unreadable(name, f"is in an encoding that is not known ({quoted(written)}); export it in UTF-8")


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


class _Builder:
    """Builds elements from tags and values, each closing tag held against what is open."""

    def __init__(self, text: str, start: int, name: str) -> None:
        self._text = text
        self._position = start
        self._line = _line(text, start)
        self._name = name
        self._closed = {tag.upper() for tag in _CLOSING.findall(text, start)}
        self._open: list[Element] = []
        self._leaf = ""

    def build(self) -> Element:
        root: Element | None = None
        end = len(self._text.rstrip())
        while self._position < end:
            token = _TOKEN.match(self._text, self._position)
            if token is None or (root is not None and not self._open):
                raise self._fault("holds something that is no OFX")
            if token["closing"]:
                self._close(token["tag"].upper(), token["value"])
            else:
                element = self._begin(token["tag"].upper(), token["value"], is_empty=bool(token["empty"]))
                root = element if root is None else root
            self._line += self._text.count("\n", self._position, token.end())
            self._position = token.end()
        if root is None or self._open:
            raise self._fault("holds an element that is not closed")
        return root

    def _begin(self, tag: str, value: str, *, is_empty: bool) -> Element:
        attributes = {LINE: str(self._line)}
        element = SubElement(self._open[-1], tag, attributes) if self._open else Element(tag, attributes)
        element.text = _value(value)
        self._leaf = tag if element.text else ""
        # A value may end with the next tag. What has none and is nowhere closed is a value that was left out.
        if not element.text and tag in self._closed and not is_empty:
            self._open.append(element)
        if len(self._open) > _MAX_DEPTH:
            raise self._fault(f"nests elements more than {_MAX_DEPTH} deep; this is no statement", advice="")
        return element

    def _close(self, tag: str, rest: str) -> None:
        if rest.strip():
            raise self._fault(f"has a text after </{tag}> that belongs to nothing")
        if self._leaf == tag:
            self._leaf = ""
            return
        if not self._open or self._open[-1].tag != tag:
            unclosed = f", where <{self._open[-1].tag}> is still open" if self._open else ""
            raise self._fault(f"closes </{tag}>{unclosed}")
        self._leaf = ""
        self._open.pop()

    def _fault(self, message: str, advice: str = "; export it again") -> ImportRefusedError:
        return unreadable(self._name, message + advice, self._line)


def _value(text: str) -> str:
    """A value on one line, what stands for a character put in its place."""
    if "<" not in text:
        return " ".join(_REFERENCE.sub(_character, text).split())
    parts = _CDATA.split(text)
    return " ".join(
        "".join(part if index % 2 else _REFERENCE.sub(_character, part) for index, part in enumerate(parts)).split()
    )


def _character(reference: re.Match[str]) -> str:
    if reference[3]:
        return _NAMED[reference[3]]
    code = int(reference[1]) if reference[1] else int(reference[2], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else " "
