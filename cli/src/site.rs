//! `site add`, `list`, `keys`: the products that embed the widget.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use serde_json::json;
use server::http::origin::normalize;
use server::{crypto, random};
use store::{NewSite, Site};

use crate::config::{self, Flags, ServeFlags};
use crate::installation;

/// The commands of `site`.
#[derive(Debug, Subcommand)]
pub enum SiteCommand {
    /// Add a site and print its keys; the secret key is shown only once
    Add {
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
    },
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
}

pub async fn run(command: SiteCommand) -> Result<()> {
    match command {
        SiteCommand::Add { name, origin, identity_key, verified_only, flags, json } => {
            let identity_key = identity_key.map(|file| read_key(&file)).transpose()?;
            let origins = origin.iter().map(|text| read_origin(text)).collect::<Result<Vec<_>>>()?;
            add(&flags, name, origins, identity_key, verified_only, json).await
        }
        SiteCommand::List { flags, json } => list(&flags, json).await,
        SiteCommand::Keys { name, flags, json } => keys(&flags, &name, json).await,
    }
}

async fn add(
    flags: &Flags,
    name: String,
    origins: Vec<String>,
    identity_key: Option<String>,
    verified_only: bool,
    json: bool,
) -> Result<()> {
    let store = installation::visit(&config::load(flags, &ServeFlags::default())?)?;
    let public_key = random::public_key();
    let secret_key = random::secret("sk_");
    let identity_secret = random::secret("");
    let site = NewSite {
        name: name.clone(),
        public_key: public_key.as_str().into(),
        secret_hash: crypto::digest(&secret_key),
        identity_secret: identity_secret.clone(),
        identity_key,
        origins,
        verified_only,
    };
    store.add_site(site).await?;
    if json {
        let keys = json!({
            "name": name, "public_key": public_key, "secret_key": secret_key, "identity_secret": identity_secret
        });
        println!("{keys}");
    } else {
        println!("public_key       {public_key}   for the script tag");
        println!(
            "secret_key       {secret_key}   for your backend; shown only now, since it is stored as a hash"
        );
        println!("identity_secret  {identity_secret}   signs identity tokens (HS256) in your backend");
    }
    Ok(())
}

async fn list(flags: &Flags, json: bool) -> Result<()> {
    let store = installation::visit(&config::load(flags, &ServeFlags::default())?)?;
    let sites = store.sites().await?;
    if json {
        let row = |site: &Site| json!({ "name": site.name, "public_key": site.public_key, "origins": site.origins });
        println!("{}", sites.iter().map(row).collect::<serde_json::Value>());
        return Ok(());
    }
    if sites.is_empty() {
        println!("There are no sites yet. Add one: tabiji site add NAME --origin https://app.example.com");
    }
    for site in sites {
        println!("{:<20} {}  {}", site.name, site.public_key, site.origins.join(" "));
    }
    Ok(())
}

async fn keys(flags: &Flags, name: &str, json: bool) -> Result<()> {
    let store = installation::visit(&config::load(flags, &ServeFlags::default())?)?;
    let sites = store.sites().await?;
    let Some(site) = sites.iter().find(|site| site.name == name) else {
        bail!("there is no site named {name}: `tabiji site list` shows all");
    };
    if json {
        println!("{}", json!({ "public_key": site.public_key, "identity_secret": site.identity_secret }));
    } else {
        println!("public_key       {}", site.public_key);
        println!("identity_secret  {}", site.identity_secret);
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

fn read_key(file: &PathBuf) -> Result<String> {
    let pem = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    jsonwebtoken::DecodingKey::from_ed_pem(pem.as_bytes())
        .with_context(|| format!("{} is not a PEM file with an Ed25519 public key", file.display()))?;
    Ok(pem)
}
