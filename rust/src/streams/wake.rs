//! Wakes an event loop of Python by a byte in a socket, without the interpreter.

use std::{
    io::{self, ErrorKind, Read, Write},
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

#[cfg(unix)]
type Socket = std::os::unix::net::UnixStream;
#[cfg(not(unix))]
type Socket = std::net::TcpStream;

/// A pair of connected sockets: what is written into one can be read from the other.
#[cfg(unix)]
fn pair() -> io::Result<(Socket, Socket)> {
    Socket::pair()
}

#[cfg(not(unix))]
fn pair() -> io::Result<(Socket, Socket)> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    let writer = Socket::connect(listener.local_addr()?)?;
    let (reader, from) = listener.accept()?;
    if from != writer.local_addr()? {
        return Err(io::Error::other("another process has connected"));
    }
    Ok((writer, reader))
}

#[derive(Debug)]
struct Pair {
    writer: Socket,
    reader: Socket,
}

/// An alarm that a reader sets before it sleeps in an event loop.
#[derive(Debug, Default)]
pub struct Wake {
    is_armed: AtomicBool,
    /// Made for the first reader in an event loop: others need no sockets.
    pair: OnceLock<Pair>,
}

impl Wake {
    fn pair(&self) -> io::Result<&Pair> {
        if let Some(pair) = self.pair.get() {
            return Ok(pair);
        }
        let (writer, reader) = pair()?;
        writer.set_nonblocking(true)?;
        reader.set_nonblocking(true)?;
        Ok(self.pair.get_or_init(|| Pair { writer, reader }))
    }

    /// Takes old alarms back, and has the next `wake` make the socket readable.
    pub fn arm(&self) -> io::Result<()> {
        let Pair { reader, .. } = self.pair()?;
        let mut bytes = [0; 64];
        while matches!((&*reader).read(&mut bytes), Ok(count) if count > 0) {}
        self.is_armed.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// Makes the socket readable if the alarm is set.
    pub fn wake(&self) {
        if self.is_armed.swap(false, Ordering::SeqCst)
            && let Some(Pair { writer, .. }) = self.pair.get()
        {
            // A full socket is readable already.
            match (&*writer).write(&[1]) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => tracing::warn!(%error, "an event loop could not be woken"),
            }
        }
    }

    /// The descriptor of the socket that becomes readable.
    #[cfg(unix)]
    pub fn descriptor(&self) -> io::Result<i64> {
        use std::os::fd::AsRawFd;
        Ok(self.pair()?.reader.as_raw_fd().into())
    }

    /// The handle of the socket that becomes readable.
    #[cfg(windows)]
    pub fn descriptor(&self) -> io::Result<i64> {
        use std::os::windows::io::AsRawSocket;
        Ok(i64::try_from(self.pair()?.reader.as_raw_socket()).unwrap_or(-1))
    }
}
