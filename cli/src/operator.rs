//! `operator list`, `set`, `remove`: the people who may open the console.

use anyhow::{Result, bail};
use clap::Subcommand;
use store::{Grant, Site, Store};

use crate::config::{self, Flags, ServeFlags};
use crate::installation;
use crate::print::say;

/// The commands of `operator`. Revoked permissions take effect within seconds, including on open streams.
#[derive(Debug, Subcommand)]
pub enum OperatorCommand {
    /// List operators with their sites
    List {
        #[command(flatten)]
        flags: Flags,
    },
    /// Change which sites an operator sees: the named ones, or every site when none is named
    Set {
        /// The operator's email address
        email: String,
        /// A site's name; may be repeated
        #[arg(long, value_name = "NAME")]
        site: Vec<String>,
        #[command(flatten)]
        flags: Flags,
    },
    /// Remove an operator, and sign them out everywhere
    Remove {
        /// The operator's email address
        email: String,
        #[command(flatten)]
        flags: Flags,
    },
}

pub async fn run(command: OperatorCommand) -> Result<()> {
    let visit = |flags: &Flags| installation::visit(&config::load(flags, &ServeFlags::default())?);
    let (email, changed) = match command {
        OperatorCommand::List { flags } => return list(&*visit(&flags)?).await,
        OperatorCommand::Set { email, site, flags } => {
            let store = visit(&flags)?;
            let email = email.to_lowercase();
            let grant = grant(&*store, &site).await?;
            (email.clone(), store.set_grant(&email, grant).await?)
        }
        OperatorCommand::Remove { email, flags } => {
            let email = email.to_lowercase();
            (email.clone(), visit(&flags)?.remove_operator(&email).await?)
        }
    };
    if !changed {
        bail!("no operator has the address {email}: `tabiji operator list` shows all");
    }
    say!("done: {email}");
    Ok(())
}

/// Returns the grant for the named sites; for every site when none is named.
pub async fn grant(store: &dyn Store, names: &[String]) -> Result<Grant> {
    if names.is_empty() {
        return Ok(Grant::All);
    }
    let sites = store.sites().await?;
    let mut granted = Vec::new();
    for name in names {
        let Some(site) = sites.iter().find(|site| site.name == *name) else {
            bail!("there is no site named {name}: `tabiji site list` shows all");
        };
        granted.push(site.id);
    }
    Ok(Grant::Sites(granted))
}

async fn list(store: &dyn Store) -> Result<()> {
    let (sites, operators) = (store.sites().await?, store.operators().await?);
    if operators.is_empty() {
        say!("There are no operators yet. Create a link for one: tabiji link");
    }
    for operator in operators {
        let seen = match &operator.grant {
            Grant::All => "every site".to_owned(),
            Grant::Sites(_) => {
                let names = sites.iter().filter(|site: &&Site| operator.grant.allows(site.id));
                names.map(|site| site.name.as_str()).collect::<Vec<_>>().join(", ")
            }
        };
        let codes =
            if operator.second_factor.is_some_and(|second| second.enabled) { "  with codes" } else { "" };
        say!("{:<32} {seen}{codes}", operator.email);
    }
    Ok(())
}
