//! A file as memory: the one place of the form with `unsafe`.

use memmap2::{Advice, Mmap};
use std::{fs::File, io};

/// Maps the file, whose bytes several processes then share.
///
/// The bytes are what the operating system has of the file while they are read. What reads them takes them
/// for data alone: every length and number in them is checked where it is read, and a block's checksum
/// before. If another process writes into the file meanwhile, the events can be wrong or refused, as with a
/// file that is read. A file that is cut off while it is mapped ends the process when the part that is gone
/// is read. `MarketData.save` does neither: it writes another file and puts it in the place of the old one,
/// of which a map is kept until its end.
#[allow(unsafe_code)]
pub fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: nothing of this process writes into a file that is mapped, and nothing is made of its bytes
    // but values that any bytes can give.
    let map = unsafe { Mmap::map(file)? };
    // Only a hint.
    #[cfg(unix)]
    drop(map.advise(Advice::Sequential));
    Ok(map)
}
