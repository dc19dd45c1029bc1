//! The data folder, before anything of it is opened.

use anyhow::{Context, Result, ensure};
use server::config::Config;

/// Checks that the data folder has a database.
///
/// # Errors
/// With what to do when it has none.
pub fn ensure_exists(config: &Config) -> Result<()> {
    let data = config.data.display();
    let exists = config.data.join("tabiji.db").try_exists();
    let exists = exists.with_context(|| {
        format!("cannot look into {data}: it has to be a folder of the user who runs `tabiji`")
    })?;
    ensure!(
        exists,
        "there is no database in {data}: run `tabiji init --data {data}` first, or name another folder"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_folder_that_cannot_be_read_is_not_called_empty() {
        let folder = tempfile::tempdir().unwrap();
        let said = |data: &Path| {
            let config = Config { data: data.into(), ..Config::default() };
            format!("{:#}", ensure_exists(&config).unwrap_err())
        };
        assert!(said(folder.path()).contains("run `tabiji init"));
        // What stops the superuser, too.
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(said(&file).contains("cannot look into"));
    }
}
