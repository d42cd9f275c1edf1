//! Files: opening them, and saying which one is wrong.

use crate::{data::binary, error::Error};
use flate2::read::MultiGzDecoder;
use pyo3::prelude::*;
use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

/// What text may begin with on Windows.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What gzip begins with.
pub const GZIP: &[u8] = &[0x1f, 0x8b];

const UTF_16: &str = "UTF-16: save it as UTF-8";

/// Files that are often mistaken for text, by their first bytes.
pub const OTHER_FILES: [(&[u8], &str); 15] = [
    (
        &binary::MAGIC,
        "a history that MarketData.save has written, which MarketData.open reads",
    ),
    (
        b"PK\x03\x04",
        "a zip archive: unpack it, or MarketData.from_csv reads the CSV in it",
    ),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it"),
    (b"\xfd7zXZ", "compressed with xz: unpack it"),
    (b"BZh", "compressed with bzip2: unpack it"),
    (b"\x04\x22\x4d\x18", "compressed with lz4: unpack it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it"),
    (
        b"PAR1",
        "a Parquet file, which MarketData.from_parquet reads",
    ),
    (
        b"ARROW1",
        "an Arrow file: read it as a table for MarketData.from_arrow",
    ),
    (
        b"SQLite format 3\0",
        "a SQLite database: read it as a table for MarketData.from_arrow",
    ),
    (
        b"DBN",
        "a file of Databento: make it a table for read_databento by its library, \
         DBNStore.to_df",
    ),
    (b"\xff\xfe", UTF_16),
    (b"\xfe\xff", UTF_16),
    // Without the mark that says so.
    (b"{\0", UTF_16),
    (b"\0{", UTF_16),
];

/// Opens a file of JSON, plain or gzip by its first two bytes, and passes over a byte order mark.
pub fn open(py: Python<'_>, path: &Path) -> PyResult<Box<dyn BufRead + Send>> {
    let failed = |error: std::io::Error| os_error(py, &error, path);
    let mut file = BufReader::with_capacity(1 << 16, File::open(path).map_err(failed)?);
    let mut reader: Box<dyn BufRead + Send> = if file.fill_buf().map_err(failed)?.starts_with(GZIP)
    {
        Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file)))
    } else {
        Box::new(file)
    };
    let start = match reader.fill_buf() {
        Ok(start) => start,
        Err(error) => return Err(whole(path, error.to_string()).into()),
    };
    if let Some((_, what)) = OTHER_FILES.iter().find(|(mark, _)| start.starts_with(mark)) {
        return Err(whole(path, format!("not JSON, but {what}")).into());
    }
    if start.starts_with(BYTE_ORDER_MARK) {
        reader.consume(BYTE_ORDER_MARK.len());
    }
    Ok(reader)
}

/// What to do about a text that is no JSON, if it looks like CSV.
pub fn csv_hint(text: &str) -> &'static str {
    let line = text.trim_start().lines().next().unwrap_or_default();
    // Names in quotation marks are a header.
    if line.starts_with(['{', '[']) || !line.contains([',', ';', '\t']) {
        ""
    } else {
        ": this looks like CSV, which MarketData.from_csv reads"
    }
}

/// Opening fails as Python's own `open` does: `FileNotFoundError`, with the file's name.
pub fn os_error(py: Python<'_>, error: &std::io::Error, path: &Path) -> PyErr {
    let raised = (|| {
        let class = py.import("builtins")?.getattr("OSError")?;
        let text = py.import("os")?.getattr("strerror")?;
        let number = error.raw_os_error().unwrap_or_default();
        class.call1((number, text.call1((number,))?, path.as_os_str()))
    })();
    match raised {
        Ok(exception) => PyErr::from_value(exception),
        Err(failure) => failure,
    }
}

/// What messages call the history of a file, or one without.
pub fn name(source: Option<&Path>) -> String {
    source.map_or_else(|| "the data".to_owned(), |path| path.display().to_string())
}

/// A file that is wrong as a whole.
pub fn whole(path: &Path, reason: String) -> Error {
    Error::market_data_of(Some(path), &name(Some(path)), reason)
}
