//! A proxy between browsers and the collector that is slow, stalls or cuts connections, as networks do.

use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// What the proxy lets through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// Bytes a second towards the browser, on each connection; 0 stalls.
    pub rate: u32,
    /// Additional delay of each piece, in both directions.
    pub delay: Duration,
}

impl Quality {
    /// No throttling.
    pub const GOOD: Self = Self { rate: u32::MAX, delay: Duration::ZERO };

    /// Throttled to this many bytes a second.
    pub fn rate(rate: u32) -> Self {
        Self { rate, ..Self::GOOD }
    }
}

/// A running proxy. Dropping it closes its connections.
pub struct ThrottledProxy {
    quality: watch::Sender<Quality>,
    cuts: watch::Sender<u64>,
    listening: AbortHandle,
    /// The address that browsers use instead of the collector's.
    pub url: String,
}

impl Drop for ThrottledProxy {
    fn drop(&mut self) {
        self.listening.abort();
        self.cut();
    }
}

impl ThrottledProxy {
    /// Starts a proxy to `url`, without throttling.
    pub async fn to(url: &str) -> Result<Self> {
        let far = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (quality, qualities) = watch::channel(Quality::GOOD);
        let (cuts, cut) = watch::channel(0);
        let listening = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (far, qualities, mut cut) = (far.clone(), qualities.clone(), cut.clone());
                cut.mark_unchanged();
                tokio::spawn(async move {
                    // When one end closes, the other is closed, too.
                    let Ok(far) = TcpStream::connect(far).await else { return };
                    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                    tokio::select! {
                        () = carry(near_in, far_out, qualities.clone(), false) => {}
                        () = carry(far_in, near_out, qualities, true) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Ok(Self { quality, cuts, listening: listening.abort_handle(), url })
    }

    /// Changes what the proxy lets through from now on.
    pub fn set(&self, quality: Quality) {
        self.quality.send_replace(quality);
    }

    /// Cuts every connection; new ones are accepted.
    pub fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
}

/// Pieces are small, so that throttling starts with the first byte.
const PIECE: usize = 1024;

async fn carry(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut qualities: watch::Receiver<Quality>,
    paced: bool,
) {
    let mut piece = [0; PIECE];
    while let Ok(n @ 1..) = from.read(&mut piece).await {
        if paced && qualities.wait_for(|now| now.rate > 0).await.is_err() {
            return;
        }
        let Quality { rate, delay } = *qualities.borrow();
        let pace = if paced { Duration::from_secs_f64(n as f64 / f64::from(rate)) } else { Duration::ZERO };
        tokio::time::sleep(delay + pace).await;
        if to.write_all(&piece[..n]).await.is_err() {
            return;
        }
    }
}
