//! What the outbox reports to the rest of the widget.

/// Something that the outbox learned.
pub enum News {
    /// The collector has these.
    Stored(Vec<String>),
    /// Nothing gets through, or it does again.
    Offline(bool),
    /// An event was larger than a collector takes; it was not kept.
    TooLarge,
    /// The collector does not take events of this sender; the answer's status and text.
    Refused(u16, String),
}
