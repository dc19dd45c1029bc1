//! The collector: takes events and facts, keeps them, and serves widget and console from one port.
//!
//! A request goes through [`router`] to one handler module per noun (`session`, `events`, `facts`,
//! `accounts`, `flows`, `desk`, `help`, `media`, `chat`, `erasure`, `assets`, `console`), which asks
//! [`app::App`] for the store, the clock and the sites. Handlers know no SQL and no other handler. Every refusal is a [`http::Refusal`] with a
//! stable tag.

pub mod accounts;
pub mod app;
pub mod assets;
pub mod auth;
pub mod chat;
pub mod cli;
pub mod clock;
pub mod config;
pub mod console;
pub mod desk;
pub mod erasure;
pub mod events;
pub mod facts;
pub mod flows;
pub mod health;
pub mod help;
pub mod http;
pub mod media;
pub mod progress;
pub mod router;
pub mod secret;
pub mod session;
