"""What is asked of the servers: the code with the cursor at `|`, and what must be in the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Method = Literal["completion", "definition", "hover", "rename", "signatureHelp"]

PRELUDE = """\
import barter_python as bp
from barter_python import InstrumentFilter, Side, statistic, strategy


def hook(
    state: bp.EngineView,
    instrument: bp.InstrumentView,
    data: bp.MarketData,
    result: bp.BacktestResult,
    request: bp.PyOrderRequestOpen,
    order: bp.OrderRequestOpen,
    config: bp.SystemConfig,
) -> None:
    """


@dataclass(frozen=True)
class Probe:
    """A question."""

    method: Method
    code: str
    wanted: tuple[str, ...]
    always: bool = False
    """Whether it is answered without the stub too: it is about what is written in Python."""
    jedi: tuple[str, ...] | None = None
    """What jedi must answer, if it says it in other words."""


PROBES = [
    # Names to complete.
    Probe("completion", "bp.|", ("EngineView", "Strategy", "run_backtest"), always=True),
    Probe("completion", "state.|", ("updated", "event", "instruments_iter", "next_cid", "time_ns")),
    Probe("completion", "state.updated.|", ("mid_f64", "position", "limit_order", "best_bid")),
    Probe("completion", "state.event.|", ("kind", "exchange")),
    Probe("completion", "state.instrument(0).|", ("market_order", "has_orders", "stops")),
    Probe("completion", "instrument.position.|", ("quantity_abs", "price_entry_average")),
    Probe("completion", "instrument.orders[0].|", ("status", "client_order_id", "filled_quantity")),
    Probe("completion", "instrument.definition.|", ("underlying", "name_exchange", "spec")),
    Probe("completion", "instrument.tear_sheet().|", ("pnl", "win_rate", "sharpe_ratio")),
    # jedi does not choose among overloads by an argument.
    Probe("completion", "data[0].|", ("exchange",), jedi=()),
    Probe("completion", "Side.|", ("BUY", "SELL")),
    Probe("completion", "bp.ExchangeId.|", ("BINANCE_SPOT", "KRAKEN", "OKX")),
    Probe("completion", "bp.OrderKind.|", ("LIMIT", "MARKET")),
    Probe("completion", "bp.TimeInForce.|", ("FILL_OR_KILL", "GOOD_UNTIL_CANCELLED_POST_ONLY")),
    Probe("completion", "InstrumentFilter.|", ("none", "exchanges", "instruments", "underlyings")),
    Probe("completion", "InstrumentFilter.none().|", ("matches", "kind", "keys")),
    Probe("completion", "request.|", ("client_order_id", "quantity", "time_in_force")),
    Probe("completion", "order.state.|", ("price", "quantity", "side"), always=True),
    Probe("completion", "result.fills[0].|", ("price", "quantity", "fees", "order_id")),
    Probe("completion", "result.|", ("fills", "orders", "summary", "to_html"), always=True),
    Probe("completion", "instrument.limit_order(Side.BUY, pr|)", ("price=",)),
    Probe(
        "completion",
        "bp.build_ioc_market_order_to_close_position(|)",
        ("exchange=", "quantity=", "client_order_id="),
    ),
    Probe(
        "completion", "bp.run_backtest(|)", ("latency=", "fee_rate=", "fill_price="), always=True
    ),
    Probe("completion", "bp.Level(|)", ("price=", "amount=")),
    # Signatures with their defaults.
    Probe(
        "signatureHelp",
        "bp.build_ioc_market_order_to_close_position(|)",
        ("exchange: int", "side: Side", "quantity: Decimal | int | float", "PyOrderRequestOpen"),
        jedi=("exchange: ", "side: Side", "quantity: ", "client_order_id: ", "PyOrderRequestOpen"),
    ),
    Probe(
        "signatureHelp",
        "bp.close_open_positions_with_market_orders(|)",
        ("strategy_id: StrategyId | str", "on_missing_price: ", '\\"raise\\"', "InstrumentView"),
        jedi=("strategy_id", "on_missing_price", "raise"),
    ),
    Probe(
        "signatureHelp",
        "instrument.limit_order(|)",
        ("side: Side", "price: Decimal | int", "time_in_force: TimeInForce | None = None"),
        jedi=("side: Side", "price: ", "quantity: ", "OrderRequestOpen"),
    ),
    Probe("signatureHelp", "instrument.market_order(|)", ("quantity: ", "strategy_id: ")),
    Probe("signatureHelp", "InstrumentFilter.exchanges(|)", ("exchanges: ", "InstrumentFilter")),
    Probe(
        "signatureHelp",
        "InstrumentFilter.none().matches(|)",
        ("exchange: ", "instrument: ", "underlying: "),
    ),
    Probe("signatureHelp", "state.call_at(|)", ("time: ", "every: ", "None")),
    Probe("signatureHelp", "instrument.tear_sheet(|)", ("risk_free_return: ", "interval: ")),
    Probe("signatureHelp", "bp.Level(|)", ("price: ", "amount: ")),
    Probe("signatureHelp", "bp.PyOrderRequestOpen(|)", ("client_order_id: ", "kind: OrderKind")),
    Probe("signatureHelp", "statistic.calculate_mean(|)", ("prev_mean: ", "count: ")),
    Probe("signatureHelp", "bp.run_backtest(|)", ("close_at_end: bool", "False"), always=True),
    # Documentation: units, errors, types.
    Probe(
        "hover",
        "state.upd|ated",
        ("InstrumentView | None", "instrument of the market"),
        jedi=("instrument of the market",),
    ),
    Probe(
        "hover", "instrument.mid_f|64", ("float | None", "nearest float"), jedi=("nearest float",)
    ),
    Probe("hover", "instrument.limit_or|der", ("in the quote asset", "base asset", "ValueError")),
    Probe(
        "hover",
        "bp.build_ioc_market_order_to_close_posi|tion",
        ("barter::strategy::close_positions", "28 digits", "ValueError", "TypeError"),
    ),
    Probe(
        "hover",
        "bp.close_open_positions_with_market_or|ders",
        ("Build barter's orders", "on_missing_price"),
        always=True,
    ),
    Probe("hover", "bp.Instrument|Filter", ("Which instruments", "InstrumentFilter.exchanges")),
    Probe("hover", "bp.PyOrderRequest|Open", ("barter_execution::order::request",)),
    Probe("hover", "Side.BU|Y", ("Buy, or long",), jedi=("BUY",)),
    Probe("hover", "bp.Reconn|ecting", ("class", "A stream was lost")),
    Probe("hover", "state.call_|at", ("RFC 3339", "ViewError", "nanoseconds since 1970")),
    Probe("hover", "bp.run_back|test", ("simulated time", "latency"), always=True),
    # Where things are, and other names for them.
    Probe("definition", "bp.Instrument|Filter", ("_core.pyi",)),
    Probe("definition", "state.upda|ted", ("_core.pyi",)),
    Probe("definition", "bp.PyOrderRequest|Open", ("_core.pyi",)),
    Probe("definition", "bp.build_ioc_market_order_to_close_posi|tion", ("_core.pyi",)),
    Probe(
        "definition", "bp.close_open_positions_with_market_or|ders", ("closing.py",), always=True
    ),
    Probe("definition", "bp.Stra|tegy", ("base.py",), always=True),
    Probe(
        "rename",
        "number = instrument.mid\n    print(num|ber)",
        ('"newText": "renamed"',),
        always=True,
        jedi=("renamed",),
    ),
    Probe(
        "rename",
        "class Mine:\n        def size(self) -> int: ...\n    Mine().si|ze()",
        ('"newText": "renamed"',),
        always=True,
        jedi=("renamed",),
    ),
]
