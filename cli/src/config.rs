//! How the configuration is read: from a file, then the environment, then flags; later ones win.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use server::config::Config;

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
    #[arg(long, env = "TABIJI_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
}

/// Reads the file and lays environment and flags over it.
///
/// # Errors
/// When a named file is missing, or a file has unknown or wrong values; the message has the line.
pub fn load(flags: &Flags, serve: &ServeFlags) -> Result<Config> {
    let implied = flags.data.as_deref().unwrap_or(Path::new("data")).join("tabiji.toml");
    let mut config = match &flags.config {
        Some(file) => read(file)?,
        None if implied.exists() => read(&implied)?,
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
    if config.public_url.is_empty() {
        config.public_url = format!("http://{}:{}", config.host, config.port);
    }
    config.public_url = config.public_url.trim_end_matches('/').to_owned();
    ensure!(
        is_web_address(&config.public_url),
        "public_url is {:?}: write the address at which browsers reach the collector, such as https://onboarding.example.com",
        config.public_url
    );
    Ok(config)
}

fn is_web_address(text: &str) -> bool {
    reqwest::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none()
    })
}

fn read(file: &Path) -> Result<Config> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not a valid configuration", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tabiji.toml");
        std::fs::write(&file, "port = 7700\nprot = 1\n").unwrap();
        let flags = Flags { config: Some(file), ..Flags::default() };
        let error = format!("{:#}", load(&flags, &ServeFlags::default()).unwrap_err());
        assert!(error.contains("line 2") && error.contains("unknown field `prot`"), "{error}");
    }

    #[test]
    fn a_public_url_that_no_browser_could_open_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let flags = Flags { data: Some(folder.path().into()), ..Flags::default() };
        let with = |url: &str| ServeFlags { public_url: Some(url.to_owned()), ..ServeFlags::default() };
        for bad in ["foo", "localhost:7600", "ftp://a.example", "https://", "https://a.example?x"] {
            let error = load(&flags, &with(bad)).unwrap_err().to_string();
            assert!(error.contains(bad) && error.contains("such as https://"), "{error}");
        }
        let config = load(&flags, &with("https://a.example/tabiji/")).unwrap();
        assert_eq!(config.public_url, "https://a.example/tabiji");
    }

    #[test]
    fn flags_win_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("tabiji.toml"), "port = 7700\nhost = \"0.0.0.0\"\n").unwrap();
        let flags = Flags { data: Some(folder.path().into()), ..Flags::default() };
        let serve = ServeFlags { port: Some(1), ..ServeFlags::default() };
        let config = load(&flags, &serve).unwrap();
        assert_eq!((config.port, config.host.as_str()), (1, "0.0.0.0"));
        assert_eq!(config.public_url, "http://0.0.0.0:1");
    }
}
