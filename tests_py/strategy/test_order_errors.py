"""What strategies must not return: each mistake names the hook and the culprit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from support.histories import (
    BTC,
    ETH,
    OnMarketEvents,
    cancel_request,
    history,
    l1,
    market_request,
    quotes,
    reconnecting,
    run,
    two_exchanges,
    two_instruments,
)
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    AccountEventError,
    BarterError,
    ClosePositions,
    Command,
    DefaultStrategy,
    EnginePoisonedError,
    EngineView,
    ExchangeId,
    InstrumentFilter,
    OrderRequestCancel,
    OrderRequestError,
    OrderRequestOpen,
    Orders,
    SendCancelRequests,
    SendOpenRequests,
    Side,
    run_backtest,
)

FORTY_DIGITS = "1234567890123456789012345678901234567890"

# What strategies return


def returned(value: object) -> Callable[[EngineView], Orders]:
    def action(state: EngineView) -> Orders:
        return value  # type: ignore[return-value]

    return action


def generator() -> Iterator[object]:
    yield from ()


@pytest.mark.parametrize(
    ("value", "culprit"),
    [
        (None, "NoneType"),
        ([], "list"),
        ([[], []], "list"),
        ("ab", "str"),
        (b"ab", "bytes"),
        ({}, "dict"),
        (5, "int"),
        (market_request("one"), "OrderRequestOpen"),
        (((), (), ()), "tuple of 3"),
        ((), "tuple of 0"),
        (([],), "tuple of 1"),
        (([], None), "opens.*NoneType|NoneType as opens"),
        ((None, []), "cancels.*NoneType|NoneType as cancels"),
        (("", ""), "str as cancels"),
        (([], {}), "dict as opens"),
        (([], generator()), "generator as opens"),
        (([], [None]), r"opens\[0\]: expected OrderRequestOpen, got NoneType"),
        (([], [market_request("one"), "b"]), r"opens\[1\]: expected OrderRequestOpen, got str"),
        (([market_request("one")], []), r"cancels\[0\]: expected OrderRequestCancel, got Ord"),
        (([], [cancel_request("one")]), r"opens\[0\]: expected OrderRequestOpen, got Ord"),
        (([], [market_request]), r"opens\[0\].*function"),
        (([], [OrderRequestOpen]), r"opens\[0\].*type"),
    ],
)
@pytest.mark.parametrize("hook", ["generate_algo_orders", "close_positions_requests"])
def test_a_wrong_return_value_is_named(hook: str, value: object, culprit: str) -> None:
    class Mistaken(DefaultStrategy):
        pass

    action = returned(value)
    strategy = Mistaken()
    if hook == "generate_algo_orders":
        setattr(strategy, hook, action)
    else:
        setattr(strategy, hook, lambda state, _filter: action(state))
    with pytest.raises(TypeError, match=rf"Mistaken\.{hook} returned .*{culprit}"):
        run_backtest(strategy, quotes(1), two_instruments(), close_at_end=True)


def send_opens(requests: object) -> Command:
    return SendOpenRequests(requests)  # type: ignore[arg-type]


def send_cancels(requests: object) -> Command:
    return SendCancelRequests(requests)  # type: ignore[arg-type]


def close_positions(filter_: object) -> Command:
    return ClosePositions(filter_)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "culprit"),
    [
        (5, "int"),
        ("ab", "str"),
        (ClosePositions(InstrumentFilter.none()), "ClosePositions"),
        ([None], r"commands\[0\].*NoneType"),
        ([market_request("one")], r"commands\[0\].*OrderRequestOpen"),
        (NO_ORDERS, r"commands\[0\].*tuple"),
        ([send_opens(None)], r"commands\[0\].*requests.*NoneType"),
        ([send_opens([None])], r"commands\[0\].*requests\[0\].*NoneType"),
        ([close_positions(None)], r"commands\[0\].*filter.*NoneType"),
        ([send_cancels([market_request("a")])], r"commands\[0\].*expected OrderRequestCancel"),
    ],
)
def test_wrong_commands_are_named(value: object, culprit: str) -> None:
    class Mistaken(DefaultStrategy):
        @override
        def on_disconnect(
            self, exchange: ExchangeId | str, state: object = None
        ) -> Sequence[Command]:
            return value  # type: ignore[return-value]

    data = history(l1(0, "1", "2"), reconnecting())
    with pytest.raises(TypeError, match=rf"Mistaken\.on_disconnect returned .*{culprit}"):
        run_backtest(Mistaken(), data, two_instruments())


def changed(**changes: object) -> OrderRequestOpen:
    request = market_request("culprit")
    return replace(request, state=replace(request.state, **changes))  # type: ignore[arg-type]


def keyed(**changes: object) -> OrderRequestOpen:
    request = market_request("culprit")
    return replace(request, key=replace(request.key, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("request_", "error", "culprit"),
    [
        (
            keyed(instrument=7),
            OrderRequestError,
            '"culprit".*no instrument 7; there are 2',
        ),
        (keyed(exchange=1), OrderRequestError, "binancespot-btc_usdt.*on exchange 0, not on 1"),
        (keyed(exchange=-1), ValueError, "exchange.*-1"),
        (keyed(instrument=-1), ValueError, "instrument.*-1"),
        (keyed(instrument=0.0), TypeError, "instrument.*float"),
        (keyed(instrument=True), TypeError, "instrument.*bool"),
        (keyed(cid=5), TypeError, "client order id.*int"),
        (keyed(strategy=None), TypeError, "strategy id.*NoneType"),
        (keyed(cid=" "), ValueError, "client order id must not be blank"),
        (
            changed(quantity=Decimal(-1)),
            OrderRequestError,
            "culprit.*quantity must be positive, got -1",
        ),
        (
            changed(quantity=Decimal(0)),
            OrderRequestError,
            "culprit.*quantity must be positive, got 0",
        ),
        (changed(quantity=0.5), TypeError, "quantity.*float"),
        (changed(price=0.5), TypeError, "price.*float"),
        (changed(price="1"), TypeError, "price.*str"),
        (changed(price=None), TypeError, "price.*NoneType"),
        (changed(quantity=Decimal(FORTY_DIGITS)), ValueError, f"quantity.*{FORTY_DIGITS}"),
        (changed(price=Decimal(FORTY_DIGITS)), ValueError, f"price.*{FORTY_DIGITS}"),
        (changed(price=Decimal("NaN")), ValueError, "price.*NaN"),
        (changed(price=Decimal("Infinity")), ValueError, "price.*Infinity"),
        (changed(price=Decimal(10) ** 15), OrderRequestError, "culprit.*price.*too large"),
        (changed(quantity=Decimal(10) ** 15), OrderRequestError, "culprit.*quantity.*too large"),
        (changed(side="buy"), TypeError, "side.*(str|buy)"),
        (changed(kind=None), TypeError, "kind.*None"),
        (changed(time_in_force=1), TypeError, "time_in_force.*(int|1)"),
    ],
)
def test_a_wrong_order_is_named(
    request_: OrderRequestOpen, error: type[Exception], culprit: str
) -> None:
    class Mistaken(DefaultStrategy):
        @override
        def generate_algo_orders(self, state: object = None, /) -> Orders:
            return [], [request_]

    with pytest.raises(error, match=culprit) as caught:
        run_backtest(Mistaken(), quotes(1), two_instruments())
    assert "Mistaken.generate_algo_orders" in str(caught.value)


@pytest.mark.parametrize(
    ("cancel", "culprit"),
    [
        (cancel_request("one", instrument=7), "no instrument 7; there are 2"),
        (cancel_request("one", exchange=1), "on exchange 0, not on 1"),
    ],
)
def test_a_wrong_cancel_is_named(cancel: OrderRequestCancel, culprit: str) -> None:
    with pytest.raises(OrderRequestError, match=rf"Acting\.generate_algo_orders.*{culprit}"):
        run(lambda state: ([cancel], []))


def test_an_instrument_of_another_exchange_is_named() -> None:
    with pytest.raises(OrderRequestError, match=r"coinbase-btc_usd.*on exchange 1, not on 0"):
        run(lambda state: ([], [market_request("one", instrument=1)]), config=two_exchanges())


LIVE = '"twice".*live.*next_cid'


def test_a_live_id_in_one_batch() -> None:
    both = [market_request("twice"), market_request("twice")]
    with pytest.raises(OrderRequestError, match=LIVE) as caught:
        run(lambda state: ([], both))
    assert isinstance(caught.value, BarterError)
    assert isinstance(caught.value, ValueError)


def test_a_live_id_in_flight() -> None:
    def send(state: EngineView) -> Orders:
        return [], [market_request("twice")]

    config = two_instruments(latency=timedelta(seconds=1))
    with pytest.raises(OrderRequestError, match=LIVE):
        run_backtest(OnMarketEvents({0: send, 1: send}), quotes(2), config)


def test_new_ids_pass_over_ids_that_the_strategy_has_chosen() -> None:
    """`next_cid` promises an id that no order of the run has had."""

    def choose(state: EngineView) -> Orders:
        return [], [market_request("bp-1")]

    def send(state: EngineView) -> Orders:
        return [], [state.instrument(BTC).market_order(Side.BUY, 1, strategy_id="test")]

    result = run_backtest(OnMarketEvents({0: choose, 1: send}), quotes(2), two_instruments())
    assert [report.order.client_order_id for report in result.orders] == ["bp-1", "bp-2"]


def test_a_live_id_of_another_instrument_is_another_order() -> None:
    both = [market_request("same"), market_request("same", instrument=ETH)]
    data = history(l1(0, "1", "2"), l1(0, "1", "2", instrument=ETH))
    result = run_backtest(OnMarketEvents({1: lambda state: ([], both)}), data, two_instruments())
    assert [fill.instrument for fill in result.fills] == [BTC, ETH]


def test_a_live_id_in_two_commands_of_one_answer() -> None:
    class Mistaken(DefaultStrategy):
        @override
        def on_disconnect(
            self, exchange: ExchangeId | str, state: object = None
        ) -> Sequence[Command]:
            return [SendOpenRequests([market_request("twice")])] * 2

    data = history(l1(0, "1", "2"), reconnecting(), l1(1, "1", "2"))
    with pytest.raises(OrderRequestError, match=LIVE):
        run_backtest(Mistaken(), data, two_instruments())


def test_a_wrong_order_in_a_command_names_the_hook() -> None:
    class Mistaken(DefaultStrategy):
        @override
        def on_disconnect(
            self, exchange: ExchangeId | str, state: object = None
        ) -> Sequence[Command]:
            return [SendOpenRequests([keyed(instrument=7)])]

    with pytest.raises(OrderRequestError, match=r"Mistaken\.on_disconnect.*no instrument 7"):
        run_backtest(Mistaken(), history(l1(0, "1", "2"), reconnecting()), two_instruments())


def test_a_wrong_order_at_the_end_names_the_hook() -> None:
    class Mistaken(DefaultStrategy):
        @override
        def close_positions_requests(  # type: ignore[override]
            self, state: EngineView, filter: InstrumentFilter
        ) -> Orders:
            return [], [keyed(instrument=7)]

    with pytest.raises(
        OrderRequestError, match=r"Mistaken\.close_positions_requests.*instrument 7"
    ):
        run_backtest(Mistaken(), quotes(1), two_instruments(), close_at_end=True)


def test_an_order_in_answer_to_every_response_ends() -> None:
    def action(state: EngineView) -> Orders:
        return [cancel_request("none")], []

    with pytest.raises(OrderRequestError, match="without latency"):
        run(action, quotes(2), two_instruments())


def test_the_sum_of_many_orders_may_overflow() -> None:
    """barter multiplies unchecked: the fill that would make its position too large is refused."""
    cheap, dear = "0.00000000000000000001", "90000000000000"

    def action(state: EngineView) -> Orders:
        view = state.instrument(BTC)
        few = view.mid is not None and view.mid < 1
        wanted = few and state.updated is view
        quantity = Decimal("9e13")
        return (
            ([], [view.market_order(Side.BUY, quantity, strategy_id="s")]) if wanted else NO_ORDERS
        )

    data = history(*[l1(one, cheap, cheap) for one in range(100)], l1(200, dear, dear))
    with pytest.raises(AccountEventError, match="makes the position of 90000000000000 too large"):
        run(action, data)


def test_a_panic_poisons_the_engine() -> None:
    """barter unwraps the quotient of Sharpe's ratio: a panic must not cross the border."""

    def action(state: EngineView) -> Orders:
        view = state.instrument(BTC)
        side = Side.BUY if view.position is None else Side.SELL
        return [], [view.market_order(side, 1, strategy_id="s")]

    data = history(*[l1(one, price, price) for one, price in enumerate(["10", "9", "10", "7"])])
    largest = Decimal(2**96 - 1)
    with pytest.raises(EnginePoisonedError, match="barter panicked"):
        run_backtest(
            OnMarketEvents(dict.fromkeys(range(4), action)),
            data,
            two_instruments(),
            risk_free_return=largest,
        )
