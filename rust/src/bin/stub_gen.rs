//! Writes `stubs/`; with `--check`, writes nothing and fails when a file would change.

use std::{env, fs, io, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let files = match _core::stub::render() {
        Ok(files) => files,
        Err(errors) => {
            for error in errors {
                eprintln!("stub_gen: {error}");
            }
            return ExitCode::FAILURE;
        }
    };
    let check = env::args().any(|argument| argument == "--check");
    let mut stale = false;
    for (path, text) in &files {
        let path = _core::stub::directory().join(path);
        if fs::read_to_string(&path).is_ok_and(|old| old == *text) {
            continue;
        }
        stale = true;
        if check {
            eprintln!(
                "stub_gen: {} is out of date: run `make stubs`",
                path.display()
            );
        } else if let Err(error) = write(&path, text) {
            eprintln!("stub_gen: {}: {error}", path.display());
            return ExitCode::FAILURE;
        }
    }
    if check && stale {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    fs::write(path, text)?;
    println!("wrote {}", path.display());
    Ok(())
}
