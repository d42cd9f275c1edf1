"""Makes griffe show the arguments of native classes, whose constructor is `__new__`."""

from __future__ import annotations

import griffe


class Constructors(griffe.Extension):
    """Let a `__new__` stand for the `__init__` that a class does not have."""

    def on_class_members(self, *, cls: griffe.Class, **_: object) -> None:
        """Take the constructor's signature."""
        new = cls.members.get("__new__")
        if isinstance(new, griffe.Function) and "__init__" not in cls.members:
            init = griffe.Function(
                "__init__", parameters=new.parameters, lineno=new.lineno, endlineno=new.endlineno
            )
            cls.set_member("__init__", init)
