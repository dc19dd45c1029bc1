//! `site set` and `site rotate`: a site's settings and secrets. A running collector takes them up within a second.

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use clap::Args;
use protocol::Millis;
use protocol::console::SecurityKind;
use server::clock::{Clock, SystemClock};
use server::{crypto, random};
use store::Site;

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
    /// A PEM file with your Ed25519 public key, if you sign identity tokens with EdDSA; what counted before counts for a day
    #[arg(long, value_name = "FILE")]
    identity_key: Option<PathBuf>,
    #[command(flatten)]
    flags: Flags,
}

/// How many hours a replaced key counts where nothing else is said.
const OVERLAP: i64 = 24;

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
        replace_identity_key(&mut site, read_key(file)?, SystemClock.now() + OVERLAP * HOUR);
    }
    if site == before {
        bail!("nothing to change: name --origin, --remove-origin, --name, --verified-only or --identity-key");
    }
    store.update_site(site.clone()).await?;
    installation::note(&*store, SecurityKind::SiteChanged, Some(site.id), &site.name).await?;
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
    /// Verify identity tokens (EdDSA) with the Ed25519 public key in this PEM file from now on; a shared secret counts no
    /// longer then
    #[arg(long, value_name = "FILE")]
    identity_key: Option<PathBuf>,
    /// Replace the secret with which the collector signs addresses of files; nobody else has it
    #[arg(long)]
    signing_secret: bool,
    /// How many hours the old one counts beside the new one; 0 if it has leaked
    #[arg(long, value_name = "HOURS", default_value_t = OVERLAP, value_parser = clap::value_parser!(i64).range(0..=720))]
    overlap: i64,
    #[command(flatten)]
    flags: Flags,
}

pub async fn rotate(rotate: Rotate) -> Result<()> {
    let Rotate { site: name, secret_key, identity_secret, identity_key, signing_secret, overlap, flags } =
        rotate;
    ensure!(
        secret_key || identity_secret || signing_secret || identity_key.is_some(),
        "say what to replace: --secret-key, --identity-secret, --identity-key FILE or --signing-secret; more than one \
         will do"
    );
    let store = installation::visit(&config::load(&flags, &ServeFlags::default())?)?;
    let mut site = installation::site(&*store, Some(&name)).await?;
    ensure!(
        !identity_secret || (site.identity_key.is_none() && identity_key.is_none()),
        "{name} verifies identity tokens with a public key: replace that with --identity-key FILE"
    );
    let until = SystemClock.now() + overlap * HOUR;
    let fresh_key = secret_key.then(|| random::secret("sk_"));
    if let Some(key) = &fresh_key {
        let old = std::mem::replace(&mut site.settings.secret_hash, crypto::digest(key));
        site.previous.secret_hash = Some((old, until));
    }
    if identity_secret {
        let old = std::mem::replace(&mut site.settings.identity_secret, random::secret(""));
        site.previous.identity_secret = Some((old, until));
    }
    if let Some(file) = &identity_key {
        replace_identity_key(&mut site, read_key(file)?, until);
    }
    if signing_secret {
        let old = std::mem::replace(&mut site.settings.signing_secret, random::secret(""));
        site.previous.signing_secret = Some((old, until));
    }
    store.update_site(site.clone()).await?;
    let which = [
        (secret_key, "secret key"),
        (identity_secret, "identity secret"),
        (identity_key.is_some(), "public key"),
        (signing_secret, "signing secret"),
    ];
    let which: Vec<_> = which.into_iter().filter(|(is_new, _)| *is_new).map(|(_, name)| name).collect();
    installation::note(&*store, SecurityKind::KeysRotated, Some(site.id), &which.join(", ")).await?;
    if let Some(key) = fresh_key {
        say!("secret_key       {key}   shown only now, since it is stored as a hash");
    }
    if identity_secret {
        say!("identity_secret  {}", site.identity_secret);
    }
    match overlap {
        0 => say!("The old one counts no longer."),
        _ => say!("The old one counts until {}; --overlap 0 ends it at once.", moment::text(until)),
    }
    Ok(())
}

/// Verifies with another public key. What verified before counts until a time: the public key, or the shared secret, which
/// nobody has to keep after that.
fn replace_identity_key(site: &mut Site, pem: String, until: Millis) {
    match site.settings.identity_key.replace(pem) {
        Some(old) => site.previous.identity_key = Some((old, until)),
        None => {
            let shared = std::mem::replace(&mut site.settings.identity_secret, random::secret(""));
            site.previous.identity_secret = Some((shared, until));
        }
    }
}

#[cfg(test)]
mod tests {
    use store::{NewSite, PreviousKeys, SiteId};

    use super::*;

    #[test]
    fn s12_a_public_key_takes_the_place_of_the_shared_secret_and_then_of_the_key_before() {
        let settings = NewSite {
            name: "demo".into(),
            public_key: "pk_demo".into(),
            secret_hash: [0; 32],
            identity_secret: "shared".into(),
            identity_key: None,
            signing_secret: "signing".into(),
            origins: vec![],
            verified_only: false,
        };
        let mut site = Site { id: SiteId(1), settings, previous: PreviousKeys::default() };
        replace_identity_key(&mut site, "first".into(), 10);
        assert_eq!(
            (site.identity_key.as_deref(), site.previous.identity_secret(9)),
            (Some("first"), Some("shared"))
        );
        assert_ne!(site.identity_secret, "shared", "taking the key away again brings it not back");
        replace_identity_key(&mut site, "second".into(), 20);
        assert_eq!(
            (site.identity_key.as_deref(), site.previous.identity_key(19)),
            (Some("second"), Some("first"))
        );
        assert_eq!((site.previous.identity_key(20), site.previous.identity_secret(10)), (None, None));
    }
}
