//! Files of text: plain, in gzip, or in a zip archive.

use super::place::Place;
use crate::{
    data::market_data::open::{BYTE_ORDER_MARK, GZIP, OTHER_FILES, os_error},
    error::Error,
};
use flate2::read::MultiGzDecoder;
use pyo3::prelude::*;
use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};
use zip::ZipArchive;

/// Text, as it is read.
pub type Text<'a> = dyn BufRead + Send + 'a;

const BUFFER: usize = 1 << 16;
const ZIP: &[u8] = b"PK\x03\x04";

/// Text that is no table.
const JSON: [(&[u8], &str); 2] = [
    (b"{", "JSON: MarketData.from_json_lines reads barter's"),
    (b"[", "JSON: MarketData.from_json reads barter's"),
];

/// Calls `read` with the text of a file, or of each CSV file in a zip archive, in the archive's order.
pub fn each_text(
    py: Python<'_>,
    path: &Path,
    read: &mut dyn FnMut(&Place, &mut Text<'_>) -> PyResult<()>,
) -> PyResult<()> {
    let failed = |error: std::io::Error| os_error(py, &error, path);
    let mut file = BufReader::with_capacity(BUFFER, File::open(path).map_err(failed)?);
    let place = Place::of_text(path, path.display().to_string());
    let start = file.fill_buf().map_err(failed)?;
    if start.starts_with(ZIP) {
        return each_member(path, &place, file, read);
    }
    if start.starts_with(GZIP) {
        let mut text = BufReader::with_capacity(BUFFER, MultiGzDecoder::new(file));
        check_start(&place, &mut text)?;
        return read(&place, &mut text);
    }
    check_start(&place, &mut file)?;
    read(&place, &mut file)
}

fn each_member(
    path: &Path,
    place: &Place,
    file: BufReader<File>,
    read: &mut dyn FnMut(&Place, &mut Text<'_>) -> PyResult<()>,
) -> PyResult<()> {
    let wrong = |error: zip::result::ZipError| place.whole(error.to_string());
    let mut archive = ZipArchive::new(file).map_err(wrong)?;
    let mut names = Vec::new();
    for index in 0..archive.len() {
        let Some(name) = archive.name_for_index(index) else {
            continue;
        };
        let name = name.map_err(wrong)?.into_owned();
        let is_csv = Path::new(&name)
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        // Archives made on a Mac have a hidden twin of each file.
        if is_csv && !name.starts_with("__MACOSX/") {
            names.push((index, name));
        }
    }
    if names.is_empty() {
        let reason = "the zip archive has no file whose name ends in .csv".to_owned();
        return Err(place.whole(reason).into());
    }
    for (index, name) in names {
        let member = archive.by_index(index).map_err(wrong)?;
        let place = Place::of_text(path, format!("{}/{name}", path.display()));
        let mut text = BufReader::with_capacity(BUFFER, member);
        check_start(&place, &mut text)?;
        read(&place, &mut text)?;
    }
    Ok(())
}

/// Refuses what is no CSV, and passes over a byte order mark.
fn check_start(place: &Place, text: &mut BufReader<impl Read>) -> Result<(), Error> {
    let start = text.fill_buf();
    let start = start.map_err(|error| place.whole(error.to_string()))?;
    if let Some((_, what)) = OTHER_FILES
        .iter()
        .chain(&JSON)
        .find(|(mark, _)| start.starts_with(mark))
    {
        return Err(place.whole(format!("not CSV, but {what}")));
    }
    if start.starts_with(BYTE_ORDER_MARK) {
        text.consume(BYTE_ORDER_MARK.len());
    }
    Ok(())
}
