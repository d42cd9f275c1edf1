"""What is recorded, and that a history reads it as it is."""

from __future__ import annotations

import gzip
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from support import ROOT
from support.binance import MOMENT, TRADES, accept, quick, trade
from support.venue_frames import CASES, Case
from support.venue_server import VenueServer, Visit

from barter_python import MarketData, MarketEvent, PublicTrade, StreamError
from barter_python.streams import StreamOptions, Streams, Subscription

GZIP_START = b"\x1f\x8b\x08"
ONE_OF_EACH_KIND = {case.kind: case for case in CASES}.values()


async def two_connections(visit: Visit) -> None:
    """Send three trades on each of two connections, and lose the first."""
    await accept(visit)
    await visit.send(*[trade(visit.number * 3 + number) for number in range(3)])
    if visit.number == 0:
        await visit.close()
    else:
        await visit.stay()


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz"])
def test_a_history_reads_what_the_reader_got(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with (
        VenueServer(two_connections) as server,
        Streams.connect([TRADES], options=quick(server)) as streams,
    ):
        with streams.record(path) as recording:
            read = [next(streams) for _ in range(5)]
        assert recording.files == (path,)
        assert recording.events == 5
        next(streams)  # after the recording
        assert recording.events == 5
    assert list(MarketData.from_json_lines(path)) == read
    assert path.read_bytes().startswith(GZIP_START) == name.endswith(".gz")


@pytest.mark.parametrize("case", ONE_OF_EACH_KIND, ids=str)
def test_each_kind_is_read_back(tmp_path: Path, case: Case) -> None:
    async def script(visit: Visit) -> None:
        await visit.receive()
        await visit.send(*case.answers, *case.frames)
        await visit.stay()

    path = tmp_path / "kind.jsonl.gz"
    subscription = Subscription(case.instrument(), case.kind)
    with VenueServer(script, rest=case.rest.get) as server:
        options = StreamOptions(addresses={case.exchange: server.address()})
        with (
            Streams.connect([subscription], options=options) as streams,
            streams.record(path),
        ):
            read = [next(streams) for _ in case.events]
    assert list(MarketData.from_json_lines(path)) == read


def test_files_are_numbered_and_none_is_too_long(tmp_path: Path) -> None:
    async def script(visit: Visit) -> None:
        await accept(visit)
        await visit.send(*[trade(number) for number in range(200)])
        await visit.stay()

    with (
        VenueServer(script) as server,
        Streams.connect([TRADES], options=quick(server)) as streams,
        streams.record(tmp_path / "all.jsonl", rotate_bytes=1000) as recording,
    ):
        read = [next(streams) for _ in range(200)]
    names = [path.name for path in recording.files]
    assert names == [f"all.{number:04}.jsonl" for number in range(1, len(names) + 1)]
    assert len(names) > 10
    sizes = [path.stat().st_size for path in recording.files]
    # A line more than what was asked for, at most; the last one may be short.
    line = len(recording.files[0].read_text().splitlines()[0]) + 10
    assert all(1000 <= size < 1000 + line for size in sizes[:-1])
    parts = [MarketData.from_json_lines(path) for path in recording.files if path.stat().st_size]
    assert [event for part in parts for event in part] == read


def test_a_file_may_be_as_old_as_asked_for(tmp_path: Path) -> None:
    async def script(visit: Visit) -> None:
        await accept(visit)
        for number in range(1_000_000):
            await visit.send(trade(number))

    with (
        VenueServer(script) as server,
        Streams.connect([TRADES], options=quick(server)) as streams,
        streams.record(
            tmp_path / "all.jsonl.gz", rotate_bytes=10**12, rotate_every=MOMENT
        ) as recording,
    ):
        while len(recording.files) < 2:
            next(streams)
    assert recording.files[1].name == "all.0002.jsonl.gz"
    assert len(MarketData.from_json_lines(recording.files[0])) > 0


def test_the_end_of_the_streams_closes_the_file(tmp_path: Path) -> None:
    with VenueServer(two_connections) as server:
        streams = Streams.connect([TRADES], options=quick(server))
        recording = streams.record(tmp_path / "all.jsonl.gz")
        read = [next(streams), next(streams)]
        streams.close()
    assert recording.events == 2
    recording.close()
    assert recording.files == (tmp_path / "all.jsonl.gz",)
    assert list(MarketData.from_json_lines(tmp_path / "all.jsonl.gz")) == read


def test_what_cannot_be_recorded_is_refused(tmp_path: Path) -> None:
    there = tmp_path / "there.jsonl"
    there.write_text("precious")
    with (
        VenueServer(two_connections) as server,
        Streams.connect([TRADES], options=quick(server)) as streams,
    ):
        with pytest.raises(FileExistsError, match=r"there\.jsonl"):
            streams.record(there)
        with pytest.raises(FileNotFoundError, match="nowhere"):
            streams.record(tmp_path / "nowhere" / "all.jsonl")
        with pytest.raises(ValueError, match="rotate_bytes must be from 1"):
            streams.record(tmp_path / "all.jsonl", rotate_bytes=0)
        with pytest.raises(ValueError, match="rotate_every must be positive"):
            streams.record(tmp_path / "all.jsonl", rotate_every=timedelta(0))
        with (
            streams.record(tmp_path / "all.jsonl"),
            pytest.raises(StreamError, match="being recorded already"),
        ):
            streams.record(tmp_path / "second.jsonl")
        assert not (tmp_path / "second.jsonl").exists()
    assert there.read_text() == "precious"


def test_a_killed_process_leaves_what_was_flushed(tmp_path: Path) -> None:
    async def script(visit: Visit) -> None:
        await accept(visit)
        await visit.send(*[trade(number) for number in range(100)])
        await visit.stay()

    path = tmp_path / "killed.jsonl.gz"
    with VenueServer(script) as server:
        address = server.address().websocket
        assert address is not None
        child = [sys.executable, "-m", "support.stream_child", "records", address, str(path)]
        with subprocess.Popen(
            child, cwd=ROOT / "tests_py", stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stdout is not None
                assert process.stdout.readline() == "written\n"
            finally:
                process.kill()
    assert process.returncode == -signal.SIGKILL
    events = list(MarketData.from_json_lines(path))
    ids = [
        int(event.kind.id)
        for event in events
        if isinstance(event, MarketEvent) and isinstance(event.kind, PublicTrade)
    ]
    assert ids == list(range(100))
    with gzip.open(path) as file:  # no member is cut
        assert file.read().endswith(b"\n")
