"""Where public classes and functions say that they live."""

from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType


def publish(public: str, names: Mapping[str, object], *homes: str) -> None:
    """Make the public module that exports classes and functions their `__module__`.

    Tracebacks, `repr`, `help` and pickles then show the name that users import, and code can move
    between the files of a package. The files of such classes evaluate their annotations (they have
    no `from __future__ import annotations`), since `typing.get_type_hints` would look the names in
    text up in the public module.

    Parameters
    ----------
    public : str
        Name of the public module.
    names : mapping of str to object
        Its names.
    *homes : str
        The modules and packages that define the classes and functions: `public` too, if it is a
        package.
    """
    prefixes = tuple(f"{home}." for home in homes)
    for value in names.values():
        if isinstance(value, (type, FunctionType)) and f"{value.__module__}.".startswith(prefixes):
            value.__module__ = public
