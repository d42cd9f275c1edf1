//! Tells the crate which versions of barter's crates it is built with, from `Cargo.lock`.

use std::{env, fs, path::Path};

const CRATES: [&str; 5] = [
    "barter",
    "barter-data",
    "barter-execution",
    "barter-instrument",
    "barter-integration",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let lock = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../Cargo.lock");
    println!("cargo::rerun-if-changed={}", lock.display());
    let text = fs::read_to_string(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
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
