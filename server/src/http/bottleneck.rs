//! What requests wait for when a collector is busy.

/// What a busy collector has too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bottleneck {
    /// Requests whose bodies are being read.
    Requests,
    /// Writes that wait for the disk.
    Writes,
    /// Chat connections that have not said hello.
    Handshakes,
    /// Uploads, in all or of this file.
    Uploads,
    /// Passwords that are being checked.
    Passwords,
    /// What one client has open.
    Client,
    /// Everything, because the collector stops.
    Stopping,
    /// What the guests of a site have open.
    Guests,
}

impl Bottleneck {
    /// The sentence that says it.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Requests => "The collector reads as many requests as it can.",
            Self::Writes => "The write queue is full.",
            Self::Handshakes => "Too many chat connections are being opened.",
            Self::Uploads => "This upload, or too many others, is being written.",
            Self::Passwords => "Too many passwords are being checked.",
            Self::Stopping => "The collector is being stopped or restarted.",
            Self::Client => "This client has as many requests open as one may have.",
            Self::Guests => "The guests of this site have as many requests open as they may have.",
        }
    }
}
