//! Who is connected to the chat, and what a connection may cost.

use std::sync::Arc;
use std::time::Duration;

use super::hub::Hub;
use super::person_limits::PersonLimits;
use super::shares::Shares;
use crate::http::Client;

/// Sockets of all clients that have not sent their hello.
const MAX_HANDSHAKES: usize = 4096;

/// The connections of the chat.
pub struct Connections {
    /// Who is subscribed to what.
    pub hub: Hub,
    /// What one person may send.
    pub(crate) limits: PersonLimits,
    /// Sockets that have not sent their hello.
    pub(crate) handshakes: Shares<Client>,
    /// One more reference for each open socket.
    open: Arc<()>,
}

/// An open socket; dropped, it is closed.
pub struct OpenSocket(#[expect(dead_code, reason = "only its reference counts")] Arc<()>);

impl Connections {
    /// Nobody is connected; one client may have so many handshakes open.
    pub fn new(handshakes: usize) -> Self {
        Self {
            hub: Hub::default(),
            limits: PersonLimits::default(),
            handshakes: Shares::new(handshakes, MAX_HANDSHAKES),
            open: Arc::default(),
        }
    }

    /// Counts a socket as open until the guard is dropped.
    pub(crate) fn count_socket(&self) -> OpenSocket {
        OpenSocket(Arc::clone(&self.open))
    }

    /// How many sockets are open.
    pub(crate) fn sockets(&self) -> usize {
        Arc::strong_count(&self.open) - 1
    }

    /// Waits until every open socket has been closed in an orderly way.
    pub async fn wait_for_disconnects(&self) {
        while self.sockets() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
