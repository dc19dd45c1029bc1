//! `erase`: a person or an account, at a running collector with the site's secret key. It prints the receipt.

use anyhow::Result;
use clap::Subcommand;
use serde_json::Value;

use crate::collector::Collector;
use crate::print::say;

/// Who is erased.
#[derive(Debug, Subcommand)]
pub enum Erase {
    /// A person, in all accounts of the site
    User {
        /// The person's id, as your product names them
        id: String,
        #[command(flatten)]
        collector: Collector,
    },
    /// An account, with everybody in it
    Account {
        /// The account's id
        id: String,
        #[command(flatten)]
        collector: Collector,
    },
}

pub async fn run(erase: Erase) -> Result<()> {
    let (what, id, collector) = match &erase {
        Erase::User { id, collector } => ("users", id, collector),
        Erase::Account { id, collector } => ("accounts", id, collector),
    };
    let receipt: Value = collector.delete(&[what, id]).await?;
    say!("{}", serde_json::to_string_pretty(&receipt)?);
    Ok(())
}
