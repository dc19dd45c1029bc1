//! `link`: a one-time link into the console. The link alone goes to standard output, for scripts; what it is good for
//! stands beside it.

use anyhow::Result;
use clap::Args;
use protocol::console::SecurityKind;
use server::clock::{Clock, SystemClock};
use server::console::auth::links::{LIFETIME, new_link};
use store::{Grant, Role, VisibleSites};

use crate::config::{self, Flags, ServeFlags};
use crate::operator::{self, RoleName};
use crate::print::{aside, say};
use crate::{installation, moment, running};

/// Who the link is for.
#[derive(Args, Debug)]
pub struct Link {
    /// For an agent of this site only; may be repeated
    #[arg(long, value_name = "NAME")]
    site: Vec<String>,
    /// For this email address, which may already have a password
    #[arg(long)]
    email: Option<String>,
    /// What they may do [default: admin for every site, agent for named ones]
    #[arg(long, value_enum)]
    role: Option<RoleName>,
    #[command(flatten)]
    flags: Flags,
    #[command(flatten)]
    serve: ServeFlags,
}

/// Prints a link.
pub async fn run(Link { site: sites, email, role, flags, serve }: Link) -> Result<()> {
    let config = config::beside(&flags, &serve)?;
    let store = installation::visit(&config)?;
    let email = email.map(|email| email.trim().to_lowercase());
    let known = match &email {
        Some(email) => store.operator(email).await?,
        None => None,
    };
    let is_new = known.is_none();
    // An operator who only forgot the password may do what they could.
    let known = known.map(|known| known.grant);
    let grant = match &known {
        Some(known) if sites.is_empty() => known.clone(),
        _ => match operator::visible(&*store, &sites).await? {
            VisibleSites::All => Grant::ALL,
            sites @ VisibleSites::Only(_) => Grant { sites, role: Role::Agent },
        },
    };
    let role = role.map(RoleName::role).or(known.map(|known| known.role)).unwrap_or(grant.role);
    let grant = Grant { role, ..grant };
    let what = seen(&grant, &sites);
    let app = installation::app(config, store);
    let link = new_link(&app, grant, email.clone()).await?;
    installation::note(&*app.store, SecurityKind::LinkMade, None, email.as_deref().unwrap_or_default())
        .await?;
    say!("{}/console/welcome#{link}", app.config.public_url);
    let who = match (&email, is_new) {
        (Some(email), false) => format!("{email}, who chooses a new password with it"),
        (Some(email), true) => email.clone(),
        (None, _) => "one new operator".to_owned(),
    };
    let until = moment::text(SystemClock.now() + LIFETIME);
    aside!("for {who}; opens {what}; works once, until {until}");
    if running::serves_now(&app.config.data).is_none() {
        aside!("the collector does not run yet: tabiji serve --data {}", app.config.data.display());
    }
    Ok(())
}

fn seen(grant: &Grant, names: &[String]) -> String {
    let sites = match &grant.sites {
        VisibleSites::All => "every site".to_owned(),
        VisibleSites::Only(_) if names.is_empty() => "the sites of this operator".to_owned(),
        VisibleSites::Only(_) => names.join(", "),
    };
    format!("{sites} as {}", grant.role.word())
}
