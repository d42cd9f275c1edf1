//! The conditions on which a strategy is asked for orders: its attribute `wake_on`.

use crate::{
    convert::{import, is_sequence, read_items, shown},
    indicators::{Indicators, Node, NodeText},
    state::State,
};
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    sync::PyOnceLock,
    types::PyType,
};

/// A condition as its text.
struct ConditionText(NodeText);

impl<'a, 'py> FromPyObject<'a, 'py> for ConditionText {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        static CLASS: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let py = object.py();
        let class = import(py, &CLASS, "barter_python.indicators", "Condition")?;
        if object.is_instance(class)? {
            return Ok(Self(object.extract()?));
        }
        let cure = match object.extract::<NodeText>() {
            Ok(_) => {
                "; an indicator is none: compare it with Crosses, or wrap it in Changes or Computed"
            }
            Err(_) => "",
        };
        let (article, shown) = match object.cast::<PyType>() {
            Ok(class) => ("the class ", class.name()?.to_string()),
            Err(_) => ("", shown(&object)?),
        };
        Err(PyTypeError::new_err(format!(
            "expected a condition of barter_python.indicators, got {article}{shown}{cure}"
        )))
    }
}

/// The conditions of a strategy; `None` if it is to be asked after each event.
pub fn wake_on(strategy: &Bound<'_, PyAny>, instruments: usize) -> PyResult<Option<Vec<Node>>> {
    let Some(conditions) = strategy.getattr_opt("wake_on")? else {
        return Ok(None);
    };
    if conditions.is_none() {
        return Ok(None);
    }
    let name = format!("{}.wake_on", strategy.get_type().name()?);
    if !is_sequence(&conditions)? {
        return Err(PyTypeError::new_err(format!(
            "{name} must be a sequence of conditions, such as (Trades(),), got {} {}",
            conditions.get_type().name()?,
            shown(&conditions)?
        )));
    }
    let texts: Vec<ConditionText> =
        read_items(&conditions, |position| format!("{name}[{position}]"))?;
    if texts.is_empty() {
        return Err(PyValueError::new_err(format!(
            "{name} is empty, so that the strategy would never be asked; without it, it is asked after \
             each event"
        )));
    }
    let nodes: Vec<Node> = texts
        .iter()
        .map(|ConditionText(text)| Node::read(&text.0))
        .collect::<PyResult<_>>()?;
    for index in nodes.iter().flat_map(Node::instruments) {
        if index >= instruments {
            return Err(PyValueError::new_err(format!(
                "{name} names the instrument {index}, but there are {instruments}, from index 0 on"
            )));
        }
    }
    Ok(Some(nodes))
}

/// Has each instrument of a state compute what the conditions need.
pub fn give_indicators(conditions: Option<&[Node]>, state: &mut State) {
    let Some(conditions) = conditions else {
        return;
    };
    let indicators = Indicators::new(conditions);
    for instrument in state.instruments.0.values_mut() {
        instrument.data.indicators = Some(Box::new(indicators.clone()));
    }
}
