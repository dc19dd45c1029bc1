//! `token`: an identity token as the host's backend signs it, to try one before the backend does.

use anyhow::{Context, Result, ensure};
use clap::Args;
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::json;
use server::clock::{Clock, SystemClock};

use crate::config::{self, Flags, ServeFlags};
use crate::print::{aside, say};
use crate::{installation, moment};

/// Who the token is for.
#[derive(Args, Debug)]
pub struct Token {
    /// The site's name; the only site when left out
    #[arg(long, value_name = "NAME")]
    site: Option<String>,
    /// The person's id in your product
    #[arg(long, value_name = "ID")]
    user: String,
    /// The id of their company in your product: progress belongs to it
    #[arg(long, value_name = "ID")]
    account: String,
    /// The person's name, which colleagues see
    #[arg(long)]
    name: Option<String>,
    /// How long it is valid
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..=24))]
    hours: i64,
    #[command(flatten)]
    flags: Flags,
}

/// Prints the token, and beside it how to use it.
pub async fn run(token: Token) -> Result<()> {
    let store = installation::visit(&config::load(&token.flags, &ServeFlags::default())?)?;
    let site = installation::site(&*store, token.site.as_deref()).await?;
    ensure!(
        site.identity_key.is_none(),
        "{} verifies identity tokens with your public key: only your backend, which has the private one, can sign them",
        site.name
    );
    let expires = SystemClock.now() / 1000 + token.hours * 60 * 60;
    let mut claims = json!({
        "sub": token.user, "account": token.account, "aud": site.public_key, "exp": expires
    });
    if let Some(name) = token.name {
        claims["name"] = name.into();
    }
    let key = EncodingKey::from_secret(site.identity_secret.as_bytes());
    say!("{}", encode(&Header::default(), &claims, &key).context("cannot sign it")?);
    aside!(
        "valid until {}; in your page: tabiji('identify', '{}', {{ token: '…' }})",
        moment::text(expires * 1000),
        token.user
    );
    Ok(())
}
