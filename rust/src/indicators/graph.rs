//! The indicators and conditions of one instrument, evaluated in their order.

use super::{
    bars::BarBuilder,
    cell::{Cell, Earlier, Seen, Step},
    condition::{Condition, Direction, EventKind},
    node::{BarPrice, Bars, Node},
    window::{WilderAverage, Window, float},
};
use serde::{Deserialize, Serialize};

/// The indicators and conditions of one instrument.
///
/// What two of them share is computed once.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Indicators {
    /// What each cell computes; `None` for bars, of which indicators read the prices.
    nodes: Vec<Key>,
    cells: Vec<Cell>,
    /// The cells of the conditions that wake the strategy.
    wakes: Vec<usize>,
    /// Whether one of them holds at the last event.
    is_awake: bool,
}

/// What a cell computes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
enum Key {
    Node(Node),
    Bars(Bars),
}

impl Indicators {
    /// Indicators that have seen nothing.
    pub fn new(conditions: &[Node]) -> Self {
        let mut graph = Self::default();
        for condition in conditions {
            let position = graph.position(condition);
            graph.wakes.push(position);
        }
        graph
    }

    /// Where a node is computed; it is added if it is not.
    fn position(&mut self, node: &Node) -> usize {
        self.find(node).unwrap_or_else(|| {
            let step = self.step(node);
            let value = match node {
                Node::Number { value } => Some(*value),
                _ => None,
            };
            self.add(Key::Node(node.clone()), Cell::new(step, value))
        })
    }

    /// Where a node is computed.
    pub fn find(&self, node: &Node) -> Option<usize> {
        let is_it = |key: &Key| matches!(key, Key::Node(known) if known == node);
        self.nodes.iter().position(is_it)
    }

    fn add(&mut self, key: Key, cell: Cell) -> usize {
        let position = self.cells.len();
        self.nodes.push(key);
        self.cells.push(cell);
        position
    }

    fn bars(&mut self, bars: &Bars) -> usize {
        let key = Key::Bars(bars.clone());
        let known = self.nodes.iter().position(|known| *known == key);
        known.unwrap_or_else(|| {
            let step = Step::Bars(BarBuilder::new(bars.clone()));
            self.add(key, Cell::new(step, None))
        })
    }

    fn positions(&mut self, nodes: &[Node]) -> Vec<usize> {
        nodes.iter().map(|node| self.position(node)).collect()
    }

    fn crossing(&mut self, first: &Node, second: &Node, direction: Direction) -> Step {
        Step::Condition(Condition::Crosses {
            first: self.position(first),
            second: self.position(second),
            direction,
            was_above: None,
        })
    }

    /// The step of a node, once the cells that it reads are there.
    fn step(&mut self, node: &Node) -> Step {
        match node {
            Node::Source(source) => Step::Source(*source),
            Node::Number { .. } => Step::Number,
            Node::Bar {
                bars,
                price: BarPrice::Source(price),
            } => Step::Bar {
                bars: self.bars(bars),
                price: *price,
            },
            Node::Ema { source, period } => Step::Ema {
                source: self.position(source),
                weight: 2.0 / (float(*period) + 1.0),
            },
            Node::Sma { source, period } => Step::Sma {
                source: self.position(source),
                window: Window::new(*period),
            },
            Node::Minimum { source, period } => Step::Minimum {
                source: self.position(source),
                window: Window::new(*period),
            },
            Node::Maximum { source, period } => Step::Maximum {
                source: self.position(source),
                window: Window::new(*period),
            },
            Node::Deviation { source, period } => Step::Deviation {
                source: self.position(source),
                window: Window::new(*period),
            },
            Node::ZScore { source, period } => Step::ZScore {
                source: self.position(source),
                window: Window::new(*period),
            },
            Node::Return { source, period } => Step::Return {
                source: self.position(source),
                window: Window::new(period.saturating_add(1)),
            },
            Node::Rsi { source, period } => Step::Rsi {
                source: self.position(source),
                last: None,
                gains: WilderAverage::new(*period),
                losses: WilderAverage::new(*period),
            },
            Node::Atr { period, bars } => Step::Atr {
                bars: bars.as_ref().map(|bars| self.bars(bars)),
                last_close: None,
                ranges: WilderAverage::new(*period),
            },
            Node::Vwap { period } => Step::Vwap {
                window: Window::new(*period),
            },
            Node::Imbalance { levels } => Step::Imbalance { levels: *levels },
            Node::Crosses { first, second } => self.crossing(first, second, Direction::Either),
            Node::CrossesAbove { first, second } => self.crossing(first, second, Direction::Above),
            Node::CrossesBelow { first, second } => self.crossing(first, second, Direction::Below),
            Node::Changes { source } => Step::Condition(Condition::Changes {
                source: self.position(source),
                last: None,
            }),
            Node::Events {} => Step::Condition(Condition::Event(EventKind::Market)),
            Node::Trades {} => Step::Condition(Condition::Event(EventKind::Trade)),
            Node::Quotes {} => Step::Condition(Condition::Event(EventKind::Quote)),
            Node::Candles {} => Step::Condition(Condition::Event(EventKind::Candle)),
            Node::Fills {} => Step::Condition(Condition::Event(EventKind::Fill)),
            Node::Every { interval } => Step::Condition(Condition::Every {
                interval: (*interval).max(1),
                last: None,
            }),
            Node::Instruments { instruments } => {
                Step::Condition(Condition::Instruments(instruments.clone()))
            }
            Node::AnyOf { conditions } => {
                Step::Condition(Condition::AnyOf(self.positions(conditions)))
            }
            Node::AllOf { conditions } => {
                Step::Condition(Condition::AllOf(self.positions(conditions)))
            }
            Node::Computed { source } => {
                self.position(source);
                Step::Computed
            }
        }
    }

    /// Looks at an event of the instrument.
    pub fn look(&mut self, seen: &Seen<'_>) {
        for position in 0..self.cells.len() {
            if let Some((earlier, [cell, ..])) = self.cells.split_at_mut_checked(position) {
                cell.look(seen, Earlier(earlier));
            }
        }
        let holds = |position: &usize| self.cells.get(*position).is_some_and(Cell::holds);
        self.is_awake = self.wakes.iter().any(holds);
    }

    /// Whether the strategy is to be asked after the last event.
    pub const fn is_awake(&self) -> bool {
        self.is_awake
    }

    /// The last value of a cell; `None` before there is one.
    pub fn value(&self, position: usize) -> Option<f64> {
        self.cells.get(position)?.value
    }
}
