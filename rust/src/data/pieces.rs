//! A file that is written in pieces, each of which can be read without those that follow.

use flate2::{Compression, write::GzEncoder};
use std::{
    fs::File,
    io::{self, Write},
    mem,
    path::Path,
};

/// The bytes of a piece on their way into a file.
#[derive(Debug)]
enum Piece {
    Plain(Vec<u8>),
    Gzip(GzEncoder<Vec<u8>>),
}

impl Piece {
    fn new(gzip: Option<Compression>) -> Self {
        match gzip {
            Some(level) => Self::Gzip(GzEncoder::new(Vec::new(), level)),
            None => Self::Plain(Vec::new()),
        }
    }
}

/// A new file in pieces: with gzip, each is a member. A killed process leaves the pieces that had ended.
#[derive(Debug)]
pub struct PieceFile {
    file: File,
    gzip: Option<Compression>,
    piece: Piece,
    is_empty: bool,
}

impl PieceFile {
    /// Creates the file, which must not be there yet.
    pub fn create_new(path: &Path, gzip: Option<Compression>) -> io::Result<Self> {
        Ok(Self {
            file: File::create_new(path)?,
            gzip,
            piece: Piece::new(gzip),
            is_empty: true,
        })
    }

    /// Puts the piece into the file; how many bytes that is there. Without a piece, nothing happens.
    pub fn end_piece(&mut self) -> io::Result<u64> {
        if mem::replace(&mut self.is_empty, true) {
            return Ok(0);
        }
        let bytes = match mem::replace(&mut self.piece, Piece::new(self.gzip)) {
            Piece::Plain(bytes) => bytes,
            Piece::Gzip(encoder) => encoder.finish()?,
        };
        self.file.write_all(&bytes)?;
        Ok(u64::try_from(bytes.len()).unwrap_or(u64::MAX))
    }
}

impl Write for PieceFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.is_empty = false;
        match &mut self.piece {
            Piece::Plain(piece) => piece.write(bytes),
            Piece::Gzip(piece) => piece.write(bytes),
        }
    }

    /// Does nothing: only whole pieces go into the file.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
