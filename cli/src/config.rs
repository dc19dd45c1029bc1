//! How the configuration is read: from a file, then the environment, then flags; later ones win
//! (`docs/decisions/0013-collector.md`).

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use server::config::Config;

use crate::print::say;
use crate::running;

/// The flags of every command that needs a data folder.
#[derive(Args, Clone, Debug, Default)]
pub struct Flags {
    /// The folder with the database
    #[arg(long, env = "TABIJI_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// A configuration file; `tabiji.toml` in the data folder when there is one
    #[arg(long, env = "TABIJI_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// The flags of `tabiji serve`.
#[derive(Args, Clone, Debug, Default)]
pub struct ServeFlags {
    /// The port to listen on
    #[arg(long, env = "TABIJI_PORT")]
    pub port: Option<u16>,
    /// The address to listen on
    #[arg(long, env = "TABIJI_HOST")]
    pub host: Option<String>,
    /// How browsers reach this collector
    #[arg(long, alias = "url", env = "TABIJI_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// The address of a listener of its own for /metrics, such as 127.0.0.1:9600; off unless given
    #[arg(long, env = "TABIJI_METRICS", value_name = "ADDR")]
    pub metrics: Option<String>,
}

/// Reads the file and lays environment and flags over it.
///
/// # Errors
/// When a named file is missing, or a file has unknown or wrong values; the message has the line.
pub fn load(flags: &Flags, serve: &ServeFlags) -> Result<Config> {
    let mut config = chosen(flags, serve)?;
    if config.public_url.is_empty() {
        // No browser reaches "every address of this machine".
        let host = match config.host.as_str() {
            "0.0.0.0" | "::" | "[::]" => "127.0.0.1",
            host => host,
        };
        config.public_url = format!("http://{host}:{}", config.port);
    }
    checked(config)
}

/// Reads the configuration of a command beside the collector. Where nobody chose a `public_url`, it is the one at which
/// the collector of this folder listens, or listened last.
///
/// # Errors
/// As [`load`].
pub fn beside(flags: &Flags, serve: &ServeFlags) -> Result<Config> {
    let mut config = chosen(flags, serve)?;
    if config.public_url.is_empty()
        && serve.port.is_none()
        && let Some(served) = running::last_served(&config.data)
    {
        config.public_url = served.public_url;
        return checked(config);
    }
    load(flags, serve)
}

/// Returns what was chosen; `public_url` is empty when nobody chose one.
fn chosen(flags: &Flags, serve: &ServeFlags) -> Result<Config> {
    let mut config = match file(flags) {
        Some(file) => read(&file)?,
        None => Config::default(),
    };
    let lay = |over: &Option<String>, under: &mut String| {
        if let Some(value) = over {
            under.clone_from(value);
        }
    };
    lay(&serve.host, &mut config.host);
    lay(&serve.public_url, &mut config.public_url);
    config.data = flags.data.clone().unwrap_or(config.data);
    config.port = serve.port.unwrap_or(config.port);
    config.metrics = serve.metrics.clone().or(config.metrics);
    Ok(config)
}

fn checked(mut config: Config) -> Result<Config> {
    config.public_url = web_address(&config.public_url).with_context(|| {
        format!(
            "public_url is {:?}: write the address at which browsers reach the collector, such as https://onboarding.example.com",
            config.public_url
        )
    })?;
    Ok(config)
}

/// Returns the configuration file that counts.
pub fn file(flags: &Flags) -> Option<PathBuf> {
    let implied = flags.data.as_deref().unwrap_or(Path::new("data")).join("tabiji.toml");
    flags.config.clone().or_else(|| implied.exists().then_some(implied))
}

/// Prints what [`explained`] returns.
///
/// # Errors
/// As [`load`].
pub fn print(flags: &Flags, serve: &ServeFlags) -> Result<()> {
    say!("{}", explained(flags, serve)?.trim_end());
    Ok(())
}

/// Returns a configuration as a file, with where each value comes from.
///
/// # Errors
/// As [`load`].
pub fn explained(flags: &Flags, serve: &ServeFlags) -> Result<String> {
    let table = toml::Table::try_from(load(flags, serve)?)?;
    let file = file(flags);
    let in_file: toml::Table = match &file {
        Some(file) => toml::from_str(&crate::text_file::read(file)?)?,
        None => toml::Table::new(),
    };
    let named = file.map_or_else(String::new, |file| file.display().to_string());
    let source = |group: Option<&str>, key: &str| {
        let from_flags = group.is_none().then(|| flag(flags, serve, key)).flatten();
        let stands = match group {
            Some(group) => in_file.get(group).and_then(|group| group.get(key)),
            None => in_file.get(key).filter(|value| value.as_str() != Some("") || key != "public_url"),
        };
        match (from_flags, stands, key) {
            (Some(source), ..) => source,
            (None, Some(_), _) => named.clone(),
            (None, None, "public_url") => "from host and port".to_owned(),
            (None, None, _) => "default".to_owned(),
        }
    };
    let mut out = String::new();
    // In a file of this kind, what stands alone comes before the groups.
    let (groups, alone): (Vec<_>, Vec<_>) = table.iter().partition(|(_, value)| value.is_table());
    for (key, value) in alone {
        line(&mut out, key, value, &source(None, key))?;
    }
    for (key, group) in groups {
        writeln!(out, "\n[{key}]")?;
        for (name, value) in group.as_table().into_iter().flatten() {
            line(&mut out, name, value, &source(Some(key), name))?;
        }
    }
    Ok(out)
}

fn line(out: &mut String, key: &str, value: &toml::Value, source: &str) -> Result<()> {
    Ok(writeln!(out, "{:<40} # {source}", format!("{key} = {value}"))?)
}

/// Says which flag or variable gives a value.
fn flag(flags: &Flags, serve: &ServeFlags, key: &str) -> Option<String> {
    let given = match key {
        "data" => flags.data.is_some(),
        "port" => serve.port.is_some(),
        "host" => serve.host.is_some(),
        "public_url" => serve.public_url.is_some(),
        "metrics" => serve.metrics.is_some(),
        _ => false,
    };
    let name = format!("--{}", key.replace('_', "-"));
    let is_flag = |word: String| word == name || word.starts_with(&format!("{name}="));
    let variable = format!("TABIJI_{}", key.to_uppercase());
    // What clap has read does not say from where; a flag wins over a variable.
    let is_variable = std::env::var_os(&variable).is_some() && !std::env::args().any(is_flag);
    given.then(|| if is_variable { format!("variable {variable}") } else { format!("flag {name}") })
}

/// An address as browsers write it: scheme and host in small letters, and no slash at the end. Its path stands in a
/// cookie and in a page, where `;` and `&` are more than letters.
fn web_address(text: &str) -> Option<String> {
    let url = reqwest::Url::parse(text).ok()?;
    let is_one = matches!(url.scheme(), "http" | "https")
        && url.query().is_none()
        && url.fragment().is_none()
        && !url.path().contains([';', '&']);
    is_one.then(|| url.as_str().trim_end_matches('/').to_owned())
}

fn read(file: &Path) -> Result<Config> {
    toml::from_str(&crate::text_file::read(file)?)
        .with_context(|| format!("{} is not a valid configuration", file.display()))
}

#[cfg(test)]
mod tests;
