//! Strategies whose function is native code: compiled by numba, or by a C compiler.

mod entry;
mod function;
mod layout;
mod memory;
mod requests;
mod runtime;

pub use function::NativeFunction;
pub use runtime::Compiled;
