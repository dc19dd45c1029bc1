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
        }
    }
}
