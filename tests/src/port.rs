//! Ports of this machine that nobody else is given.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use tokio::net::TcpSocket;

/// What keeps the ports of this process.
static KEPT: Mutex<Vec<TcpSocket>> = Mutex::new(Vec::new());

/// A free port of 127.0.0.1 that stays this test's own until its process ends.
///
/// A socket is bound to it and never listens, so the system gives the port to nobody who asks for any, be it to
/// listen or to connect from. A program that asks for this very port gets it if it sets `SO_REUSEADDR`, as servers do
/// (socket(7)); until then, and when it has ended, connections are refused.
pub fn own_port() -> Result<u16> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let port = socket.local_addr()?.port();
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).push(socket);
    Ok(port)
}
