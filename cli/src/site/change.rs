//! `site set` and `site rotate`: a site's settings and secrets. A running collector takes them up within a second.

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use clap::Args;
use protocol::Millis;
use server::clock::{Clock, SystemClock};
use server::{crypto, random};

use super::{read_key, read_origins};
use crate::config::{self, Flags, ServeFlags};
use crate::print::say;
use crate::{installation, moment};

/// An hour in milliseconds.
const HOUR: Millis = 60 * 60 * 1000;

/// What to change of a site.
#[derive(Args, Debug)]
pub struct Set {
    /// The site's name
    site: String,
    /// Another name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Another origin whose pages embed it; may be repeated
    #[arg(long, value_name = "URL")]
    origin: Vec<String>,
    /// An origin that embeds it no longer; may be repeated
    #[arg(long, value_name = "URL")]
    remove_origin: Vec<String>,
    /// Whether visitors without an identity token are refused
    #[arg(long, value_name = "true|false")]
    verified_only: Option<bool>,
    /// A PEM file with your Ed25519 public key, if you sign identity tokens with EdDSA
    #[arg(long, value_name = "FILE")]
    identity_key: Option<PathBuf>,
    #[command(flatten)]
    flags: Flags,
}

pub async fn set(set: Set) -> Result<()> {
    let store = installation::visit(&config::load(&set.flags, &ServeFlags::default())?)?;
    let mut site = installation::site(&*store, Some(&set.site)).await?;
    let before = site.clone();
    let (added, removed) = (read_origins(&set.origin)?, read_origins(&set.remove_origin)?);
    let settings = &mut site.settings;
    for origin in &removed {
        ensure!(
            settings.origins.contains(origin),
            "{origin} is not on the list: {}",
            settings.origins.join(" ")
        );
    }
    settings.origins.retain(|origin| !removed.contains(origin));
    for origin in added {
        if !settings.origins.contains(&origin) {
            settings.origins.push(origin);
        }
    }
    ensure!(
        !settings.origins.is_empty(),
        "a site needs at least one origin: add another one in the same command"
    );
    if let Some(name) = set.name {
        settings.name = name;
    }
    settings.verified_only = set.verified_only.unwrap_or(settings.verified_only);
    if let Some(file) = &set.identity_key {
        settings.identity_key = Some(read_key(file)?);
    }
    if site == before {
        bail!("nothing to change: name --origin, --remove-origin, --name, --verified-only or --identity-key");
    }
    store.update_site(site.clone()).await?;
    say!("{:<20} {}  {}", site.name, site.public_key, site.origins.join(" "));
    Ok(())
}

/// What to replace of a site.
#[derive(Args, Debug)]
pub struct Rotate {
    /// The site's name
    site: String,
    /// Replace the secret key of your backend (sk_…)
    #[arg(long)]
    secret_key: bool,
    /// Replace the secret that signs identity tokens
    #[arg(long)]
    identity_secret: bool,
    /// How many hours the old one counts beside the new one; 0 if it has leaked
    #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(i64).range(0..=720))]
    overlap: i64,
    #[command(flatten)]
    flags: Flags,
}

pub async fn rotate(rotate: Rotate) -> Result<()> {
    ensure!(
        rotate.secret_key || rotate.identity_secret,
        "say what to replace: --secret-key, --identity-secret, or both"
    );
    let store = installation::visit(&config::load(&rotate.flags, &ServeFlags::default())?)?;
    let mut site = installation::site(&*store, Some(&rotate.site)).await?;
    let until = SystemClock.now() + rotate.overlap * HOUR;
    let secret_key = rotate.secret_key.then(|| random::secret("sk_"));
    if let Some(key) = &secret_key {
        let old = std::mem::replace(&mut site.settings.secret_hash, crypto::digest(key));
        site.previous.secret_hash = Some((old, until));
    }
    if rotate.identity_secret {
        let old = std::mem::replace(&mut site.settings.identity_secret, random::secret(""));
        site.previous.identity_secret = Some((old, until));
    }
    store.update_site(site.clone()).await?;
    if let Some(key) = secret_key {
        say!("secret_key       {key}   shown only now, since it is stored as a hash");
    }
    if rotate.identity_secret {
        say!("identity_secret  {}", site.identity_secret);
    }
    match rotate.overlap {
        0 => say!("The old one counts no longer."),
        _ => say!("The old one counts until {}; --overlap 0 ends it at once.", moment::text(until)),
    }
    Ok(())
}
