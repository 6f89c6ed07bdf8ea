"""XML from outside: no entities, no document types, no depth without end, and every element knows its line."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from conductor_bean.importers.common.faults import unreadable

LINE, NAMESPACE = "line", "namespace"
"""Attributes that each element is given: where it begins in the file, and the namespace of its name."""

_MAX_DEPTH = 100


class _TooDeepError(Exception):
    """Elements nested deeper than any message of a bank."""


class _NumberedBuilder(TreeBuilder):
    """Builds elements named without their namespace."""

    def __init__(self) -> None:
        super().__init__()
        self.expat: Any = None
        self._depth = 0

    def start(self, tag: str, _attributes: dict[str, str], /) -> Element:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _TooDeepError
        namespace, _, name = tag.rpartition("}")
        attributes = {**_attributes, LINE: str(self.expat.CurrentLineNumber), NAMESPACE: namespace.lstrip("{")}
        return super().start(name, attributes)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag.rpartition("}")[2])


def parse_xml(content: bytes, name: str) -> Element:
    """The root of an XML file; elements are named without namespaces.

    Args:
        content: The file's bytes.
        name: Its path, for faults.

    Raises:
        ImportRefusedError: It is no well-formed XML, is cut off, is not in the encoding that it declares, or holds a
            document type or entities, which could unfold without bound or read other files.
    """
    builder = _NumberedBuilder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    builder.expat = parser.parser
    try:
        parser.feed(content)
        root: Element = parser.close()
    except DefusedXmlException:
        message = "holds a document type or entities (<!DOCTYPE, <!ENTITY), which no bank writes; it is not read"
        raise unreadable(name, message, parser.parser.CurrentLineNumber) from None
    except _TooDeepError:
        message = f"nests elements more than {_MAX_DEPTH} deep; this is no statement"
        raise unreadable(name, message, parser.parser.CurrentLineNumber) from None
    except (ParseError, LookupError, ValueError) as error:
        line = getattr(error, "position", (0, 0))[0]
        reason = str(error).partition(":")[0]
        message = f"is no well-formed XML ({reason}): it is cut off, still being written, or not in the encoding that"
        raise unreadable(name, f"{message} its first line declares; export it again", line) from None
    return root


def text_of(element: Element, *paths: str) -> str:
    """The text of the first path that leads to any, without white space around it; "" where none does."""
    for path in paths:
        text = " ".join((element.findtext(path) or "").split())
        if text:
            return text
    return ""


def line_of(element: Element) -> int:
    """The line on which an element begins."""
    return int(element.get(LINE, "0"))
