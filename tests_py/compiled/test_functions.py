"""What functions may be and ask for, and what they are told where they may not."""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from support.compiled import JIT, Own, act, needs_numba
from support.histories import candle, history, l1, trade, two_instruments

from barter_python import (
    CompiledStrategyError,
    OrderKind,
    Side,
    StrategyGroup,
    TimeInForce,
    UnknownKeyError,
    ViewError,
    run_backtest,
)
from barter_python.compiled import (
    CompiledFunction,
    CompiledInstrument,
    CompiledOrders,
    EventKind,
    compiled,
)

BTC, ETH = "binancespot-btc_usdt", "binancespot-eth_usdt"
DATA = history(l1(0, "99", "101"), trade(1, "100", "7", side=Side.SELL), l1(2, "98", "101"))


@dataclass
class Seen:
    """Numbers of each kind."""

    number: float = math.nan
    count: int = 0
    flag: bool = False


def failure_of(function: CompiledFunction[Seen], *, jit: bool) -> CompiledStrategyError:
    """Run it, and give its error."""
    strategy = function.strategy({BTC: Seen()}, strategy_id="mine", jit=jit)
    with pytest.raises(CompiledStrategyError) as caught:
        run_backtest(strategy, DATA, two_instruments())
    assert caught.value.instrument == BTC
    return caught.value


def changed(name: str, value: object) -> Seen:
    """Give a value that no checker would let pass."""
    seen = Seen()
    setattr(seen, name, value)
    return seen


@compiled(Seen)
def divide(time_ns: int, instrument: CompiledInstrument, own: Seen, orders: CompiledOrders) -> None:
    own.count += 1
    if own.count == 2:
        own.number = 1 / instrument.position


@JIT
def test_an_exception_stops_the_run_and_names_function_and_instrument(jit: bool) -> None:
    strategy = divide.strategy({BTC: Seen()}, strategy_id="mine", jit=jit)
    with pytest.raises(
        CompiledStrategyError, match=f"divide failed at an event of {BTC}: "
    ) as caught:
        run_backtest(strategy, DATA, two_instruments())
    assert (caught.value.function, caught.value.instrument) == ("divide", BTC)
    if jit:
        assert "jit=False" in str(caught.value)
    else:
        assert isinstance(caught.value.__cause__, ZeroDivisionError)
        assert "ZeroDivisionError: " in str(caught.value)
    assert strategy.state_of(BTC).count == 2


@compiled(Seen)
def ask_too_much(
    time_ns: int, instrument: CompiledInstrument, own: Seen, orders: CompiledOrders
) -> None:
    for _ in range(257):
        orders.limit_buy(price=1.0, quantity=1.0)


@JIT
def test_a_full_buffer_is_an_error(jit: bool) -> None:
    error = failure_of(ask_too_much, jit=jit)
    assert "asked for more than 256 orders and cancels at one event" in str(error)


@compiled(Seen)
def buy_nothing(
    time_ns: int, instrument: CompiledInstrument, own: Seen, orders: CompiledOrders
) -> None:
    orders.market_buy(own.number)


@JIT
@pytest.mark.parametrize(
    ("quantity", "reason"),
    [
        (math.nan, "must be finite, got NaN"),
        (math.inf, "must be finite, got inf"),
        (-1.0, "must not be negative, got -1"),
        (0.0, "must be positive, got 0"),
        (1e-20, "is less than an order can have, got 0.00000000000000000001"),
        (1e300, "is too large"),
    ],
)
def test_a_wrong_quantity_stops_the_run(jit: bool, quantity: float, reason: str) -> None:
    strategy = buy_nothing.strategy({BTC: Seen(quantity)}, strategy_id="mine", jit=jit)
    with pytest.raises(CompiledStrategyError, match=f"buy_nothing failed at .*quantity .*{reason}"):
        run_backtest(strategy, DATA, two_instruments())


@compiled(Seen)
def limit_at(
    time_ns: int, instrument: CompiledInstrument, own: Seen, orders: CompiledOrders
) -> None:
    orders.limit_sell(price=own.number, quantity=1.0)


@JIT
@pytest.mark.parametrize("price", [math.nan, -2.0, 1e300])
def test_a_wrong_price_stops_the_run(jit: bool, price: float) -> None:
    strategy = limit_at.strategy({BTC: Seen(price)}, strategy_id="mine", jit=jit)
    with pytest.raises(CompiledStrategyError, match="price of a limit order"):
        run_backtest(strategy, DATA, two_instruments())


@compiled(Seen)
def buy_first(
    time_ns: int, instrument: CompiledInstrument, own: Seen, orders: CompiledOrders
) -> None:
    orders.market_buy(1.0)


@JIT
def test_no_market_order_without_a_price(jit: bool) -> None:
    data = history(l1(0, None, None))
    strategy = buy_first.strategy({BTC: Seen()}, strategy_id="mine", jit=jit)
    with pytest.raises(CompiledStrategyError, match="no price is known yet"):
        run_backtest(strategy, data, two_instruments())


@compiled(Seen)
def cancel_unknown(
    time_ns: int, instrument: CompiledInstrument, own: Seen, orders: CompiledOrders
) -> None:
    orders.cancel(5)
    orders.close()
    orders.cancel_all()


@JIT
def test_what_is_not_there_is_neither_cancelled_nor_closed(jit: bool) -> None:
    strategy = cancel_unknown.strategy({BTC: Seen()}, strategy_id="mine", jit=jit)
    result = run_backtest(strategy, DATA, two_instruments())
    assert not result.orders
    assert not result.failed_cancels


@dataclass
class Prices:
    """All that can be read."""

    events: int = 0
    kinds: int = 0
    index: int = -1
    best_bid: float = 0.0
    best_ask: float = 0.0
    mid: float = 0.0
    last_trade: float = 0.0
    amount: float = 0.0
    side: int = 0
    close: float = 0.0
    position: float = 0.0
    entry: float = 0.0
    fill_price: float = 0.0
    fill_quantity: float = 0.0
    stages: int = 0
    time: int = 0
    id: int = 0
    given: int = 0


@compiled(Prices, account_events=True)
def read(time_ns: int, instrument: CompiledInstrument, own: Prices, orders: CompiledOrders) -> None:
    own.events += 1
    own.kinds = own.kinds * 100 + instrument.event
    own.index = instrument.index
    own.best_bid = instrument.best_bid
    own.best_ask = instrument.best_ask
    own.mid = instrument.mid
    own.last_trade = instrument.last_trade
    own.amount = instrument.last_trade_amount
    own.side = instrument.last_trade_side
    own.close = instrument.candle_close
    own.position = instrument.position
    own.entry = instrument.entry_price
    own.time = time_ns
    if instrument.event == EventKind.FILL:
        own.fill_price = instrument.fill_price
        own.fill_quantity = instrument.fill_quantity
    if instrument.order_count > 0:
        own.stages = own.stages * 10 + instrument.order(0).stage
        own.id = instrument.order(0).id
    if own.events == 4:
        own.given = orders.limit_sell(price=98.0, quantity=2.0)


@JIT
def test_what_a_function_reads(jit: bool) -> None:
    data = history(
        l1(0, "99", "101"),
        trade(1, "100", "7", side=Side.SELL),
        candle(2, "100.5"),
        l1(3, "97", "101"),
        l1(4, "98", "102.5", bid_amount="0.5"),
        l1(5, "97", "102"),
    )
    strategy = read.strategy({BTC: Prices()}, strategy_id="mine", jit=jit)
    result = run_backtest(strategy, data, two_instruments())
    seen = strategy.state_of(BTC)
    assert [fill.quantity for fill in result.fills]
    assert (seen.best_bid, seen.best_ask, seen.mid) == (97.0, 102.0, 99.5)
    assert (seen.last_trade, seen.amount, seen.side, seen.close) == (100.0, 7.0, -1, 100.5)
    assert (seen.index, seen.given, seen.id) == (0, 1, 1)
    assert (seen.position, seen.entry) == (-2.0, 98.0)
    assert (seen.fill_price, seen.fill_quantity) == (98.0, -2.0)
    assert result.summary is not None


def test_orders_have_the_strategys_id_and_are_as_they_were_asked_for() -> None:
    @compiled(Seen)
    def quote(
        time_ns: int, instrument: CompiledInstrument, own: Seen, orders: CompiledOrders
    ) -> None:
        if own.count == 0:
            own.count = orders.limit_buy(price=98.123, quantity=0.1 + 0.2, post_only=True)
            orders.market_sell(2.0)

    strategy = quote.strategy({BTC: Seen()}, strategy_id="quoting", jit=False)
    result = run_backtest(strategy, DATA, two_instruments())
    first, second = (report.order for report in result.orders)
    assert {first.strategy_id, second.strategy_id} == {"quoting"}
    assert (first.client_order_id, second.client_order_id) == ("bp-1", "bp-2")
    # 0.30000000000000004 is finer than the exchange counts.
    assert (str(first.price), str(first.quantity)) == ("98.123", "0.3")
    assert first.time_in_force is TimeInForce.GOOD_UNTIL_CANCELLED_POST_ONLY
    assert (second.kind, second.side) == (OrderKind.MARKET, Side.SELL)


def test_each_run_begins_with_the_same_state() -> None:
    strategy = act.strategy({BTC: Own(), ETH: Own(0.25)}, strategy_id="act", jit=False)
    texts = {run_backtest(strategy, DATA, two_instruments()).to_json() for _ in range(2)}
    assert len(texts) == 1
    assert strategy.state_of(BTC).events > 0
    assert strategy.state_of(ETH) == Own(0.25)


@JIT
def test_threads_run_strategies_of_one_function(jit: bool) -> None:
    own = {BTC: Own(), ETH: Own(0.25)}

    def run() -> str:
        strategy = act.strategy(own, strategy_id="act", jit=jit)
        return run_backtest(strategy, DATA, two_instruments()).to_json()

    expected = run()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: run(), range(20))) == [expected] * 20


def test_a_state_is_read_in_its_own_thread_while_the_run_goes_on() -> None:
    errors: list[Exception] = []
    counts: list[int] = []

    def read_elsewhere() -> None:
        try:
            strategy.state_of(BTC)
        except ViewError as error:
            errors.append(error)

    @compiled(Seen)
    def reads(
        time_ns: int, instrument: CompiledInstrument, own: Seen, orders: CompiledOrders
    ) -> None:
        own.count += 1
        counts.append(strategy.state_of(BTC).count)
        thread = threading.Thread(target=read_elsewhere)
        thread.start()
        thread.join()

    strategy = reads.strategy({BTC: Seen()}, strategy_id="mine", jit=False)
    run_backtest(strategy, DATA, two_instruments())
    assert len(errors) == 3
    assert counts == [0, 1, 2]
    assert strategy.state_of(BTC).count == 3


def test_what_a_function_keeps_is_no_memory_of_the_engine() -> None:
    kept: list[CompiledInstrument] = []

    @compiled(Seen, levels=1)
    def keeps(
        time_ns: int, instrument: CompiledInstrument, own: Seen, orders: CompiledOrders
    ) -> None:
        kept.append(instrument)

    run_backtest(
        keeps.strategy({BTC: Seen()}, strategy_id="mine", jit=False), DATA, two_instruments()
    )
    assert [it.best_bid for it in kept] == [99.0, 99.0, 98.0]
    assert [it.bid(0).price for it in kept] == [99.0, 99.0, 98.0]
    with pytest.raises(IndexError, match="there is no item 1; there are 1"):
        kept[0].bid(1)


def test_interrupts_are_no_failures_of_the_function() -> None:
    @compiled(Seen)
    def interrupted(
        time_ns: int, instrument: CompiledInstrument, own: Seen, orders: CompiledOrders
    ) -> None:
        raise KeyboardInterrupt

    strategy = interrupted.strategy({BTC: Seen()}, strategy_id="mine", jit=False)
    with pytest.raises(KeyboardInterrupt):
        run_backtest(strategy, DATA, two_instruments())


def test_an_instrument_that_is_not_there_is_named() -> None:
    strategy = buy_first.strategy({"kraken-xbt_usd": Seen()}, strategy_id="mine", jit=False)
    with pytest.raises(UnknownKeyError, match="kraken-xbt_usd"):
        run_backtest(strategy, DATA, two_instruments())
    with pytest.raises(UnknownKeyError, match=r"no state of instrument .*dogeusdt"):
        strategy.state_of("dogeusdt")


def test_events_of_other_instruments_do_not_call_it() -> None:
    strategy = buy_first.strategy({ETH: Seen()}, strategy_id="mine", jit=False)
    assert not run_backtest(strategy, DATA, two_instruments()).orders


def test_a_group_refuses_it() -> None:
    strategy = buy_first.strategy({BTC: Seen()}, strategy_id="mine", jit=False)
    with pytest.raises(TypeError, match="a compiled strategy runs by itself"):
        run_backtest(StrategyGroup({"mine": strategy}), DATA, two_instruments())


# Own state


@dataclass
class Texts:
    """A field that is no number."""

    name: str = ""


@dataclass
class Lists:
    """The same."""

    prices: list[float] = field(default_factory=list)


@dataclass
class Nothing:
    """No fields."""


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        (Texts, "Texts.name must be a float, an int or a bool"),
        (Lists, "Lists.prices must be a float, an int or a bool"),
        (Nothing, "Nothing has no fields"),
        (int, "own must be a dataclass of numbers"),
        (Seen(), "own must be a dataclass of numbers"),
    ],
)
def test_own_state_is_a_dataclass_of_numbers(own: type[object], reason: str) -> None:
    with pytest.raises(TypeError, match=reason):
        compiled(own)


@pytest.mark.parametrize(
    ("own", "error", "reason"),
    [
        ({}, ValueError, "own needs at least one instrument"),
        ([Seen()], TypeError, "own must be a Mapping"),
        ({BTC: Own()}, TypeError, f"own\\['{BTC}'\\] must be a Seen, got Own"),
        ({"": Seen()}, ValueError, "the name of an instrument must not be blank"),
        ({BTC: Seen(count=2**63)}, ValueError, "count must fit 64 bits"),
        ({BTC: Seen(count=True)}, TypeError, "count must be a number, got True"),
        ({BTC: changed("count", 1.5)}, TypeError, "count must be an int, got 1.5"),
        ({BTC: changed("flag", 1)}, TypeError, "flag must be a bool, got 1"),
        ({BTC: changed("number", "1")}, TypeError, "number must be a number, got '1'"),
    ],
)
def test_wrong_states_are_refused(own: object, error: type[Exception], reason: str) -> None:
    make: Callable[..., object] = buy_first.strategy
    with pytest.raises(error, match=reason):
        make(own, strategy_id="mine", jit=False)


def test_options_are_checked() -> None:
    make: Callable[..., Callable[..., object]] = compiled
    with pytest.raises(ValueError, match="levels must be from 0 to 1000, got -1"):
        make(Seen, levels=-1)
    with pytest.raises(TypeError, match="account_events must be a bool, got int 1"):
        make(Seen, account_events=1)
    with pytest.raises(TypeError, match="compiled is for a function, got 5"):
        make(Seen)(5)


@needs_numba
def test_what_numba_cannot_compile_is_a_type_error() -> None:
    @compiled(Seen)
    def prints(
        time_ns: int, instrument: CompiledInstrument, own: Seen, orders: CompiledOrders
    ) -> None:
        open("x")  # noqa: SIM115 - never run

    with pytest.raises(TypeError, match=r"numba cannot compile .*prints; with jit=False it runs"):
        prints.strategy({BTC: Seen()}, strategy_id="mine")


def test_without_numba_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "barter_python.compiled.jit", raising=False)
    monkeypatch.setitem(sys.modules, "numba", None)

    @compiled(Seen)
    def idle(
        time_ns: int, instrument: CompiledInstrument, own: Seen, orders: CompiledOrders
    ) -> None:
        """Do nothing."""

    with pytest.raises(ModuleNotFoundError, match=r"pip install 'barter-python\[compiled\]'"):
        idle.strategy({BTC: Seen()}, strategy_id="mine")
    idle.strategy({BTC: Seen()}, strategy_id="mine", jit=False)
