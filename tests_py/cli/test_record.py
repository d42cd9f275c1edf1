"""The command that records live data."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.binance import accept, trade
from support.command import refused, run_command
from support.venue_server import PATIENCE, VenueServer, Visit

from barter_python import MarketData, MarketEvent, Reconnecting, SystemConfig

BITCOIN = "binancespot-btc_usdt"


async def two_connections(visit: Visit) -> None:
    """Send two trades of each market, and lose the first connection."""
    names = await accept(visit)
    for name in names:
        market = name.partition("@")[0].upper()
        await visit.send(trade(1, market=market), trade(2, market=market))
    if visit.number == 0:
        await visit.close()
    else:
        await visit.stay()


@pytest.fixture
def config(repository: Path) -> Path:
    """Give the configuration of the examples: three instruments of Binance."""
    return repository / "examples" / "data" / "system_config.json"


@pytest.mark.skipif(sys.platform == "win32", reason="needs the signals of POSIX")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_recording_ends_in_order(tmp_path: Path, config: Path, ending: signal.Signals) -> None:
    out = tmp_path / "all.jsonl.gz"
    with VenueServer(two_connections) as server:
        command = [sys.executable, "-m", "barter_python.cli", "record", "--config", str(config)]
        command += ["--kind", "trades", "--out", str(out)]
        command += ["--address", f"binance_spot={server.address().websocket}"]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
        ) as process:
            assert process.stderr is not None
            told = [process.stderr.readline() for _ in range(3)]
            process.send_signal(ending)
            output, errors = process.communicate(timeout=PATIENCE)
    assert [line.split()[1:4] for line in told] == [
        ["binance_spot", "public_trades", "connected"],
        ["binance_spot", "public_trades", "lost:"],
        ["binance_spot", "public_trades", "back"],
    ]
    assert errors == "interrupted: the recording is being closed\n"
    assert process.returncode == 0
    events = list(MarketData.from_json_lines(out))
    assert output == f"{len(events)} events in {out}\n"
    # Two trades of three markets, the loss, and what the second connection had sent by then.
    assert [type(event) for event in events[:7]] == [MarketEvent] * 6 + [Reconnecting]
    index = SystemConfig.from_json(config).index()
    assert {event.instrument for event in events[:6] if isinstance(event, MarketEvent)} == {
        index.instrument_index(f"binancespot-{name}_usdt") for name in ("btc", "eth", "sol")
    }


def test_a_recording_may_have_an_end(tmp_path: Path, config: Path) -> None:
    out = tmp_path / "all.jsonl"
    with VenueServer(two_connections) as server:
        done = run_command(
            *("record", "--config", config, "--out", out, "--for", "10ms", "--rotate-mb", "1"),
            *("--kind", "trades", "--instrument", BITCOIN, "--rotate-every", "1h"),
            *("--address", f"binance_spot={server.address().websocket}"),
        )
    assert done.returncode == 0
    assert done.stdout.endswith(f"events in {tmp_path / 'all.0001.jsonl'}\n")
    assert "btcusdt@trade" in server.visits[0].received[0]
    assert "ethusdt@trade" not in server.visits[0].received[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--kind", "candles"], "--kind must be one of trades, l1, l2, liquidations"),
        (["--kind", "liquidations"], "kind must be what barter-data streams of spot"),
        (["--for", "long"], "--for"),
        (["--for", "0s"], "--for must be positive and not above 365 days, got 0 s"),
        (["--instrument", "btc"], 'no instrument is called "btc"'),
        (["--address", "nowhere"], "--address must be EXCHANGE=ADDRESS, got 'nowhere'"),
        (["--address", "binance_spot=ftp://x"], "websocket must be an address"),
        (["--address", "binance_spot=ws://127.0.0.1:9"], "binance_spot "),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    tmp_path: Path, config: Path, arguments: list[str], message: str
) -> None:
    out = tmp_path / "all.jsonl"
    assert message in refused("record", "--config", config, "--out", out, *arguments)
    assert not out.exists()


def test_a_file_that_is_there_is_kept(tmp_path: Path, config: Path) -> None:
    out = tmp_path / "all.jsonl"
    out.write_text("precious")
    with VenueServer(two_connections) as server:
        done = run_command(
            *("record", "--config", config, "--out", out, "--kind", "trades"),
            *("--address", f"binance_spot={server.address().websocket}"),
        )
    assert done.returncode == 2
    assert "exists" in done.stderr
    assert out.read_text() == "precious"
