"""Risk managers in Python: what they decide, and what is told of refusals."""

from __future__ import annotations

import json
import pickle
import re
import runpy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from support import ROOT
from support.histories import (
    BTC,
    OnMarketEvents,
    buy,
    cancel_request,
    market_request,
    quotes,
    two_instruments,
)
from support.risk_managers import (
    Cancels,
    Deciding,
    OddError,
    Opens,
    approve,
    refuse,
    refused,
    run,
    sent,
)
from support.sweeps import BuyOnce, FirstOnly
from typing_extensions import override

from barter_python import (
    BacktestResult,
    ClientOrderId,
    DefaultStrategy,
    EngineView,
    OrderRequestError,
    OrderRequestOpen,
    Orders,
    RefusedRequest,
    RiskDecision,
    RiskLimits,
    RiskManager,
    RiskManagerLike,
    RiskRefused,
    ViewError,
    run_backtest,
    run_backtests,
)
from barter_python.risk import (
    DefaultRiskManager,
)

# What a manager can say


def test_without_a_manager_everything_is_approved() -> None:
    plain = run(None)
    assert (sent(plain), list(plain.refused)) == (["one", "two"], [])
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
    assert "refused request" not in str(run(None))


def test_refusals_are_values() -> None:
    result = run(Deciding(refuse))
    again = pickle.loads(pickle.dumps(result))
    assert again.refused == result.refused
    assert {type(refusal) for refusal in again.refused} == {RefusedRequest}
    assert result.refused[0] != result.refused[1]


# Documentation


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
    for one in [*inside, *outside]:
        assert one.error is None
        assert one.result is not None
        assert (len(one.result.orders), list(one.result.refused)) == (1, [])
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
