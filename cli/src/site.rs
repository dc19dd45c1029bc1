//! `site add`, `list`, `keys`, `set`, `rotate`, `remove`: the products that embed the widget
//! (`docs/decisions/0016-first-minutes.md`).

mod add;
mod change;
mod remove;

use std::path::Path;

use anyhow::{Context, Result};
use clap::Subcommand;
use serde_json::json;
use server::http::origin::normalize;
use store::Site;

use crate::config::{self, Flags, ServeFlags};
use crate::installation;
use crate::print::say;

/// The commands of `site`.
#[derive(Debug, Subcommand)]
pub enum SiteCommand {
    /// Add a site; prints its keys (the secret key only once), its tag, and where to watch it work
    Add(add::Add),
    /// List the sites
    List {
        #[command(flatten)]
        flags: Flags,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print a site's public key and identity secret
    Keys {
        /// The site's name
        name: String,
        #[command(flatten)]
        flags: Flags,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Change a site's name, origins or rules; keys and history stay
    Set(change::Set),
    /// Replace a secret of a site; the old one counts for a while
    Rotate(change::Rotate),
    /// Remove a site with everything that it has collected
    Remove(remove::Remove),
}

pub async fn run(command: SiteCommand) -> Result<()> {
    match command {
        SiteCommand::Add(add) => add::run(add).await,
        SiteCommand::List { flags, json } => list(&flags, json).await,
        SiteCommand::Keys { name, flags, json } => keys(&flags, &name, json).await,
        SiteCommand::Set(set) => change::set(set).await,
        SiteCommand::Rotate(rotate) => change::rotate(rotate).await,
        SiteCommand::Remove(remove) => remove::run(remove).await,
    }
}

async fn list(flags: &Flags, json: bool) -> Result<()> {
    let store = installation::visit(&config::load(flags, &ServeFlags::default())?)?;
    let sites = store.sites().await?;
    if json {
        let row = |site: &Site| json!({ "name": site.name, "public_key": site.public_key, "origins": site.origins });
        say!("{}", sites.iter().map(row).collect::<serde_json::Value>());
        return Ok(());
    }
    if sites.is_empty() {
        say!("There are no sites yet. Add one: tabiji site add NAME --origin https://app.example.com");
    }
    for site in sites {
        say!("{:<20} {}  {}", site.name, site.public_key, site.origins.join(" "));
    }
    Ok(())
}

async fn keys(flags: &Flags, name: &str, json: bool) -> Result<()> {
    let store = installation::visit(&config::load(flags, &ServeFlags::default())?)?;
    let site = installation::site(&*store, Some(name)).await?;
    if json {
        say!("{}", json!({ "public_key": site.public_key, "identity_secret": site.identity_secret }));
    } else {
        say!("public_key       {}", site.public_key);
        say!("identity_secret  {}", site.identity_secret);
    }
    Ok(())
}

fn read_origin(text: &str) -> Result<String> {
    normalize(text).with_context(|| {
        format!(
            "{text:?} is not an origin: write scheme, host and port only, such as https://app.example.com"
        )
    })
}

fn read_origins(texts: &[String]) -> Result<Vec<String>> {
    texts.iter().map(|text| read_origin(text)).collect()
}

fn read_key(file: &Path) -> Result<String> {
    let pem = crate::text_file::read(file)?;
    jsonwebtoken::DecodingKey::from_ed_pem(pem.as_bytes())
        .with_context(|| format!("{} is not a PEM file with an Ed25519 public key", file.display()))?;
    Ok(pem)
}
