//! `operator list`, `set`, `remove`: those who may open the console.

use anyhow::{Result, bail};
use clap::Subcommand;
use store::{Grant, Site, Store};

use crate::config::{Config, Flags, ServeFlags};

/// What can be done about operators. Who is removed or sees less is shut out within seconds.
#[derive(Debug, Subcommand)]
pub enum OperatorCommand {
    /// List them with what they see
    List {
        #[command(flatten)]
        flags: Flags,
    },
    /// Change what somebody sees: the named sites, or every site when none is named
    Set {
        /// Their e-mail address
        email: String,
        /// A site's name; may be repeated
        #[arg(long, value_name = "NAME")]
        site: Vec<String>,
        #[command(flatten)]
        flags: Flags,
    },
    /// Remove somebody, and sign them out everywhere
    Remove {
        /// Their e-mail address
        email: String,
        #[command(flatten)]
        flags: Flags,
    },
}

pub(super) async fn run(command: OperatorCommand) -> Result<()> {
    let visit = |flags: &Flags| super::visit(&Config::load(flags, &ServeFlags::default())?);
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
        bail!("nobody has the address {email}: `tabiji operator list` shows everybody");
    }
    println!("done: {email}");
    Ok(())
}

/// What somebody sees who is to see these sites; every site when none is named.
pub(super) async fn grant(store: &dyn Store, names: &[String]) -> Result<Grant> {
    if names.is_empty() {
        return Ok(Grant::All);
    }
    let sites = store.sites().await?;
    let mut granted = Vec::new();
    for name in names {
        let Some(site) = sites.iter().find(|site| site.name == *name) else {
            bail!("there is no site named {name}: `tabiji site list` shows them");
        };
        granted.push(site.id);
    }
    Ok(Grant::Sites(granted))
}

async fn list(store: &dyn Store) -> Result<()> {
    let (sites, operators) = (store.sites().await?, store.operators().await?);
    if operators.is_empty() {
        println!("Nobody may open the console yet. Make a link for somebody: tabiji link");
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
        println!("{:<32} {seen}{codes}", operator.email);
    }
    Ok(())
}
