//! Tells the crate which versions of barter's crates it is built with, from `Cargo.lock`, and hands
//! the stub to maturin, which puts it beside the native module.

use std::{env, error::Error, fs, io::ErrorKind, path::Path};

const CRATES: [&str; 5] = [
    "barter",
    "barter-data",
    "barter-execution",
    "barter-instrument",
    "barter-integration",
];

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("..");
    tell_versions(&root.join("Cargo.lock"))?;
    hand_over_stub(&root.join("stubs/barter_python/_core.pyi"))
}

fn tell_versions(lock: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", lock.display());
    let text = fs::read_to_string(lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    for name in CRATES {
        let package = format!("name = \"{name}\"\nversion = \"");
        let version = text
            .split_once(&package)
            .and_then(|(_, rest)| rest.split_once('"'))
            .map(|(version, _)| version)
            .ok_or_else(|| format!("{} has no package {name}", lock.display()))?;
        let variable = name.to_uppercase().replace('-', "_");
        println!("cargo::rustc-env={variable}_VERSION={version}");
    }
    Ok(())
}

/// Puts the stub into `OUT_DIR`, from where `include` of `pyproject.toml` takes it.
///
/// A new stub must not mean that the crate is compiled again: where links are to be had, it is one,
/// and maturin reads through it.
fn hand_over_stub(stub: &Path) -> Result<(), Box<dyn Error>> {
    let handed = Path::new(&env::var("OUT_DIR")?).join("_core.pyi");
    match fs::remove_file(&handed) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(stub, handed)?;
    #[cfg(not(unix))]
    {
        println!("cargo::rerun-if-changed={}", stub.display());
        fs::copy(stub, handed)?;
    }
    Ok(())
}
