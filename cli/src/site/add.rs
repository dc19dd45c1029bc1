//! `site add`: the keys, the tag for the product's pages, and the page of the console that ticks as it starts to work.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use protocol::console::SecurityKind;
use serde_json::json;
use server::config::Config;
use server::console::auth::links::new_link;
use server::web::assets;
use server::{crypto, random};
use store::{Grant, NewSite, Store};

use super::{read_key, read_origins};
use crate::config::{self, Flags, ServeFlags};
use crate::print::say;
use crate::{installation, running};

/// A site to be added.
#[derive(Args, Debug)]
pub struct Add {
    /// The site's name
    name: String,
    /// An origin whose pages embed it, such as https://app.example.com; may be repeated
    #[arg(long, required = true, value_name = "URL")]
    origin: Vec<String>,
    /// A PEM file with your Ed25519 public key, if you sign identity tokens with EdDSA
    #[arg(long, value_name = "FILE")]
    identity_key: Option<PathBuf>,
    /// Refuse visitors without an identity token
    #[arg(long)]
    verified_only: bool,
    #[command(flatten)]
    flags: Flags,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(add: Add) -> Result<()> {
    let identity_key = add.identity_key.as_deref().map(read_key).transpose()?;
    let origins = read_origins(&add.origin)?;
    let config = config::beside(&add.flags, &ServeFlags::default())?;
    let store = installation::visit(&config)?;
    let secret_key = random::secret("sk_");
    let site = NewSite {
        name: add.name,
        public_key: random::public_key().as_str().into(),
        secret_hash: crypto::digest(&secret_key),
        identity_secret: random::secret(""),
        identity_key,
        signing_secret: random::secret(""),
        origins,
        verified_only: add.verified_only,
    };
    let id = store.add_site(site.clone()).await?;
    installation::note(&*store, SecurityKind::SiteAdded, Some(id), &site.name).await?;
    if add.json {
        let keys = json!({
            "name": site.name, "public_key": site.public_key, "secret_key": secret_key,
            "identity_secret": site.identity_secret, "tag": tag(&config, &site), "pinned_tag": pinned_tag(&config, &site),
            "page": page(&config, &site),
        });
        say!("{keys}");
        return Ok(());
    }
    let is_first = store.operators().await?.is_empty();
    let page = page(&config, &site);
    let page = if is_first { format!("{page}#{}", first_link(&config, store).await?) } else { page };
    say!("{}", first_steps(&config, &site, &secret_key, &page, is_first).trim_end());
    if running::serves_now(&config.data).is_none() {
        say!("\nThe collector does not run yet: tabiji serve --data {}", config.data.display());
    }
    Ok(())
}

/// The script tag of a site.
fn tag(config: &Config, site: &NewSite) -> String {
    let (url, key) = (&config.public_url, &site.public_key.0);
    format!("<script async src=\"{url}/tabiji.js\" data-site=\"{key}\"></script>")
}

/// The tag that takes this version of the loader and no other; none where this binary has no widget in it.
fn pinned_tag(config: &Config, site: &NewSite) -> Option<String> {
    let (url, key, name) = (&config.public_url, &site.public_key.0, assets::PINNED);
    let hash = assets::integrity()?;
    let source = format!("src=\"{url}/{name}\" integrity=\"{hash}\" crossorigin=\"anonymous\"");
    Some(format!("<script async {source} data-site=\"{key}\"></script>"))
}

/// The page of the console that shows what works.
fn page(config: &Config, site: &NewSite) -> String {
    format!("{}/console/integration?site={}", config.public_url, site.public_key.0)
}

/// The first operator comes in by the same address.
async fn first_link(config: &Config, store: std::sync::Arc<dyn Store>) -> Result<String> {
    let app = installation::app(config.clone(), store);
    Ok(new_link(&app, Grant::ALL, None).await?)
}

fn first_steps(config: &Config, site: &NewSite, secret_key: &str, page: &str, is_first: bool) -> String {
    let tag = tag(config, site);
    let NewSite { name, public_key, identity_secret, origins, .. } = site;
    let pinned = pinned_tag(config, site).map_or_else(String::new, |tag| {
        format!("   or, for this version and no other (docs/embedding.md says what that asks of you):\n\n   {tag}\n\n")
    });
    let (public_key, url, origins) = (&public_key.0, &config.public_url, origins.join(", "));
    let how = if is_first {
        "Open this page; it asks for an email address and a password (the link works once, within a day):"
    } else {
        "Open this page in the console:"
    };
    format!(
        "public_key       {public_key}   for the script tag
secret_key       {secret_key}   for your backend; shown only now, since it is stored as a hash
identity_secret  {identity_secret}   signs identity tokens (HS256) in your backend

1. Put this tag into the pages of {origins}:

   {tag}

{pinned}2. {how}

   {page}

   It ticks by itself what works, and shows every refusal with what to do about it.

3. Write your setup and publish it:

   tabiji flow new flow.toml
   TABIJI_SECRET_KEY={secret_key} tabiji publish flow.toml --url {url}

4. Try it as somebody who is signed in to your product:

   tabiji token --site {name} --user user-1 --account acct-1 --data {data}
",
        data = config.data.display()
    )
}
