//! What the demo's customers entered: people, deals, stages. Kept in one small file.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// A person who can sign in to the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Login {
    /// The user id in the identity token.
    pub user: &'static str,
    /// Their name.
    pub name: &'static str,
    /// Their company's account id.
    pub account: &'static str,
    /// Their company.
    pub company: &'static str,
}

/// Everyone who can sign in: two colleagues, and a person of another company.
pub const LOGINS: [Login; 3] = [
    Login { user: "tanaka", name: "田中 健", account: "acct-seizo-a", company: "製造A社" },
    Login { user: "suzuki", name: "鈴木 葵", account: "acct-seizo-a", company: "製造A社" },
    Login { user: "yamamoto", name: "山本 蓮", account: "acct-shosha-b", company: "商社B社" },
];

/// A salesperson or manager who was registered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether they are a manager.
    pub manager: bool,
}

/// A deal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Deal {
    /// What it is about.
    pub title: String,
    /// The other company.
    pub company: String,
    /// How much, in yen.
    pub yen: u64,
    /// Its stage.
    pub stage: String,
}

/// What one company entered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Company {
    /// Registered people.
    pub people: Vec<Person>,
    /// Deals, newest first.
    pub deals: Vec<Deal>,
    /// The stages of a deal.
    pub stages: Vec<String>,
    /// Whether the stages were saved.
    pub stages_saved: bool,
}

impl Default for Company {
    fn default() -> Self {
        let stages = ["初回訪問", "提案", "見積", "受注"].map(str::to_owned).to_vec();
        Self { people: Vec::new(), deals: Vec::new(), stages, stages_saved: false }
    }
}

impl Company {
    /// Saves the names of the stages; a deal stays at the stage that it is at.
    pub fn name_stages(&mut self, stages: Vec<String>) {
        for deal in &mut self.deals {
            let at = self.stages.iter().position(|stage| *stage == deal.stage);
            if let Some(name) = at.and_then(|at| stages.get(at)) {
                deal.stage.clone_from(name);
            }
        }
        self.stages = stages;
        self.stages_saved = true;
    }
}

/// Every company by account id.
#[derive(Clone)]
pub struct Book {
    file: Option<PathBuf>,
    companies: Arc<Mutex<BTreeMap<String, Company>>>,
}

impl Book {
    /// Reads the file when there is one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(file: Option<PathBuf>) -> Result<Self> {
        let companies = match file.as_ref().filter(|file| file.exists()) {
            None => BTreeMap::new(),
            Some(file) => {
                let text = std::fs::read_to_string(file)
                    .with_context(|| format!("cannot read {}", file.display()))?;
                serde_json::from_str(&text).with_context(|| format!("{} is damaged", file.display()))?
            }
        };
        Ok(Self { file, companies: Arc::new(Mutex::new(companies)) })
    }

    /// What a company entered.
    pub fn company(&self, account: &str) -> Company {
        let companies = self.companies.lock().unwrap_or_else(PoisonError::into_inner);
        companies.get(account).cloned().unwrap_or_default()
    }

    /// Changes what a company entered, and keeps it.
    pub fn change<T>(&self, account: &str, change: impl FnOnce(&mut Company) -> T) -> T {
        let mut companies = self.companies.lock().unwrap_or_else(PoisonError::into_inner);
        let value = change(companies.entry(account.to_owned()).or_default());
        if let Some(file) = &self.file {
            let text = serde_json::to_string(&*companies).unwrap_or_default();
            if let Err(error) = std::fs::write(file, text) {
                tracing::error!(%error, file = %file.display(), "the demo's data were not kept");
            }
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deal_stays_at_its_stage_under_another_name() {
        let deal =
            |stage: &str| Deal { title: String::new(), company: String::new(), yen: 1, stage: stage.into() };
        let mut company =
            Company { deals: vec![deal("見積"), deal("提案"), deal("失注")], ..Company::default() };
        // Two of them change places: names are taken by place, not one after the other.
        company.name_stages(["初回訪問", "見積", "提案", "受注"].map(str::to_owned).to_vec());
        let stages: Vec<&str> = company.deals.iter().map(|deal| deal.stage.as_str()).collect();
        assert_eq!(stages, ["提案", "見積", "失注"]);
        assert!(company.stages_saved);
    }
}
