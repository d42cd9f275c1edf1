# %% [markdown]
# # Market making with queues
#
# A market maker quotes on both sides and earns the spread, if its quotes are filled. Whether they are depends on the queue
# and on latency. This tutorial runs [the example's market maker](../../examples/market_maker.py) on real quotes and trades
# of Binance, under three assumptions. Run it from the root of the repository.

# %%
import sys
from datetime import timedelta
from decimal import Decimal

import barter_python as bp
from barter_python import QueuePosition

sys.path.append("examples")
from market_maker import MarketMaker

data = bp.MarketData.from_json_lines("examples/data/binance_spot_l1_trades_btc_eth_sol.jsonl.gz")
config = bp.SystemConfig.from_json("examples/data/system_config.json")
print(len(data), "events in", data.span)

# %% [markdown]
# ## An order waits its turn
#
# A limit order that does not trade at once rests in the exchange's book. With `QueuePosition.BACK` it stands behind
# everything that the market showed at its price when it arrived, and trades at that price fill what stands before it first. With
# `QueuePosition.FRONT` it is the first, so that the first trade at its price fills it: the best case.


# %%
def run(queue: QueuePosition, latency: timedelta) -> bp.BacktestResult:
    """Run the market maker under one assumption."""
    return bp.run_backtest(
        MarketMaker("binancespot-btc_usdt", Decimal("0.002"), Decimal("0.01")),
        data,
        config.with_executions(
            latency=latency, answer_latency=latency, maker_fee_rate=Decimal(0), queue=queue
        ),
        close_at_end=True,
    )


def described(result: bp.BacktestResult) -> str:
    """Give the figures that matter to a market maker."""
    filled = sum(report.filled_quantity for report in result.orders)
    return f"{len(result.fills):4} fills  {filled} btc  {result.pnl['usdt']:8.4f} usdt"


fast = timedelta(milliseconds=20)
back = run(QueuePosition.BACK, fast)
front = run(QueuePosition.FRONT, fast)
print("at the back of the queue ", described(back))
print("at the front of the queue", described(front))

# %% [markdown]
# ## A cancel can come too late
#
# The strategy cancels a quote when the best price moves. The cancel travels, too: until it arrives, the quote can be filled at
# a price that the market has left. `failed_cancels` are the cancels that came too late. With a longer way, more of them do.

# %%
slow = run(QueuePosition.BACK, timedelta(milliseconds=200))
for name, result in (("20 ms", back), ("200 ms", slow)):
    late = len(result.failed_cancels)
    print(f"{name:>6}: {late / len(result.orders):.0%} of the quotes were cancelled too late")
    print(f"        {described(result)}")

# %% [markdown]
# ## How the orders ended

# %%
for end, count in back.order_counts.items():
    print(f"{end:10} {count}")

# %% [markdown]
# ## What next
#
# - [The simulated exchange: a guide](../exchange_guide.md) draws the queue and an order's way.
# - [All rules](../exchange.md#the-queue) of the queue, and [the fills beside hftbacktest's](../exchange_comparison.md).
# - [Fast strategies](../fast_strategies.md): what a callback costs.
