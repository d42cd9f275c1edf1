# %% [markdown]
# # From your own CSV to a report
#
# You have candles in a CSV file. This tutorial reads them, runs a crossing of two moving averages over them, and writes the
# report of the run. Run the cells in VS Code or with jupytext, or run the file as a script from the root of the repository.

# %% [markdown]
# ## What is traded, and how
#
# A configuration names the instruments and says how their exchange is simulated: what the account holds at the start, what
# a fill costs, and how long an order travels. `NEXT_OPEN` fills an order at the open of the candle after the one that the
# strategy has seen close. Amounts are `Decimal`: nothing is rounded on the way.

# %%
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from typing_extensions import override

import barter_python as bp
from barter_python import Side

exchange = bp.ExchangeId.KRAKEN
config = bp.SystemConfig(
    [bp.InstrumentConfig(exchange, "XBTUSD", bp.Underlying("xbt", "usd"))],
    [
        bp.MockExecutionConfig(
            exchange,
            {"usd": 20_000},
            fee_rate=Decimal("0.0002"),
            candle_price=bp.CandlePrice.NEXT_OPEN,
        )
    ],
)
instruments = config.index()
[instrument.name for instrument in instruments.instruments]

# %% [markdown]
# ## Read the file
#
# `CandleColumns` says which column holds what. This file has the time at which each candle *opens*, so you give the length of
# a candle too: an event of a candle comes when it closes, or the strategy would know the future.

# %%
path = Path("examples/data/candles_btc_five_minutes.csv")
print(path.read_text().splitlines()[0])
print(path.read_text().splitlines()[1])

columns = bp.CandleColumns(
    open_time="open_time", length=timedelta(minutes=5), trade_count="trade_count"
)
data = bp.MarketData.from_csv(path, columns, instruments=instruments)
print(len(data), "events from", data.time_start, "to", data.time_end)

# %% [markdown]
# A wrong name is an error, which lists the names that there are. No row is left out in silence.

# %%
try:
    bp.MarketData.from_csv(
        path,
        bp.CandleColumns(open_time="open_tme", length=timedelta(minutes=5)),
        instruments=instruments,
    )
except bp.MarketDataError as error:
    print(error)

# %% [markdown]
# ## A strategy
#
# The engine calls `generate_algo_orders` after every event. `state.updated` is the instrument whose candle has just closed,
# and `price_f64` is that close as a float. The strategy buys when the fast average is above the slow one, and sells when it is below.


# %%
@dataclass
class Crossing(bp.Strategy):
    """Long while the fast average of the closes is above the slow one."""

    quantity: Decimal
    fast: int = 6
    slow: int = 24
    closes: list[float] = field(default_factory=list)

    strategy_id = "crossing"

    @override
    def generate_algo_orders(self, state: bp.EngineView, /) -> bp.Orders:
        btc = state.updated
        if btc is None or btc.price_f64 is None:
            return bp.NO_ORDERS
        self.closes.append(btc.price_f64)
        if len(self.closes) < self.slow or btc.has_orders:
            return bp.NO_ORDERS
        fast = sum(self.closes[-self.fast :]) / self.fast
        slow = sum(self.closes[-self.slow :]) / self.slow
        position = btc.position
        if fast > slow and position is None:
            return [], [btc.market_order(Side.BUY, self.quantity)]
        if fast < slow and position is not None:
            return [], [btc.market_order(Side.SELL, position.quantity_abs)]
        return bp.NO_ORDERS


# %% [markdown]
# ## Run it
#
# Make a new `Crossing` for each run: it keeps its closes, and a second run would
# [begin with them](../strategy.md#one-strategy-for-several-runs).

# %%
result = bp.run_backtest(Crossing(Decimal("0.1")), data, config, close_at_end=True)
print(result)

# %% [markdown]
# ## Look at it
#
# `result.show(data)` shows the report in a notebook. `to_html` writes it as one file that needs no network. The history is
# given once more because a result does not keep it. [The report](../report.md) says what each figure means.

# %%
report = Path(tempfile.mkdtemp()) / "report.html"
result.to_html(report, data)
print(report.name, "is written")

# %% [markdown]
# ## What next
#
# - [Many runs](../sweeps.md): try other averages.
# - [Results in other tools](../other_tools.md): `polars.DataFrame(result.fills)` is a frame of the fills.
# - [Data](../data.md): other columns, files of Binance, Tardis and Databento, and histories larger than memory.
