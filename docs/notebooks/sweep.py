# %% [markdown]
# # A sweep, here and on Dask
#
# A sweep runs one strategy with many combinations of parameters. Each combination is a run of its own.

# %%
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import polars as pl
from distributed import Client

import barter_python as bp
from barter_python.backtest import sweep_to_html

sys.path.append("examples")
from backtests_concurrent import crossing

data = bp.MarketData.from_json_lines("examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz")
config = bp.SystemConfig.from_json("examples/data/system_config.json")
grid = {"fast": [25, 50, 100], "slow": [200, 400]}

# %% [markdown]
# ## Run the grid
#
# By default `run_backtests` starts processes, one for each processor. They import the strategy by its name, so it must be in
# a module: a class of a notebook's cell is not. `executor="threads"` runs in this process and takes any class.

# %%
runs = bp.run_backtests(
    crossing,
    grid,
    data,
    config,
    executor="threads",
    latency=timedelta(milliseconds=100),
    close_at_end=True,
)
print(len(runs), "runs,", sum(run.error is not None for run in runs), "failed")

# %% [markdown]
# ## Compare the runs
#
# The runs are a table. Every data frame library that knows Arrow reads it.

# %%
frame = pl.DataFrame(runs)
print(frame.columns)
best = sorted(
    (run for run in runs if run.result is not None),
    key=lambda run: run.result.pnl["usdt"] if run.result is not None else 0,
    reverse=True,
)
for run in best:
    if run.result is not None:
        print(dict(run.parameters), len(run.result.fills), "fills", run.result.pnl["usdt"])

# %% [markdown]
# The best of many runs is best partly by luck. Before you believe it, run it on data that the sweep has not seen:
# `since` and `until` cut a history in two.
#
# ## A report of all runs

# %%
report = Path(tempfile.mkdtemp()) / "sweep.html"
sweep_to_html(runs, report)
print(report.name, "is written")

# %% [markdown]
# ## On Dask
#
# `executor=` takes any executor of `concurrent.futures`, and a Dask client has one. `Client("tcp://scheduler:8786")` is a
# cluster's; this one lives inside this process. The extra `dask` installs what is needed.

# %%
with Client(processes=False, dashboard_address="127.0.0.1:0") as client:  # type: ignore[no-untyped-call]
    again = bp.run_backtests(
        crossing,
        grid,
        data,
        config,
        executor=client.get_executor(),
        latency=timedelta(milliseconds=100),
        close_at_end=True,
    )
same = [a.result == b.result for a, b in zip(runs, again, strict=True)]
print(all(same), "the same results, wherever they were made")

# %% [markdown]
# ## What next
#
# [Many runs](../sweeps.md) says what is sent between processes, and what you get of a failed run. `keep=` brings home one figure of
# each run instead of all of its fills.
