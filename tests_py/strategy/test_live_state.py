"""The closing helpers with the engine's own live state."""

from __future__ import annotations

from decimal import Decimal
from typing import NoReturn

import pytest
from support.closing import (
    BOUGHT,
    INSTRUMENTS,
    SOLD,
    Calls,
    close,
    close_all,
    digits,
    expected_order,
    live_cid,
    look_at_live_state,
    plain,
    plain_cid,
    stand_in,
    stand_in_order,
)

from barter_python import (
    EngineView,
    InstrumentView,
    _core,
)
from barter_python.execution import (
    ClientOrderId,
    OrderRequestOpen,
    PyOrderRequestOpen,
    StrategyId,
)
from barter_python.instrument import Side, Underlying
from barter_python.strategy import (
    DefaultStrategy,
    InstrumentFilter,
    build_ioc_market_order_to_close_position,
    close_open_positions_with_market_orders,
)


class TestLiveState:
    @pytest.mark.parametrize(
        "filter",
        [
            None,
            InstrumentFilter.none(),
            InstrumentFilter.exchanges([0]),
            InstrumentFilter.exchanges([1]),
            InstrumentFilter.exchanges([0, 1, 9]),
            InstrumentFilter.instruments([BOUGHT]),
            InstrumentFilter.instruments([SOLD, 0]),
            InstrumentFilter.instruments([77]),
            InstrumentFilter.underlyings([INSTRUMENTS.instruments[BOUGHT].underlying]),
            InstrumentFilter.underlyings([INSTRUMENTS.instruments[SOLD].underlying]),
            InstrumentFilter.underlyings([Underlying(90, 91)]),
        ],
        ids=repr,
    )
    @pytest.mark.parametrize("on_missing_price", ["raise", "skip"])
    def test_same_as_with_plain_state(
        self, filter: InstrumentFilter | None, on_missing_price: str
    ) -> None:
        def look(view: EngineView) -> None:
            live = close_all(
                view, filter=filter, gen_cid=live_cid, on_missing_price=on_missing_price
            )
            copied = close_all(
                plain(view), filter=filter, gen_cid=plain_cid, on_missing_price=on_missing_price
            )
            assert live == copied
            assert digits(live[1]) == digits(copied[1])
            assert type(live[0]) is list
            assert type(live[1]) is list
            assert {type(order) for order in live[1]} <= {OrderRequestOpen}
            iterated = [item.index for item in view.instruments_iter(filter)]
            assert iterated == [item.instrument for item in plain(view).instruments_iter(filter)]

        look_at_live_state(look)

    def test_values(self) -> None:
        def look(view: EngineView) -> None:
            cancels, opens = close_open_positions_with_market_orders("ema", view, gen_cid=live_cid)
            assert cancels == []
            prices = [view.instrument(index).price for index in (BOUGHT, SOLD)]
            bought_price, sold_price = prices
            assert bought_price is not None
            assert sold_price is not None
            assert opens == [
                expected_order(
                    exchange=0, instrument=BOUGHT, cid=f"mine-{BOUGHT}", price=bought_price
                ),
                expected_order(
                    exchange=1,
                    instrument=SOLD,
                    cid=f"mine-{SOLD}",
                    side=Side.BUY,
                    price=sold_price,
                    quantity=Decimal("1.250"),
                ),
            ]
            assert [text for _, text in digits(opens)] == ["0.5", "1.25"]

        look_at_live_state(look)

    def test_one_position_of_a_live_state(self) -> None:
        def look(view: EngineView) -> None:
            item = view.instrument(BOUGHT)
            position, price = item.position, item.price
            assert position is not None
            assert price is not None
            order = build_ioc_market_order_to_close_position(
                item.exchange, position, StrategyId("ema"), price, view.next_cid
            )
            assert order.state == close(price=price).state
            assert order.key.instrument == BOUGHT

        look_at_live_state(look)

    def test_gen_cid_gets_the_view_once_for_each_order(self) -> None:
        def look(view: EngineView) -> None:
            seen: list[InstrumentView] = []

            def gen_cid(item: InstrumentView) -> ClientOrderId:
                seen.append(item)
                return ClientOrderId(f"mine-{item.index}")

            _, opens = close_open_positions_with_market_orders("ema", view, None, gen_cid)
            assert [type(item) for item in seen] == [InstrumentView, InstrumentView]
            assert [item.index for item in seen] == [BOUGHT, SOLD]
            assert [order.key.cid.value for order in opens] == ["mine-1", "mine-2"]

        look_at_live_state(look)

    def test_ids_by_default_are_not_those_of_other_orders(self) -> None:
        def look(view: EngineView) -> None:
            _, first = close_open_positions_with_market_orders("ema", view)
            _, second = close_open_positions_with_market_orders("ema", view, gen_cid=lambda _: None)
            ids = [order.key.cid for order in (*first, *second)] + [view.next_cid()]
            assert len(set(ids)) == 5

        look_at_live_state(look)

    def test_exception_of_gen_cid_arrives_unchanged_and_ends_the_calls(self) -> None:
        class OwnError(Exception):
            pass

        error = OwnError("no more ids")
        calls: list[int] = []

        def gen_cid(item: InstrumentView) -> NoReturn:
            calls.append(item.index)
            raise error

        def look(view: EngineView) -> None:
            with pytest.raises(OwnError) as caught:
                close_open_positions_with_market_orders("ema", view, None, gen_cid)
            assert caught.value is error
            assert caught.traceback[-1].name == "gen_cid"
            assert calls == [BOUGHT]
            # Uncaught, it ends the run and arrives at its caller.
            close_open_positions_with_market_orders("ema", view, None, gen_cid)

        with pytest.raises(OwnError) as caught:
            look_at_live_state(look)
        assert caught.value is error

    def test_exception_on_the_second_order_returns_nothing(self) -> None:
        def look(view: EngineView) -> None:
            ids = iter(["first"])
            with pytest.raises(StopIteration):
                close_open_positions_with_market_orders("ema", view, gen_cid=lambda _: next(ids))

        look_at_live_state(look)

    @pytest.mark.parametrize(
        ("given", "error", "message"),
        [
            ("", ValueError, "client order id"),
            ("  ", ValueError, "client order id"),
            (5, TypeError, "client order id"),
            (StrategyId("x"), TypeError, "client order id"),
        ],
        ids=repr,
    )
    def test_wrong_ids(self, given: object, error: type[Exception], message: str) -> None:
        def look(view: EngineView) -> None:
            with pytest.raises(error, match=message):
                close_all(view, gen_cid=Calls(given))

        look_at_live_state(look)

    @pytest.mark.parametrize(("blank", "error"), [(" ", ValueError), (5, TypeError)])
    def test_wrong_strategy_id(self, blank: object, error: type[Exception]) -> None:
        gen_cid = Calls()

        def look(view: EngineView) -> None:
            with pytest.raises(error, match="strategy id"):
                close_all(view, strategy_id=blank, gen_cid=gen_cid)

        look_at_live_state(look)
        assert gen_cid.seen == []

    def test_missing_price_raises_before_any_id_is_made(self) -> None:
        gen_cid = Calls()

        def look(view: EngineView) -> None:
            assert view.instrument(SOLD).position is not None
            assert view.instrument(SOLD).price is None
            with pytest.raises(ValueError, match="price"):
                close_all(view, gen_cid=gen_cid)
            with pytest.raises(ValueError, match="price"):
                close_all(view, gen_cid=gen_cid, on_missing_price="raise")
            with pytest.raises(ValueError, match="price"):
                close_all(plain(view))

        look_at_live_state(look, without_price=[SOLD])
        assert gen_cid.seen == []

    def test_missing_price_is_skipped(self) -> None:
        def look(view: EngineView) -> None:
            seen: list[int] = []

            def gen_cid(item: InstrumentView) -> str:
                seen.append(item.index)
                return live_cid(item)

            result = close_open_positions_with_market_orders(
                "ema", view, gen_cid=gen_cid, on_missing_price="skip"
            )
            assert seen == [BOUGHT]
            assert result == close_all(plain(view), gen_cid=plain_cid, on_missing_price="skip")
            assert [order.key.instrument for order in result[1]] == [BOUGHT]

        look_at_live_state(look, without_price=[SOLD])

    def test_missing_price_of_others_does_not_matter(self) -> None:
        def look(view: EngineView) -> None:
            assert view.instrument(3).price is None
            only = InstrumentFilter.instruments([BOUGHT, 3])
            _, opens = close_open_positions_with_market_orders("ema", view, only)
            assert [order.key.instrument for order in opens] == [BOUGHT]

        look_at_live_state(look, without_price=[SOLD, 3])

    def test_any_object_with_matches_works_as_filter(self) -> None:
        class Second:
            def matches(
                self, exchange: int, instrument: int, underlying: Underlying[int] | None = None
            ) -> bool:
                return exchange == 1

        def look(view: EngineView) -> None:
            _, opens = close_all(view, filter=Second(), gen_cid=live_cid)
            assert [order.key.instrument for order in opens] == [SOLD]

        look_at_live_state(look)

    def test_one_native_call_makes_the_whole_batch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        calls: list[tuple[object, ...]] = []
        ones: list[tuple[object, ...]] = []

        def batch(*arguments: object, **_: object) -> list[PyOrderRequestOpen]:
            build = stand_in(calls)
            return [build(*arguments)]

        monkeypatch.setattr(_core, "close_open_positions_with_market_orders", batch)
        monkeypatch.setattr(_core, "build_ioc_market_order_to_close_position", stand_in(ones))

        def look(view: EngineView) -> None:
            result = close_open_positions_with_market_orders("ema", view)
            assert result == ([], [stand_in_order(1)])

        look_at_live_state(look)
        assert len(calls) == 1
        assert ones == []

    def test_default_strategy(self) -> None:
        def look(view: EngineView) -> None:
            default = DefaultStrategy("mine")
            cancels, opens = default.close_positions_requests(view)
            assert cancels == []
            assert [order.key.instrument for order in opens] == [BOUGHT, SOLD]
            assert {order.key.strategy for order in opens} == {StrategyId("mine")}
            _, opens = default.close_positions_requests(view, InstrumentFilter.exchanges([1]))
            assert [order.key.instrument for order in opens] == [SOLD]
            assert default.generate_algo_orders(view) == ([], [])

        look_at_live_state(look)
