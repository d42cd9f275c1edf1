"""Reads a page of HTML, strictly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from typing_extensions import override


@dataclass
class Node:
    """An element: its tag, its attributes, and what is inside."""

    tag: str
    attributes: dict[str, str]
    inside: list[Node | str] = field(default_factory=list)

    def all(self) -> Iterator[Node]:
        """Give it and all elements inside."""
        yield self
        for each in self.inside:
            if isinstance(each, Node):
                yield from each.all()

    @property
    def text(self) -> str:
        """The text inside."""
        return "".join(each if isinstance(each, str) else each.text for each in self.inside)

    def find(self, tag: str, **attributes: str) -> list[Node]:
        """Find elements."""
        return [
            node
            for node in self.all()
            if node.tag == tag and attributes.items() <= node.attributes.items()
        ]


class Reader(HTMLParser):
    """Reads a page strictly: every element that is opened is closed."""

    EMPTY = ("meta",)

    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("", {})]

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(node)
        if tag not in self.EMPTY:
            self.open.append(node)

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Node(tag, {name: value or "" for name, value in attrs}))

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    @override
    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(html: str) -> Node:
    """Read a page."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert len(reader.open) == 1
    return reader.open[0]
