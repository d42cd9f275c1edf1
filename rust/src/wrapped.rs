//! Which versions of barter's crates are inside.

use crate::convert::Named;
use pyo3::prelude::*;
use pyo3_stub_gen::derive::gen_stub_pyfunction;

/// Give the versions of the barter crates that the native module is built with.
///
/// Examples
/// --------
/// >>> from barter_python import wrapped_crates
/// >>> sorted(wrapped_crates())
/// ['barter', 'barter-data', 'barter-execution', 'barter-instrument', 'barter-integration']
#[gen_stub_pyfunction(module = "barter_python._core")]
#[pyfunction]
pub fn wrapped_crates() -> Named<&'static str> {
    let versions = [
        ("barter", env!("BARTER_VERSION")),
        ("barter-data", env!("BARTER_DATA_VERSION")),
        ("barter-execution", env!("BARTER_EXECUTION_VERSION")),
        ("barter-instrument", env!("BARTER_INSTRUMENT_VERSION")),
        ("barter-integration", env!("BARTER_INTEGRATION_VERSION")),
    ];
    Named(
        versions
            .map(|(name, version)| (name.to_owned(), version))
            .into(),
    )
}
