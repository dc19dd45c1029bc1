//! Who may open the console: operators, one-time links, sessions.

mod links;
mod operators;
mod rows;
