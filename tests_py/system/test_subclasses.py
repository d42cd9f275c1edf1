"""A class of one's own that is a `SystemConfig` stays that class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from barter_python import SystemConfig

FILE = Path(__file__).parents[2] / "examples" / "data" / "system_config.json"


@dataclass(frozen=True)
class Desk(SystemConfig):
    """A configuration with a name of its own."""

    name: str = "unnamed"


def test_json_gives_the_class_that_reads_it() -> None:
    from_file: Desk = Desk.from_json(FILE)
    from_text: Desk = Desk.from_json_text(FILE.read_text(encoding="utf-8"))
    for desk in (from_file, from_text):
        assert type(desk) is Desk
        assert desk.name == "unnamed"
    assert from_file.instruments == SystemConfig.from_json(FILE).instruments
    assert from_file == from_text


def test_changed_executions_keep_the_class_and_its_fields() -> None:
    read = Desk.from_json(FILE)
    desk = Desk(read.instruments, read.executions, name="mine")
    slow: Desk = desk.with_executions(latency=timedelta(seconds=1))
    assert type(slow) is Desk
    assert slow.name == "mine"
    assert {execution.latency for execution in slow.executions} == {timedelta(seconds=1)}
