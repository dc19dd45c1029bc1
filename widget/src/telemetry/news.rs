//! What the outbox reports to the rest of the widget.

/// Something that the outbox learned.
pub enum News {
    /// The collector has these.
    Stored(Vec<String>),
    /// Nothing gets through, or it does again.
    Offline(bool),
    /// The network lets no request through although there is one: a policy of the page, or an ad blocker.
    Unreachable,
    /// Events were given up: the reason, and how many.
    Dropped(&'static str, usize),
    /// The device's storage is not what it should be; a tag says how.
    Storage(&'static str),
    /// The collector does not take events of this sender; the answer's status and text.
    Refused(u16, String),
}
