//! The collector as a library over a store: it takes events and facts, keeps them, and serves widget and console
//! from one port. It knows no database and no command line; the binary `tabiji` (crate `cli`) brings both.
//!
//! A request goes through [`router`], the one list of routes, to the room of its caller: [`widget`],
//! [`backend`], [`chat`], [`uploads`], [`console`] or [`web`]. Every handler names its admission ([`auth`]), asks
//! [`app::App`] for what it needs and refuses with an [`http::Refusal`] that has a stable tag. Handlers know no SQL
//! and no other handler. Reasons: `docs/decisions/0013-collector.md`.

pub mod app;
pub mod auth;
pub mod backend;
pub mod chat;
pub mod clock;
pub mod config;
pub mod console;
pub mod crypto;
pub mod erasures;
pub mod exports;
pub mod http;
pub mod legible;
pub mod openapi;
pub mod pictures;
pub mod published;
pub mod random;
pub mod router;
pub mod serve;
pub mod telemetry;
pub mod updates;
pub mod uploads;
pub mod web;
pub mod widget;
