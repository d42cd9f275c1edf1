"""The page around a report's parts: one file that asks nobody for anything."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from importlib.resources import files

from .text import escaped

_SCRIPTS = ("vendor/uplot.iife.min.js", "page.js", "sort.js")
_LICENSE = "vendor/LICENSE"
_STYLES = ("vendor/uplot.min.css", "page.css")


def _asset(name: str) -> str:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def page(title: str, header: str, sections: Sequence[str], data: Mapping[str, object]) -> str:
    """Give the whole page.

    The policy in its head lets in these scripts and this style by their hashes and nothing
    else: no other script, no picture, no font, no request.
    """
    # A page is a copy of the library, so that its licence goes along.
    library, *own = map(_asset, _SCRIPTS)
    scripts = [f"/*\n{_asset(_LICENSE)}*/\n{library}", *own]
    style = "\n".join(_asset(name) for name in _STYLES)
    policy = (
        f"default-src 'none'; script-src {' '.join(map(_hash, scripts))}; "
        f"style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    )
    packed = json.dumps(data, separators=(",", ":"), ensure_ascii=True)
    # Inside a script's element only `</` could end it and `<!--` change how it is read.
    packed = packed.replace("<", "\\u003c")
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            '<meta name="generator" content="barter-python">',
            f"<title>{escaped(title)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            f"<header>{header}</header>",
            "<main>",
            *sections,
            "</main>",
            f'<script type="application/json" id="data">{packed}</script>',
            *(f"<script>{script}</script>" for script in scripts),
            "</body>",
            "</html>",
            "",
        ]
    )


def section(name: str, heading: str, *parts: str) -> str:
    """Give a section of the page."""
    body = "\n".join(part for part in parts if part)
    head = f'<h2 id="{name}-h">{heading}</h2>'
    return f'<section id="{name}" aria-labelledby="{name}-h">\n{head}\n{body}\n</section>'
