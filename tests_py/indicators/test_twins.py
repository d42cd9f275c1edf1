"""Each indicator and condition against its twin, bit for bit, on random histories."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from models.indicators import samples, values
from support.histories import candle, history, l1, snapshot, trade, two_instruments
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    EngineView,
    MarketData,
    MarketEvent,
    Orders,
    Strategy,
    SystemConfig,
    run_backtest,
)
from barter_python import indicators as on
from barter_python.indicators import Source

MID, TRADE, CLOSE = Source.MID, Source.TRADE, Source.CLOSE
MS = timedelta(milliseconds=1)
TICKS, VOLUMES = on.TickBars(3), on.VolumeBars(2.5)

INDICATORS: list[on.Indicator] = [
    *Source,
    *[
        kind(source, period)
        for kind in (on.Ema, on.Sma, on.Minimum, on.Maximum, on.Deviation, on.ZScore)
        for source, period in [(MID, 1), (TRADE, 3), (on.Ema(MID, 2), 4)]
    ],
    *[kind(source, 2) for kind in (on.Return, on.Rsi) for source in (MID, TRADE, CLOSE)],
    on.Rsi(Source.BEST_BID, 1),
    on.Atr(3),
    on.Atr(2, TICKS),
    on.Atr(1, VOLUMES),
    *[on.Bar(bars, price) for bars in (TICKS, VOLUMES) for price in list(Source)[5:]],
    on.Vwap(1),
    on.Vwap(4),
    on.Imbalance(),
    on.Imbalance(2),
    on.Sma(on.Bar(TICKS), 2),
    on.Number(7),
]
CROSSING = on.Crosses(on.Ema(MID, 2), on.Sma(TRADE, 2))
CONDITIONS: list[on.Condition] = [
    CROSSING,
    on.Crosses(MID, on.Ema(MID, 3)),
    on.CrossesAbove(TRADE, 101),
    on.CrossesBelow(TRADE, 101.5),
    on.CrossesAbove(on.Rsi(TRADE, 2), on.Rsi(MID, 2)),
    on.Changes(MID),
    on.Changes(TRADE),
    on.Trades(),
    on.Quotes(),
    on.Candles(),
    on.Fills(),
    on.Every(7 * MS),
    on.Instruments([0]),
    on.Instruments([1]),
    CROSSING | on.Candles(),
    on.Trades() & on.Changes(MID) & on.Instruments([1, 0]),
    on.AnyOf([on.AllOf([on.Quotes(), on.Changes(Source.BEST_ASK)]), on.Every(50 * MS)]),
]
"""No `Fills`: nothing is sent here."""

PRICES = st.integers(99, 103).map(str)
AMOUNTS = st.sampled_from(["0", "0.3", "1", "1.7", "4"])
POSITIVE = st.sampled_from(["0.3", "1", "1.7"])


@st.composite
def histories(draw: st.DrawFn) -> list[MarketEvent]:
    """Draw events of two instruments, in time."""
    events: list[MarketEvent] = []
    time = 0
    for _ in range(draw(st.integers(1, 40))):
        time += draw(st.sampled_from([0, 1, 5, 40]))
        instrument, price = draw(st.integers(0, 1)), draw(PRICES)
        above = str(int(price) + draw(st.integers(1, 2)))
        amounts = draw(AMOUNTS), draw(AMOUNTS)
        match draw(st.sampled_from(["quote", "bid", "trade", "trade", "candle", "book"])):
            case "quote":
                amount, other = amounts
                event = l1(
                    *(time, price, above),
                    instrument=instrument,
                    bid_amount=amount,
                    ask_amount=other,
                )
            case "bid":
                event = l1(time, price, None, instrument=instrument)
            case "trade":
                event = trade(time, price, draw(POSITIVE), instrument=instrument)
            case "candle":
                event = candle(time, price, instrument=instrument)
            case _:
                bids = {price: draw(POSITIVE), "98": draw(POSITIVE), "97": draw(POSITIVE)}
                event = snapshot(time, bids, {above: draw(POSITIVE)}, instrument=instrument)
        events.append(event)
    return events


class Reader(Strategy):
    """Reads all nodes at each event."""

    strategy_id = "reader"
    wake_on = (on.Events(), *map(on.Computed, INDICATORS), *map(on.Computed, CONDITIONS))

    def __init__(self) -> None:
        self.read: dict[on.Node, list[list[float | None]]] = {
            node: [[], []] for node in (*INDICATORS, *CONDITIONS)
        }

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        instrument = state.updated
        assert instrument is not None
        for node, found in self.read.items():
            found[instrument.index].append(instrument.value(node))
        return NO_ORDERS


@given(histories())
def test_values_are_those_of_the_twins(events: list[MarketEvent]) -> None:
    reader = Reader()
    run_backtest(reader, history(*events), two_instruments())
    for node, found in reader.read.items():
        for index, read in enumerate(found):
            of_it = [event for event in events if event.instrument == index]
            assert read == values(node, of_it), (node, index)


class Woken(Strategy):
    """Notes when it is asked."""

    strategy_id = "woken"

    def __init__(self, *conditions: on.Condition) -> None:
        self.wake_on = conditions
        self.asked: list[tuple[int, object]] = []

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        assert state.updated is not None
        self.asked.append((state.updated.index, state.event))
        return NO_ORDERS


@given(histories())
def test_a_strategy_is_asked_where_the_twin_holds(events: list[MarketEvent]) -> None:
    data, config = history(*events), two_instruments()
    each = [[event for event in events if event.instrument == index] for index in (0, 1)]
    for condition in CONDITIONS:
        woken = Woken(condition)
        run_backtest(woken, data, config)
        holds = [iter(samples(condition, of_it)) for of_it in each]
        expected = [(event.instrument, event) for event in events if next(holds[event.instrument])]
        assert woken.asked == expected, condition


def test_the_real_history_gives_the_same_values(
    real_history: MarketData, real_config: SystemConfig
) -> None:
    nodes = [on.Ema(MID, 50), on.Rsi(TRADE, 14), on.Vwap(20), on.ZScore(MID, 30), on.Imbalance()]
    read: list[list[float | None]] = []

    class First(Strategy):
        strategy_id = "first"
        wake_on = (on.Events() & on.Instruments([0]), *map(on.Computed, nodes))

        @override
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            assert state.updated is not None
            read.append([state.updated.value(node) for node in nodes])
            return NO_ORDERS

    events = [event for event in list(real_history)[:2000] if isinstance(event, MarketEvent)]
    of_it = [event for event in events if event.instrument == 0]
    run_backtest(First(), history(*events), real_config)
    assert read == [list(row) for row in zip(*(values(node, of_it) for node in nodes), strict=True)]
