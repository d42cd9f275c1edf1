//! barter's `tracing` events as records of Python's `logging`: the module `barter::logging`.
//!
//! A layer of our own, and not tracing's feature `log` with the crate `pyo3-log`: that leaves the
//! exception of a handler set while barter goes on, knows no spans, so that a replica would log all
//! that its engine has logged, and keeps levels and loggers of Python's in a cache.

use barter::logging::AuditSpanFilter;
use pyo3::{
    exceptions::{PyKeyboardInterrupt, PyRuntimeError},
    intern,
    prelude::*,
    types::{PyDict, PyTuple},
};
use pyo3_stub_gen::derive::gen_stub_pyfunction;
use std::{
    fmt,
    sync::{Mutex, PoisonError},
};
use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
};
use tracing_subscriber::{
    Layer, Registry,
    filter::Targets,
    fmt::format::{DefaultFields, FormatFields, Writer},
    layer::{Context, SubscriberExt},
    reload,
};

/// How the names of barter's crates begin, and the target of our own span.
const CRATES: &str = "barter";

/// Where what is logged can be changed; `None` until somebody asks for the first time.
static FILTER: Mutex<Option<reload::Handle<Targets, Registry>>> = Mutex::new(None);

/// Have barter's events of this level and above reach Python's `logging`; `None` for none of them.
///
/// Parameters
/// ----------
/// level : int, optional
///     A level of `logging`.
///
/// Raises
/// ------
/// RuntimeError
///     If something else in this module has taken tracing for itself.
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
#[pyo3(signature = (level))]
pub fn set_logging_level(py: Python<'_>, level: Option<u8>) -> PyResult<()> {
    let targets = Targets::new().with_target(CRATES, filter(level));
    // Waited for without the interpreter, which the thread that holds it may want.
    py.detach(|| {
        let mut handle = FILTER.lock().unwrap_or_else(PoisonError::into_inner);
        match &*handle {
            Some(handle) => handle.reload(targets).map_err(|error| error.to_string()),
            None if level.is_none() => Ok(()),
            None => {
                let (targets, new) = reload::Layer::new(targets);
                let subscriber = Registry::default()
                    .with(targets)
                    .with(AuditSpanFilter)
                    .with(ToPython);
                tracing::subscriber::set_global_default(subscriber)
                    .map_err(|error| error.to_string())?;
                *handle = Some(new);
                Ok(())
            }
        }
    })
    .map_err(PyRuntimeError::new_err)
}

/// What passes a level of Python's.
fn filter(level: Option<u8>) -> LevelFilter {
    let levels = [
        Level::TRACE,
        Level::DEBUG,
        Level::INFO,
        Level::WARN,
        Level::ERROR,
    ];
    let lowest = |least: u8| levels.into_iter().find(|level| number(*level) >= least);
    level.and_then(lowest).into()
}

/// A level as Python's `logging` counts.
const fn number(level: Level) -> u8 {
    match level {
        Level::TRACE => 5,
        Level::DEBUG => 10,
        Level::INFO => 20,
        Level::WARN => 30,
        Level::ERROR => 40,
    }
}

/// Hands events to the logger with the name of their target.
struct ToPython;

impl<S: Subscriber> Layer<S> for ToPython {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        // While the interpreter goes down, nobody is there to log for.
        Python::try_attach(|py| {
            let name = event.metadata().target().replace("::", ".");
            if let Err(error) = log(py, &name, event) {
                report(py, &name, error);
            }
        });
    }
}

fn log(py: Python<'_>, name: &str, event: &Event<'_>) -> PyResult<()> {
    let metadata = event.metadata();
    let level = number(*metadata.level());
    let logging = py.import(intern!(py, "logging"))?;
    let logger = logging.call_method1(intern!(py, "getLogger"), (name,))?;
    let enabled = logger.call_method1(intern!(py, "isEnabledFor"), (level,))?;
    if !enabled.is_truthy()? {
        return Ok(());
    }
    let mut message = String::new();
    DefaultFields::new()
        .format_fields(Writer::new(&mut message), event)
        .map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    let mut fields = Fields {
        dict: PyDict::new(py),
        result: Ok(()),
    };
    event.record(&mut fields);
    fields.result?;
    let extra = PyDict::new(py);
    extra.set_item(intern!(py, "barter_fields"), fields.dict)?;
    let record = logger.call_method1(
        intern!(py, "makeRecord"),
        (
            name,
            level,
            source(metadata),
            metadata.line().unwrap_or_default(),
            message,
            PyTuple::empty(py),
            py.None(),
            py.None(),
            extra,
        ),
    )?;
    logger.call_method1(intern!(py, "handle"), (record,))?;
    Ok(())
}

/// The file of a crate, without the folders of the machine that has built it.
fn source(metadata: &Metadata<'static>) -> &'static str {
    let file = metadata.file().unwrap_or_default();
    let in_registry = |folder| {
        let (_, index) = file.split_once(folder)?;
        index.split_once(['/', '\\'])
    };
    in_registry("/registry/src/")
        .or_else(|| in_registry("\\registry\\src\\"))
        .map_or(file, |(_, path)| path)
}

/// An exception that a handler has let through: barter cannot be stopped by it where it stands.
fn report(py: Python<'_>, name: &str, error: PyErr) {
    let name = name.into_pyobject(py).ok();
    let error = if error.is_instance_of::<PyKeyboardInterrupt>(py) {
        // Ctrl-C was meant for the program: it comes again where the run looks for it.
        let interrupted = py
            .import(intern!(py, "_thread"))
            .and_then(|thread| thread.call_method0(intern!(py, "interrupt_main")));
        match interrupted {
            Ok(_) => return,
            Err(error) => error,
        }
    } else {
        error
    };
    error.write_unraisable(py, name.as_ref().map(Bound::as_any));
}

/// The fields of an event beside its message.
struct Fields<'py> {
    dict: Bound<'py, PyDict>,
    result: PyResult<()>,
}

impl<'py> Fields<'py> {
    fn set(&mut self, field: &Field, value: impl IntoPyObject<'py>) {
        if field.name() != "message" && self.result.is_ok() {
            self.result = self.dict.set_item(field.name(), value);
        }
    }
}

impl Visit for Fields<'_> {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_passes_itself_and_what_is_above() {
        for (level, passing) in [
            (0, LevelFilter::TRACE),
            (5, LevelFilter::TRACE),
            (6, LevelFilter::DEBUG),
            (10, LevelFilter::DEBUG),
            (11, LevelFilter::INFO),
            (20, LevelFilter::INFO),
            (30, LevelFilter::WARN),
            (31, LevelFilter::ERROR),
            (40, LevelFilter::ERROR),
            (41, LevelFilter::OFF),
        ] {
            assert_eq!(filter(Some(level)), passing, "{level}");
        }
        assert_eq!(filter(None), LevelFilter::OFF);
    }
}
