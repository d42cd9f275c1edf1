//! Cancels in time and too late, by both ids.

use super::*;

fn world() -> World {
    let mut world = World::plain();
    world.see(&l1(Some(("9", "5")), Some(("10", "5"))));
    world
}

#[test]
fn a_cancel_finds_its_order_by_either_id() {
    let mut world = world();
    world.limit(Side::Buy, "9", "1");
    world.limit(Side::Sell, "11", "2");
    assert_eq!(world.balances(), "1000/998 1000/991");
    // The answer carries the key of the order that was found.
    assert_eq!(
        world.cancel("no matter", Some("2")),
        ["base 1000 1000", "cancelled 2 as 2"]
    );
    assert_eq!(
        world.cancel("1", None),
        ["quote 1000 1000", "cancelled 1 as 1"]
    );
    assert_eq!(world.open(), "");
    assert!(!world.exchange.is_watching(InstrumentIndex(0)));
}

#[test]
fn a_late_cancel_is_refused_with_the_reason() {
    let mut world = world();
    world.limit(Side::Buy, "9", "1");
    world.cancel("1", None);
    world.market(Side::Buy, "1");
    world.limit_as(Side::Buy, "8", "1", IOC);
    world.limit(Side::Buy, "0", "1");
    world.limit(Side::Sell, "11", "1");
    world.see(&trade(Side::Buy, "12", "1"));
    let rejected = "order rejected: order rejected: ";
    for (cid, id, expected) in [
        (
            "1",
            None,
            "cancel of 1: order rejected: order already cancelled".to_owned(),
        ),
        (
            "x",
            Some("1"),
            "cancel of 1: order rejected: order already cancelled".to_owned(),
        ),
        (
            "2",
            None,
            "cancel of 2: order rejected: order already fully filled".to_owned(),
        ),
        (
            "3",
            None,
            format!("cancel of 3: {rejected}the order 3 has expired"),
        ),
        (
            "x",
            Some("3"),
            format!("cancel of 3: {rejected}the order 3 has expired"),
        ),
        (
            "4",
            None,
            format!("cancel of 4: {rejected}the order 4 was refused"),
        ),
        (
            "5",
            None,
            "cancel of 5: order rejected: order already fully filled".to_owned(),
        ),
        // The refused order has no number: 4 is that of the order 5.
        (
            "x",
            Some("4"),
            "cancel of 5: order rejected: order already fully filled".to_owned(),
        ),
        (
            "6",
            None,
            format!("cancel of 6: {rejected}there is no order 6"),
        ),
        (
            "1",
            Some("5"),
            format!("cancel of 1: {rejected}there is no order 5"),
        ),
        (
            "1",
            Some("01"),
            format!("cancel of 1: {rejected}there is no order 01"),
        ),
        (
            "1",
            Some("0"),
            format!("cancel of 1: {rejected}there is no order 0"),
        ),
        (
            "1",
            Some("x"),
            format!("cancel of 1: {rejected}there is no order x"),
        ),
    ] {
        assert_eq!(world.cancel(cid, id), [expected], "{cid} {id:?}");
    }
}

#[test]
fn an_id_of_another_exchange_is_unknown() {
    let mut world = world();
    world.limit(Side::Buy, "9", "1");
    let mut request = OrderRequestCancel {
        key: key("1"),
        state: RequestCancel {
            id: Some(OrderId::new("1")),
        },
    };
    request.key.exchange = ExchangeIndex(1);
    let answer = world.execute(ExchangeRequest::Cancel(request));
    assert!(answer.order.is_none());
    let [event] = &shorts(&answer)[..] else {
        panic!("{answer:?}")
    };
    assert!(event.contains("there is no order 1"), "{event}");
    assert_eq!(world.open(), "1:1");
}

#[test]
fn an_order_that_the_script_refuses_is_remembered() {
    let mut world = world();
    let request = world.request(Side::Buy, "9", "1", OrderKind::Limit, GTC);
    let offline = barter_execution::error::ConnectivityError::ExchangeOffline(ExchangeId::Kraken);
    let request = ExchangeRequest::Open(OrderIndex(7), request, None);
    let answer = world.exchange.refuse(request, offline.into());
    assert_eq!(
        shorts(&answer),
        ["1 connectivity: Exchange offline: Kraken"]
    );
    let order = answer.order.unwrap();
    assert_eq!((order.index, order.executed), (OrderIndex(7), None));
    assert!(world.cancel("1", None)[0].contains("the order 1 was refused"));
}

#[test]
fn a_contradiction_between_the_books_is_an_error() {
    let cancel = |exchange| {
        let mut request = OrderRequestCancel {
            key: key("1"),
            state: RequestCancel { id: None },
        };
        request.key.exchange = ExchangeIndex(exchange);
        ExchangeRequest::Cancel(request)
    };
    let error = |world: &mut World, exchange| {
        let answer = world
            .exchange
            .execute(0, cancel(exchange), &world.instrument, &world.market);
        answer.unwrap_err().to_string()
    };
    let mut world = world();
    world.limit(Side::Buy, "9", "1");
    assert!(error(&mut world, 2).contains("there is no ExchangeIndex(2)"));
    world.exchange.books.clear();
    assert!(error(&mut world, 0).contains("the order 1 to buy at 9 does not rest"));
}

#[test]
fn open_orders_are_listed_by_number_with_their_last_change() {
    let mut world = world();
    world.limit(Side::Sell, "12", "1");
    world.limit(Side::Buy, "8", "1");
    world.limit(Side::Sell, "11", "2");
    assert_eq!(world.open(), "1:1 2:1 3:2");
    world.now = 5;
    world.see(&trade(Side::Buy, "11.5", "1"));
    assert_eq!(world.open(), "1:1 2:1 3:1");
    let open = world.exchange.open_orders(ExchangeIndex(0));
    let times = open.iter().map(|order| order.state.time_exchange());
    assert_eq!(
        times.collect::<Vec<_>>(),
        [Some(at(0)), Some(at(0)), Some(at(5))]
    );
    assert!(world.exchange.open_orders(ExchangeIndex(1)).is_empty());
}
