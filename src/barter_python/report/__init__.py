"""Results and states, laid out for people: what results print and notebooks show.

It has no public names; results call it.
"""

from __future__ import annotations

__all__: list[str] = []
