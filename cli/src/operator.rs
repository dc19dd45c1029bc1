//! `operator list`, `set`, `remove`: the people who may open the console.

use anyhow::{Result, bail};
use clap::{Subcommand, ValueEnum};
use protocol::console::SecurityKind;
use store::{Grant, Operator, Role, Site, Store, VisibleSites};

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
    /// Change which sites an operator sees (the named ones, or every site when none is named) or what they may do
    Set {
        /// The operator's email address
        email: String,
        /// A site's name; may be repeated
        #[arg(long, value_name = "NAME")]
        site: Vec<String>,
        /// What they may do; alone it leaves the sites as they are
        #[arg(long, value_enum)]
        role: Option<RoleName>,
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

/// What an operator may do; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RoleName {
    /// Read reports and conversations
    Reader,
    /// Answer customers
    Agent,
    /// Read the security log
    Admin,
}

impl RoleName {
    /// The role.
    pub fn role(self) -> Role {
        match self {
            Self::Reader => Role::Reader,
            Self::Agent => Role::Agent,
            Self::Admin => Role::Admin,
        }
    }
}

pub async fn run(command: OperatorCommand) -> Result<()> {
    let visit = |flags: &Flags| installation::visit(&config::load(flags, &ServeFlags::default())?);
    let (email, changed) = match command {
        OperatorCommand::List { flags } => return list(&*visit(&flags)?).await,
        OperatorCommand::Set { email, site, role, flags } => {
            let store = visit(&flags)?;
            let email = email.to_lowercase();
            let changed = match store.operator(&email).await? {
                Some(operator) => {
                    let grant = changed(&*store, operator, &site, role).await?;
                    installation::note(&*store, SecurityKind::GrantChanged, None, &email).await?;
                    store.set_grant(&email, grant).await?
                }
                None => false,
            };
            (email, changed)
        }
        OperatorCommand::Remove { email, flags } => {
            let email = email.to_lowercase();
            let store = visit(&flags)?;
            let is_gone = store.remove_operator(&email).await?;
            if is_gone {
                installation::note(&*store, SecurityKind::OperatorRemoved, None, &email).await?;
            }
            (email, is_gone)
        }
    };
    if !changed {
        bail!("no operator has the address {email}: `tabiji operator list` shows all");
    }
    say!("done: {email}");
    Ok(())
}

/// Returns what an operator may do from now on.
async fn changed(
    store: &dyn Store,
    operator: Operator,
    sites: &[String],
    role: Option<RoleName>,
) -> Result<Grant> {
    let sites = match role {
        Some(_) if sites.is_empty() => operator.grant.sites,
        _ => visible(store, sites).await?,
    };
    Ok(Grant { sites, role: role.map_or(operator.grant.role, RoleName::role) })
}

/// Returns the named sites; every site when none is named.
pub async fn visible(store: &dyn Store, names: &[String]) -> Result<VisibleSites> {
    if names.is_empty() {
        return Ok(VisibleSites::All);
    }
    let sites = store.sites().await?;
    let mut granted = Vec::new();
    for name in names {
        let Some(site) = sites.iter().find(|site| site.name == *name) else {
            bail!("there is no site named {name}: `tabiji site list` shows all");
        };
        granted.push(site.id);
    }
    Ok(VisibleSites::Only(granted))
}

async fn list(store: &dyn Store) -> Result<()> {
    let (sites, operators) = (store.sites().await?, store.operators().await?);
    if operators.is_empty() {
        say!("There are no operators yet. Create a link for one: tabiji link");
    }
    for operator in operators {
        let seen = match &operator.grant.sites {
            VisibleSites::All => "every site".to_owned(),
            VisibleSites::Only(_) => {
                let names = sites.iter().filter(|site: &&Site| operator.grant.allows(site.id));
                names.map(|site| site.name.as_str()).collect::<Vec<_>>().join(", ")
            }
        };
        let codes =
            if operator.second_factor.is_some_and(|second| second.enabled) { "  with codes" } else { "" };
        say!("{:<32} {seen}  as {}{codes}", operator.email, operator.grant.role.word());
    }
    Ok(())
}
