"""Several runs at once: the same results as one by one, wherever they run."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Literal, cast

import polars as pl
import pytest
from distributed import Client, LocalCluster
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT
from support.histories import quotes, two_instruments
from support.sweeps import BuyOnce, bought, by_name, fail_on, fail_to_keep
from support.venue_server import PATIENCE

from barter_python import (
    DefaultStrategy,
    FillPrice,
    MarketData,
    MarketDataError,
    SystemConfig,
    run_backtest,
    run_backtests,
)
from barter_python.backtest import sweep_to_html
from barter_python.backtest.histories import pack, unpack
from barter_python.backtest.pool import chunks

QUANTITIES = ["0.1", "0.2", "0.3", "0.4", "0.5"]


def one_by_one(data: MarketData, config: SystemConfig) -> list[str]:
    runs = (
        run_backtest(BuyOnce(each), data, config, fee_rate=Decimal("0.001"), close_at_end=True)
        for each in QUANTITIES
    )
    return [run.to_json() for run in runs]


def test_processes_of_our_own(tmp_path: Path) -> None:
    data, config = quotes(50), two_instruments()
    grid = {"quantity": QUANTITIES, "folder": [str(tmp_path)]}
    runs = run_backtests(BuyOnce, grid, data, config, fee_rate=Decimal("0.001"), close_at_end=True)
    assert [run.parameters["quantity"] for run in runs] == QUANTITIES
    results = [run.result for run in runs if run.result is not None]
    assert [result.to_json() for result in results] == one_by_one(data, config)
    processes = {int(path.name) for path in tmp_path.iterdir()}
    assert os.getpid() not in processes
    assert len(processes) <= (os.cpu_count() or 1)


def test_any_executor() -> None:
    data, config = quotes(50), two_instruments()
    listed = [{"quantity": each} for each in QUANTITIES]
    with ThreadPoolExecutor(3) as executor:
        runs = run_backtests(
            BuyOnce,
            listed,
            data,
            config,
            executor=executor,
            fee_rate=Decimal("0.001"),
            close_at_end=True,
        )
    assert [run.parameters for run in runs] == listed
    results = [run.result for run in runs if run.result is not None]
    assert [result.to_json() for result in results] == one_by_one(data, config)


def test_a_grid_is_all_combinations() -> None:
    with ThreadPoolExecutor(1) as executor:
        runs = run_backtests(
            BuyOnce,
            {"quantity": ["1", "2"], "folder": [""]},
            quotes(1),
            two_instruments(),
            executor=executor,
        )
        none = run_backtests(BuyOnce, [], quotes(1), two_instruments(), executor=executor)
    assert [run.parameters for run in runs] == [
        {"quantity": "1", "folder": ""},
        {"quantity": "2", "folder": ""},
    ]
    assert none == []


def test_failures_keep_their_parameters_and_the_rest_goes_on() -> None:
    kinds = ["good", "plain", "unsendable", "good"]
    runs = run_backtests(fail_on, {"kind": kinds}, quotes(5), two_instruments())
    assert [run.parameters["kind"] for run in runs] == kinds
    assert [run.result is not None for run in runs] == [True, False, False, True]
    plain, unsendable = runs[1], runs[2]
    assert type(plain.error) is LookupError
    assert str(plain.error) == "no such thing"
    assert type(unsendable.error) is RuntimeError
    assert str(unsendable.error) == "TwoArgumentsError: cannot be sent"
    for run in (plain, unsendable):
        assert run.traceback is not None
        assert "in fail_on" in run.traceback


def test_mistakes_are_named() -> None:
    data, config = quotes(1), two_instruments()
    with pytest.raises(TypeError, match="factory must be callable, got int 5"):
        run_backtests(5, [], data, config)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"parameters\['quantity'\] must be a sequence.*str '1'"):
        run_backtests(BuyOnce, {"quantity": "1"}, data, config)
    with pytest.raises(TypeError, match="config must be a SystemConfig, got str 'config'"):
        run_backtests(DefaultStrategy, [{}], data, "config")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="data must be a MarketData or a MarketScan, got list"):
        run_backtests(DefaultStrategy, [{}], [], config)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="fee_rate"):
        run_backtests(DefaultStrategy, [{}], data, config, fee_rate=-1)


def test_options_reach_the_runs() -> None:
    data, config = quotes(5), two_instruments()
    with ThreadPoolExecutor(1) as executor:
        (run,) = run_backtests(
            BuyOnce,
            [{"quantity": "1"}],
            data,
            config,
            executor=executor,
            fill_price=FillPrice.REQUESTED,
        )
    expected = run_backtest(BuyOnce("1"), data, config, fill_price=FillPrice.REQUESTED)
    assert run.result is not None
    assert run.result.to_json() == expected.to_json()


def test_histories_and_results_can_be_pickled(real_history: MarketData) -> None:
    again: MarketData = pickle.loads(pickle.dumps(real_history))
    assert list(again) == list(real_history)
    assert repr(again) == repr(real_history)
    result = run_backtest(BuyOnce("1"), quotes(5), two_instruments())
    assert pickle.loads(pickle.dumps(result)).to_json() == result.to_json()


@pytest.mark.parametrize("executor", [None, "threads"])
def test_what_is_kept_comes_home(executor: Literal["threads"] | None) -> None:
    data, config = quotes(5), two_instruments()
    grid = {"quantity": ["1", "2", "3"]}
    runs = run_backtests(BuyOnce, grid, data, config, executor=executor, keep=bought)
    assert [run.result for run in runs] == [Decimal(1), Decimal(2), Decimal(3)]
    table = pl.DataFrame(runs)
    assert table.columns == ["parameter_quantity", "error", "result"]
    assert table["result"].to_list() == [1, 2, 3]
    named = run_backtests(BuyOnce, grid, data, config, executor=executor, keep=by_name)
    assert pl.DataFrame(named)["result_bought"].to_list() == [1, 2, 3]
    with pytest.raises(TypeError, match=r"runs\[0\].result must be a BacktestResult, got Decimal"):
        sweep_to_html(runs, "never_written.html")  # type: ignore[arg-type]


def test_what_fails_in_keep_is_the_error_of_the_run() -> None:
    data, config = quotes(5), two_instruments()
    grid = {"quantity": ["1", "2", "3"]}
    runs = run_backtests(BuyOnce, grid, data, config, keep=fail_to_keep)
    assert [run.result for run in runs] == [Decimal(1), None, None]
    (error, unsendable) = (run.error for run in runs[1:])
    assert type(error) is LookupError
    assert str(error) == "no second one"
    # The interpreters say it in words of their own.
    assert "local object 'fail_to_keep.<locals>.<lambda>'" in str(unsendable)
    assert "pickle" in str(runs[2].traceback)
    assert "lambda" in str(runs[2].traceback)
    with pytest.raises(TypeError, match="keep must be callable, got int 5"):
        run_backtests(BuyOnce, grid, data, config, keep=5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"keep .*<lambda> is a lambda, which new processes"):
        run_backtests(BuyOnce, grid, data, config, keep=lambda result: result.pnl)


def test_processes_read_a_file_of_the_history(tmp_path: Path) -> None:
    data = quotes(5)
    folder = tmp_path / "workers"
    folder.mkdir()
    part = data.between(until=data.time_end)
    packed = pack([data, part, data], folder)
    assert len(list(folder.iterdir())) == 2
    assert len(packed) < 400
    first, again, last = cast("list[MarketData]", unpack(packed))
    assert list(first) == list(data)
    assert list(again) == list(part)
    assert last is first


@pytest.mark.parametrize("compressed", [False, True])
def test_processes_read_the_file_that_a_history_is_from(tmp_path: Path, compressed: bool) -> None:
    path, folder = tmp_path / "history.bph", tmp_path / "workers"
    folder.mkdir()
    quotes(5).save(path, compressed=compressed)
    data = MarketData.open(path)
    packed = pack([data], folder)
    assert list(folder.iterdir()) == []
    (again,) = cast("list[MarketData]", unpack(packed))
    assert list(again) == list(data)
    assert repr(again) == repr(data)
    # Another file of that name is not the one that was read.
    quotes(6).save(path, compressed=compressed)
    with pytest.raises(MarketDataError, match=r"history\.bph: was changed after"):
        unpack(packed)
    packed = pack([data], folder)
    assert len(list(folder.iterdir())) == 1
    (again,) = cast("list[MarketData]", unpack(packed))
    assert list(again) == list(data)
    assert repr(again) == repr(data)
    path.unlink()
    (again,) = cast("list[MarketData]", unpack(pack([data], folder)))
    assert list(again) == list(data)


@given(st.integers(0, 5_000), st.integers(1, 64))
def test_chunks_have_all_calls_and_shorten_to_single_ones(count: int, workers: int) -> None:
    cut = chunks(count, workers)
    assert [position for chunk in cut for position in chunk] == list(range(count))
    lengths = [len(chunk) for chunk in cut]
    assert lengths == sorted(lengths, reverse=True)
    assert all(1 <= length <= 32 for length in lengths)
    assert all(length == 1 for length in lengths[-workers:])


ENDLESS = """
import sys
from barter_python import run_backtests
from support.histories import quotes, two_instruments
from support.sweeps import Endless
if __name__ == "__main__":
    options = {"folder": sys.argv[1]}
    run_backtests(Endless, [{"options": options}] * 4, quotes(500_000), two_instruments())
"""


def test_ctrl_c_leaves_no_process_behind(tmp_path: Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text(ENDLESS)
    folder = tmp_path / "running"
    folder.mkdir()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = subprocess.Popen(
        [sys.executable, str(script), str(folder)],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1]), "TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not any(folder.iterdir()):
        assert process.poll() is None, process.communicate()[1]
    assert any(temporary.rglob("*.bph"))
    # To the first process alone: a terminal would tell its children too.
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert "KeyboardInterrupt" in errors
    deadline = time.monotonic() + PATIENCE
    while living := members(process.pid):
        assert time.monotonic() < deadline, living
    assert not any(temporary.iterdir())


def members(group: int) -> list[str]:
    """Give the living processes of a group; the dead may wait long for somebody to bury them."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, of_group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(of_group) == group and state != "Z":
            found.append(folder.name)
    return found


def test_a_dask_cluster_gives_the_same_bytes(real_history: MarketData) -> None:
    config = SystemConfig.from_json(ROOT / "examples/data/system_config.json")
    listed = [{"quantity": each} for each in ("0.001", "0.002", "0.003")]
    with (
        # distributed has no types for these two.
        LocalCluster(2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,  # type: ignore[no-untyped-call]
        Client(cluster) as client,  # type: ignore[no-untyped-call]
        client.get_executor() as executor,
    ):
        runs = run_backtests(BuyOnce, listed, real_history, config, executor=executor)
    results = [run.result for run in runs if run.result is not None]
    alone = [run_backtest(BuyOnce(each["quantity"]), real_history, config) for each in listed]
    assert [result.to_json() for result in results] == [result.to_json() for result in alone]
