//! What a form did, in the address of the page that says it.

/// Writes a text so that any address can carry it.
pub fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"))
}

/// Undoes [`encode`]; anything else stays as it is.
pub fn decode(text: &str) -> String {
    let byte = |pair: &str| u8::from_str_radix(pair, 16).ok();
    let bytes: Option<Vec<u8>> = text.split('%').skip(1).map(byte).collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}
