"""Rows that are tried together, and what the gate says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .row import Drill, Step, Stub
from .scratch import Outcome, Scratch


@dataclass
class Batch:
    """Rows that share no item, and the files with their changes."""

    kind: tuple[bool, Stub, bool]
    rows: list[Drill] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def takes(self, row: Drill, text: str) -> bool:
        """Add a row if it can be tried together with the others."""
        alone = row.apart or any(it.apart for it in self.rows)
        if self.rows and (alone or any(it.item == row.item for it in self.rows)):
            return False
        try:
            self.texts[row.file] = row.applied_to(self.texts.get(row.file, text))
        except LookupError:
            return False  # another row has changed the text
        self.rows.append(row)
        return True


def batches(rows: Iterable[Drill], scratch: Scratch) -> list[Batch]:
    """Divide rows; raise `LookupError` if a row's text is no longer there."""
    found: list[Batch] = []
    for row in rows:
        text = scratch.files[row.file].decode()
        row.applied_to(text)
        # stubtest looks at nothing if mypy has found an error.
        kind = row.is_rust, row.stub, row.step is Step.STUBTEST
        if not any(it.takes(row, text) for it in found if it.kind == kind):
            found.append(Batch(kind))
            found[-1].takes(row, text)
    return found


def tried(batch: Batch, scratch: Scratch, native: Path, name: str) -> Iterator[tuple[Drill, str]]:
    """Make the changes and give what is wrong with each row: nothing if it was caught."""
    scratch.restore()
    for file, text in batch.texts.items():
        scratch.write(file, text.encode())
    is_rust, stub, _ = batch.kind
    if is_rust:
        built = scratch.build()
        if not built.passed:
            yield from ((row, f"it does not compile:\n{built.output}") for row in batch.rows)
            return
        native, name = scratch.native(), "_core.abi3.so"
    scratch.install(native, name)
    if is_rust and stub is Stub.MADE:
        made = scratch.make_stub()
        if not made.passed:
            yield from ((row, f"no stub was made:\n{made.output}") for row in batch.rows)
            return
        scratch.install(native, name)
    outcomes: dict[Step, Outcome] = {}
    for row in batch.rows:
        if row.step not in outcomes:
            outcomes[row.step] = scratch.check(row.step)
        outcome = outcomes[row.step]
        if outcome.passed:
            yield row, f"{row.step.value} passes"
        elif row.named not in outcome.output:
            yield row, f"{row.step.value} does not name {row.named!r}:\n{outcome.output[-6000:]}"
        else:
            yield row, ""
