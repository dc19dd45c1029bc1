//! One way to the collector: a socket, or where none gets through an event stream with posts beside it. Both carry
//! the same frames.

mod event_stream;
mod post;
mod socket;

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsValue;

pub use event_stream::connect as connect_stream;
pub use post::post_frames;
pub use socket::Socket;

/// Milliseconds that a transport may take to connect.
const CONNECT: u32 = 4_000;
/// Milliseconds that an answer may take.
const ANSWER: u32 = 10_000;
/// Milliseconds that the answer to a ping may take.
pub const PING: u32 = 3_000;

/// A connection that stands or is about to. Dropping it closes it without a word.
pub trait Transport {
    /// Sends a frame. Where the collector answers frames of this kind, the transport ends when no answer comes
    /// within `patience` milliseconds.
    fn ask(&self, frame: &JsValue, patience: Option<u32>);
    /// Closes it and says so.
    fn end(&self);
}

/// Connects to the collector at an address by an event stream, with a hello.
type ConnectStream = fn(String, JsValue, Events) -> Rc<dyn Transport>;

thread_local! {
    /// The event stream, once it is there: few networks need it.
    pub static STREAM: Cell<Option<ConnectStream>> = const { Cell::new(None) };
}

/// What a transport tells the connection.
#[derive(Clone)]
pub struct Events {
    /// A frame came.
    pub on_frame: Rc<dyn Fn(&JsValue)>,
    /// It ended, with the code that says why; 0 when nobody said.
    pub on_end: Rc<dyn Fn(u16)>,
}

/// The kind of a frame.
fn kind(frame: &JsValue) -> String {
    crate::js::text(frame, "t")
}
