"""Risk managers in Python, the guard of commands and closes, and what is told of refusals."""

from __future__ import annotations

import json
import pickle
import re
import runpy
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from histories import (
    BTC,
    OnMarketEvents,
    buy,
    cancel_request,
    history,
    l1,
    market_request,
    orders,
    quotes,
    reconnecting,
    two_instruments,
)
from sweeps import BuyOnce, FirstOnly
from typing_extensions import override

from barter_python import (
    NO_ORDERS,
    BacktestResult,
    CancelOrders,
    ClientOrderId,
    ClosePositions,
    Command,
    DefaultStrategy,
    EngineView,
    ExchangeId,
    InstrumentFilter,
    MarketData,
    OrderRequestCancel,
    OrderRequestError,
    OrderRequestOpen,
    Orders,
    RiskDecision,
    RiskLimits,
    RiskManager,
    RiskManagerLike,
    RiskRefusal,
    RiskRefused,
    SendCancelRequests,
    SendOpenRequests,
    Side,
    ViewError,
    run_backtest,
    run_backtests,
)
from barter_python.risk import (
    CheckFailHigherThan,
    CheckHigherThan,
    DefaultRiskManager,
    calculate_abs_percent_difference,
    calculate_delta,
    calculate_quote_notional,
)

Cancels = Sequence[OrderRequestCancel]
Opens = Sequence[OrderRequestOpen]
Decide = Callable[[EngineView, Cancels, Opens], RiskDecision]


@dataclass
class Deciding(RiskManager):
    """Says what a function says, and keeps what was asked."""

    decide: Decide
    asked: list[tuple[list[str], list[str]]] = field(default_factory=list)

    @override
    def check(self, state: EngineView, cancels: Cancels, opens: Opens, /) -> RiskDecision:
        self.asked.append((ids(cancels), ids(opens)))
        return self.decide(state, cancels, opens)


def ids(requests: Cancels | Opens) -> list[str]:
    return [str(request.key.cid) for request in requests]


def approve(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
    return RiskDecision(cancels, opens)


def refuse(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
    return RiskDecision(
        refused_cancels=[RiskRefused(request, "no cancels") for request in cancels],
        refused_opens=[RiskRefused(request, "no orders") for request in opens],
    )


def both(state: EngineView) -> Orders:
    return [cancel_request("other")], [market_request("one"), market_request("two")]


def run(
    risk_manager: RiskManagerLike | RiskLimits | None,
    action: Callable[[EngineView], Orders] = both,
    *,
    guard_commands: bool = False,
) -> BacktestResult:
    return run_backtest(
        OnMarketEvents({1: action}),
        quotes(4),
        two_instruments(),
        risk_manager=risk_manager,
        guard_commands=guard_commands,
    )


def sent(result: BacktestResult) -> list[str]:
    return [report.order.client_order_id for report in result.orders]


def refused(result: BacktestResult) -> list[tuple[str, str]]:
    return [(str(refusal.item.key.cid), refusal.reason) for refusal in result.refused]


# What a manager can say


def test_without_a_manager_everything_is_approved() -> None:
    plain = run(None)
    assert (sent(plain), plain.refused) == (["one", "two"], [])
    managers: list[RiskManager | RiskLimits] = [
        Deciding(approve),
        DefaultRiskManager(),
        RiskLimits(),
    ]
    for manager in managers:
        for guard in (False, True):
            assert run(manager, guard_commands=guard).to_json() == plain.to_json()


def test_a_manager_is_asked_only_when_there_is_something() -> None:
    manager = Deciding(approve)
    run(manager)
    assert manager.asked == [(["other"], ["one", "two"])]


def test_a_manager_sees_the_requests_as_the_strategy_wrote_them() -> None:
    seen: list[object] = []

    def look(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
        seen.append([list(cancels), list(opens)])
        return RiskDecision(cancels, opens)

    cancel = replace(cancel_request("other"), id=None)
    order = market_request("one", price=Decimal("101.50"), quantity=Decimal("0.10"))
    run(Deciding(look), lambda _: ([cancel], [order]))
    assert seen == [[[cancel], [order]]]


def test_a_manager_sees_the_engine_inside_its_check_only() -> None:
    kept: list[EngineView] = []

    def look(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
        kept.append(state)
        assert state.instrument(BTC).mid == 101
        assert state.event is not None
        return RiskDecision(cancels, opens)

    run(Deciding(look))
    with pytest.raises(ViewError):
        kept[0].instrument(BTC)


def test_what_is_refused_is_not_sent_but_told() -> None:
    result = run(Deciding(refuse))
    assert sent(result) == []
    assert refused(result) == [("other", "no cancels"), ("one", "no orders"), ("two", "no orders")]
    assert [refusal.item for refusal in result.refused] == [
        cancel_request("other"),
        market_request("one"),
        market_request("two"),
    ]
    assert {refusal.time_ns - result.time_start_ns for refusal in result.refused} == {100_000_000}


def test_some_are_refused() -> None:
    def not_two(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
        return RiskDecision.of(
            cancels, opens, lambda order: "not two" if str(order.key.cid) == "two" else None
        )

    result = run(Deciding(not_two))
    assert (sent(result), refused(result)) == (["one"], [("two", "not two")])


def test_orders_may_be_changed() -> None:
    def half(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
        halves = [
            replace(order, state=replace(order.state, quantity=order.state.quantity / 2))
            for order in opens
        ]
        return RiskDecision(cancels, halves[::-1])

    result = run(Deciding(half))
    assert [(report.order.client_order_id, report.order.quantity) for report in result.orders] == [
        ("two", Decimal("0.5")),
        ("one", Decimal("0.5")),
    ]


def test_a_manager_without_the_base_class() -> None:
    class Plain:
        def check(self, state: EngineView, cancels: Cancels, opens: Opens, /) -> RiskDecision:
            return refuse(state, cancels, opens)

    assert sent(run(Plain())) == []


def test_a_class_with_defaults_of_barter_is_asked_all_the_same() -> None:
    class Own(DefaultRiskManager):
        @override
        def check(self, state: object, cancels: Cancels, opens: Opens, /) -> RiskDecision:
            return RiskDecision(
                cancels, refused_opens=[RiskRefused(order, "own") for order in opens]
            )

    assert sent(run(Own())) == []


def test_the_same_cancel_twice_is_decided_twice() -> None:
    def twice(state: EngineView) -> Orders:
        return [cancel_request("other"), cancel_request("other")], []

    def one_of_two(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
        return RiskDecision(
            cancels[:1], refused_cancels=[RiskRefused(each, "again") for each in cancels[1:]]
        )

    assert refused(run(Deciding(one_of_two), twice)) == [("other", "again")]
    forgets = Deciding(lambda _, cancels, __: RiskDecision(cancels[:1]))
    with pytest.raises(OrderRequestError, match=r"cancel of order \"other\".*neither"):
        run(forgets, twice)


# What a manager must not do


class OddError(Exception):
    """Raised by a manager."""


def test_an_exception_arrives_unchanged() -> None:
    error = OddError("odd")

    def fail(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
        raise error

    manager = Deciding(fail)
    with pytest.raises(OddError) as caught:
        run(manager)
    assert caught.value is error
    assert caught.traceback[-1].name == "fail"
    assert len(manager.asked) == 1


def test_a_strategy_s_exception_comes_first() -> None:
    def fail(state: EngineView) -> Orders:
        raise OddError("strategy")

    manager = Deciding(refuse)
    with pytest.raises(OddError, match="strategy"):
        run(manager, fail)
    assert manager.asked == []


def changed(order: OrderRequestOpen, **values: object) -> OrderRequestOpen:
    # `replace` checks nothing, and mistakes are what is wanted here.
    return replace(order, state=replace(order.state, **values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("decide", "error", "message"),
    [
        (lambda _, __: None, TypeError, "Deciding.check returned NoneType: expected a RiskDec"),
        (lambda cancels, opens: (cancels, opens), TypeError, "returned tuple"),
        (lambda _, __: RiskDecision, TypeError, "returned type"),
        (lambda _, opens: RiskDecision(None, opens),  # type: ignore[arg-type]
         TypeError, "NoneType as cancels"),
        (lambda _, __: RiskDecision("ab", "cd"),  # type: ignore[arg-type]
         TypeError, "str as cancels"),
        (lambda cancels, _: RiskDecision(cancels, cancels), TypeError,
         r"wrong opens\[0\]: expected OrderRequestOpen, got OrderRequestCancel"),
        (lambda cancels, opens: RiskDecision(cancels, [], [], opens), TypeError,
         r"wrong refused_opens\[0\]: expected RiskRefused, got OrderRequestOpen"),
        (lambda cancels, opens: RiskDecision(
            cancels, opens[1:], refused_opens=[RiskRefused(cancels[0], "no")]), TypeError,
         r"wrong refused_opens\[0\]: item: expected OrderRequestOpen"),
        (lambda cancels, _: RiskDecision(cancels), OrderRequestError,
         r'check: order "one" on instrument 0 was neither approved nor refused'),
        (lambda _, opens: RiskDecision([], opens), OrderRequestError,
         r'check: cancel of order "other" on instrument 0 was neither approved nor refused'),
        (lambda cancels, opens: RiskDecision(cancels, [*opens, opens[0]]), OrderRequestError,
         r'order "one" on instrument 0 was decided twice'),
        (lambda cancels, opens: RiskDecision(
            cancels, opens, refused_opens=[RiskRefused(opens[1], "no")]), OrderRequestError,
         r'order "two" on instrument 0 was decided twice'),
        (lambda cancels, opens: RiskDecision(
            [*cancels, cancel_request("three")], opens), OrderRequestError,
         r'cancel of order "three" on instrument 0 was not asked for'),
        (lambda cancels, opens: RiskDecision(
            cancels, [*opens, market_request("three")]), OrderRequestError,
         r'order "three" on instrument 0 was not asked for'),
        (lambda cancels, opens: RiskDecision(cancels, [
            replace(opens[0], key=replace(opens[0].key, cid=ClientOrderId("new"))), opens[1],
         ]), OrderRequestError, r'order "new" on instrument 0 was not asked for'),
        (lambda cancels, opens: RiskDecision(
            cancels, [changed(opens[0], quantity=Decimal(0)), opens[1]]), OrderRequestError,
         r'check: order "one": quantity must be positive, got 0'),
        (lambda cancels, opens: RiskDecision(
            cancels, [changed(opens[0], quantity=0.5), opens[1]]), TypeError,
         r'opens\[0\]: order "one": quantity: must be a Decimal'),
    ],
)  # fmt: skip
def test_wrong_decisions(
    decide: Callable[[Cancels, Opens], RiskDecision], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        run(Deciding(lambda _, cancels, opens: decide(cancels, opens)))


@pytest.mark.parametrize(
    ("manager", "message"),
    [
        (DefaultStrategy(), r"method check\(state, cancels, opens\), which DefaultStrategy"),
        (Deciding, r"an instance, got the class Deciding; did you mean Deciding\(\)"),
        (RiskLimits, "an instance, got the class RiskLimits"),
        (5, "which int has not"),
    ],
)
def test_what_is_no_manager(manager: RiskManagerLike, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        run(manager)


def test_the_guard_is_a_bool() -> None:
    with pytest.raises(TypeError, match="guard_commands must be a bool, got int 1"):
        run(None, guard_commands=1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="guard_commands"):
        run_backtests(
            BuyOnce, {"quantity": ["1"]}, quotes(2), two_instruments(), guard_commands=None  # type: ignore[arg-type]
        )  # fmt: skip


def test_the_reason_is_text() -> None:
    with pytest.raises(ValueError, match="reason must not be blank, got ' '"):
        RiskRefused(market_request("one"), " ")
    with pytest.raises(TypeError, match="reason must be a str, got int 5"):
        RiskRefused(market_request("one"), 5)  # type: ignore[arg-type]


# Commands and closes


@dataclass(eq=False)
class Commanding(OnMarketEvents):
    """Gives these commands when the stream is lost."""

    commands: Sequence[Command] = ()

    @override
    def on_disconnect(self, exchange: ExchangeId, state: EngineView, /) -> Sequence[Command]:
        return self.commands


LOST = history(l1(0, "100", "102"), l1(100, "100", "102"), reconnecting(), l1(300, "100", "102"))


def command(
    manager: RiskManagerLike | RiskLimits,
    *commands: Command,
    guard_commands: bool,
    data: MarketData = LOST,
) -> BacktestResult:
    return run_backtest(
        Commanding({0: buy}, commands=commands),
        data,
        two_instruments(),
        risk_manager=manager,
        guard_commands=guard_commands,
    )


OPEN = SendOpenRequests(
    [market_request("small", quantity=Decimal("0.5")), market_request("big", quantity=Decimal(2))]
)
CLOSE = ClosePositions(InstrumentFilter.none())


@pytest.mark.parametrize("guard_commands", [False, True])
def test_orders_of_commands(guard_commands: bool) -> None:
    result = command(RiskLimits(max_order_quantity=1), OPEN, guard_commands=guard_commands)
    if guard_commands:
        assert sent(result) == ["bp-1", "small"]
        assert refused(result) == [("big", "max_order_quantity: quantity 2 is above 1")]
        assert result.refused[0].time_ns == result.time_start_ns + 100_000_000
    else:
        assert (sent(result), result.refused) == (["bp-1", "small", "big"], [])


def test_a_command_of_which_nothing_is_left() -> None:
    result = command(RiskLimits(max_order_quantity=0), OPEN, guard_commands=True)
    assert sent(result) == []
    assert [cid for cid, _ in refused(result)] == ["bp-1", "small", "big"]


def test_commands_are_checked_one_after_the_other() -> None:
    first = SendOpenRequests([market_request("first")])
    second = SendOpenRequests([market_request("second")])
    limits = RiskLimits(max_open_orders=1)
    result = command(limits, first, second, guard_commands=True)
    assert (sent(result), [cid for cid, _ in refused(result)]) == (["bp-1", "first"], ["second"])


@pytest.mark.parametrize("guard_commands", [False, True])
def test_closes_of_commands(guard_commands: bool) -> None:
    def only_buys(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
        return RiskDecision.of(
            cancels, opens, lambda it: "no sales" if it.state.side is Side.SELL else None
        )

    manager = Deciding(only_buys)
    result = command(manager, CLOSE, guard_commands=guard_commands)
    assert len(manager.asked) == 1 + guard_commands
    assert len(result.open_positions) == guard_commands
    assert [reason for _, reason in refused(result)] == ["no sales"] * guard_commands


@pytest.mark.parametrize("guard_commands", [False, True])
def test_a_strategy_s_own_closes(guard_commands: bool) -> None:
    class Closing(Commanding):
        """Closes in its own way."""

        @override
        def close_positions_requests(
            self, state: EngineView, filter: InstrumentFilter, /
        ) -> Orders:
            return [cancel_request("other")], [market_request("own", side=Side.SELL)]

    manager = Deciding(lambda *asked: (refuse if "own" in ids(asked[2]) else approve)(*asked))
    result = run_backtest(
        Closing({0: buy}, commands=[CLOSE]),
        LOST,
        two_instruments(),
        risk_manager=manager,
        guard_commands=guard_commands,
    )
    assert sent(result) == (["bp-1"] if guard_commands else ["bp-1", "own"])
    assert [cid for cid, _ in refused(result)] == (["other", "own"] if guard_commands else [])


@pytest.mark.parametrize("guard_commands", [False, True])
def test_the_close_at_the_end(guard_commands: bool) -> None:
    manager = Deciding(lambda *asked: (approve if "bp-1" in ids(asked[2]) else refuse)(*asked))
    result = run_backtest(
        OnMarketEvents({0: buy}),
        quotes(3),
        two_instruments(),
        close_at_end=True,
        risk_manager=manager,
        guard_commands=guard_commands,
    )
    assert len(result.open_positions) == guard_commands
    assert [cid for cid, _ in refused(result)] == ["bp-2"] * guard_commands


@pytest.mark.parametrize("guard_commands", [False, True])
@pytest.mark.parametrize(
    "cancels", [SendCancelRequests([cancel_request("x")]), CancelOrders(InstrumentFilter.none())]
)
def test_cancels_of_commands(guard_commands: bool, cancels: Command) -> None:
    def no_cancels(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
        refusals = [RiskRefused(request, "stays") for request in cancels]
        return RiskDecision(opens=opens, refused_cancels=refusals)

    result = run_backtest(
        Commanding({0: lambda _: orders([market_request("x")])}, commands=[cancels]),
        LOST,
        two_instruments(),
        latency=timedelta(seconds=1),
        risk_manager=Deciding(no_cancels),
        guard_commands=guard_commands,
    )
    assert refused(result) == [("x", "stays")] * guard_commands
    assert all(isinstance(refusal.item, OrderRequestCancel) for refusal in result.refused)


def test_after_an_exception_of_the_guard_nothing_is_called() -> None:
    called: list[str] = []

    def fail(state: EngineView, cancels: Cancels, opens: Opens) -> RiskDecision:
        called.extend(ids(opens))
        if "first" in ids(opens):
            raise OddError("guard")
        return RiskDecision(cancels, opens)

    class Noting(Commanding):
        """Notes what it is called for."""

        @override
        def generate_algo_orders(self, state: EngineView, /) -> Orders:
            called.append("asked")
            return NO_ORDERS

    commands = [SendOpenRequests([market_request(cid)]) for cid in ("first", "second")]
    with pytest.raises(OddError, match="guard"):
        run_backtest(
            Noting({}, commands=commands),
            LOST,
            two_instruments(),
            risk_manager=Deciding(fail),
            guard_commands=True,
        )
    assert called == ["asked", "asked", "first"]


def test_the_guard_alone_guards_nothing() -> None:
    assert command(DefaultRiskManager(), OPEN, guard_commands=True).refused == []


# What is told


def test_refusals_in_json_and_in_the_table() -> None:
    result = run(Deciding(refuse))
    told = json.loads(result.to_json())["refused"]
    key = {"exchange": 0, "instrument": 0, "strategy_id": "test"}
    time = "2023-11-14T22:13:20.223456789Z"
    assert told[0] == {
        "time": time, "reason": "no cancels", "request": "cancel", **key,
        "client_order_id": "other", "id": None,
    }  # fmt: skip
    assert told[1] == {
        "time": time, "reason": "no orders", "request": "open", **key, "client_order_id": "one",
        "side": "buy", "price": "101", "quantity": "1", "kind": "market",
        "time_in_force": "immediate_or_cancel",
    }  # fmt: skip
    assert len(told) == 3
    assert "0 open positions, 3 refused requests\n" in str(result)
    assert "refused" not in str(run(None))


def test_refusals_are_values() -> None:
    result = run(Deciding(refuse))
    again = pickle.loads(pickle.dumps(result))
    assert again.refused == result.refused
    assert {type(refusal) for refusal in again.refused} == {RiskRefusal}
    assert result.refused[0] != result.refused[1]


# Documentation

ROOT = Path(__file__).parent.parent


def test_the_page_s_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(ROOT)
    page = (ROOT / "docs" / "risk.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE)
    assert len(blocks) == 2
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "risk.md", "exec"), names)
    one_at_a_time = names["OneAtATime"]
    assert isinstance(one_at_a_time, type)
    assert issubclass(one_at_a_time, RiskManager)
    result = run_backtest(
        OnMarketEvents({0: buy, 1: buy}),
        quotes(3),
        two_instruments(),
        latency=timedelta(seconds=1),
        risk_manager=one_at_a_time(),
    )
    assert refused(result) == [("bp-2", "another order is under way")]


def test_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    path = ROOT / "examples" / "engine_sync_with_risk_manager_open_order_checks.py"
    main = runpy.run_path(str(path))["main"]
    checked, limited = main()
    assert isinstance(checked, BacktestResult)
    assert isinstance(limited, BacktestResult)
    assert "15 orders sent, 11 refused\n  4 by deviation\n  7 by notional" in (
        capsys.readouterr().out
    )
    # In Python and natively the same orders are sent and refused, but for the words.
    assert [refusal.item for refusal in checked.refused] == [
        refusal.item for refusal in limited.refused
    ]
    assert checked.orders == limited.orders
    for refusal in checked.refused:
        assert isinstance(refusal.item, OrderRequestOpen)
        asked = refusal.item.state
        assert refusal.reason.startswith(
            "notional" if asked.price * asked.quantity > 50 else "deviation"
        )
    sent_orders = [report.order for report in checked.orders]
    careless = [order for order in sent_orders if order.strategy_id == "careless"]
    closes = [order for order in sent_orders if order.strategy_id != "careless"]
    assert all(order.price * order.quantity <= 50 for order in careless)
    # Closes pass unchecked, as barter's do.
    assert len(closes) == 3
    assert any(order.price * order.quantity > 50 for order in closes)


# Many runs


def test_each_of_many_runs_has_a_manager_of_its_own() -> None:
    data, config = quotes(6), two_instruments()
    each = [{"quantity": "1"}] * 4
    manager = FirstOnly()
    with ThreadPoolExecutor(2) as executor:
        inside = run_backtests(BuyOnce, each, data, config, executor=executor, risk_manager=manager)
    outside = run_backtests(BuyOnce, each, data, config, risk_manager=manager)
    for run in [*inside, *outside]:
        assert run.error is None
        assert run.result is not None
        assert (len(run.result.orders), run.result.refused) == (1, [])
    assert not manager.seen


def test_many_runs_with_limits_and_the_guard() -> None:
    limits = RiskLimits(max_order_quantity=Decimal("0.5"))
    runs = run_backtests(
        BuyOnce,
        {"quantity": ["0.5", "1"]},
        quotes(4),
        two_instruments(),
        close_at_end=True,
        risk_manager=limits,
        guard_commands=True,
    )
    results = [run.result for run in runs if run.result is not None]
    assert [(len(result.orders), len(result.refused)) for result in results] == [(2, 0), (0, 1)]


# barter's checks


def test_check_higher_than() -> None:
    check = CheckHigherThan(limit=Decimal("0.10"))
    assert CheckHigherThan.name() == "CheckHigherThan"
    assert check.check(Decimal("0.1")) is None
    failure = check.check(Decimal("0.11"))
    assert failure == CheckFailHigherThan(limit=Decimal("0.1"), input=Decimal("0.11"))
    assert str(failure) == "CheckHigherThanFailed: input 0.11 > limit 0.10"
    with pytest.raises(TypeError, match="input: must be a Decimal or an int, got float"):
        check.check(0.5)  # type: ignore[arg-type]


def test_barter_s_calculations() -> None:
    assert calculate_quote_notional(Decimal("0.5"), Decimal("100.2"), 10) == 501
    assert calculate_quote_notional(-1, 5, 1) == -5
    assert calculate_abs_percent_difference(95, 100) == Decimal("0.05")
    assert calculate_abs_percent_difference(105, 100) == Decimal("0.05")
    assert calculate_abs_percent_difference(-95, -100) == Decimal("-0.05")
    assert calculate_delta(Decimal("0.5"), 10, Side.BUY, 3) == 15
    assert calculate_delta(Decimal("0.5"), 10, Side.SELL, 3) == -15
    assert calculate_delta(Decimal("-0.5"), 10, Side.SELL, 3) == 15


GREATEST = Decimal(79228162514264337593543950335)


@pytest.mark.parametrize(
    ("calculate", "message"),
    [
        (lambda: calculate_quote_notional(GREATEST, 2, 1), rf"quantity {GREATEST} \* price 2"),
        (lambda: calculate_quote_notional(1, GREATEST, 2), "contract_size 2 is too large"),
        (lambda: calculate_abs_percent_difference(1, 0), "other must not be zero"),
        (lambda: calculate_abs_percent_difference(GREATEST, -1), "current.*too large"),
        (lambda: calculate_abs_percent_difference(GREATEST, Decimal("0.1")), "too large"),
        (lambda: calculate_delta(1, GREATEST, Side.BUY, 2), r"quantity_in_kind 2 \* contract_size"),
        (lambda: calculate_delta(2, GREATEST, Side.SELL, 1), "instrument_delta 2"),
    ],
)
def test_what_does_not_fit(calculate: Callable[[], Decimal], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        calculate()


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(TypeError, match="price: must be a Decimal"):
        calculate_quote_notional(1, 0.5, 1)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="other: must be a Decimal"):
        calculate_abs_percent_difference(1, "1")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="side"):
        calculate_delta(1, 1, "buy", 1)  # type: ignore[arg-type]
