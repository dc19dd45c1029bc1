//! `flow new`: a flow file to start from. It works as it stands, and its comments say what to change.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};

use crate::print::say;

/// Where it goes, and in which language.
#[derive(Args, Debug)]
pub struct New {
    /// The file to write
    #[arg(default_value = "flow.toml")]
    file: PathBuf,
    /// `en`: English and Japanese texts with English comments; `ja`: Japanese alone
    #[arg(long, value_enum, default_value_t = Language::En, value_name = "LANGUAGE")]
    locale: Language,
}

/// The languages of starter files.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    En,
    Ja,
}

impl Language {
    fn text(self) -> &'static str {
        match self {
            Self::En => include_str!("starter.en.toml"),
            Self::Ja => include_str!("starter.ja.toml"),
        }
    }
}

/// Writes the file; one that is there already stays.
pub fn run(New { file, locale }: New) -> Result<()> {
    let name = file.display().to_string();
    let mut out = match File::create_new(&file) {
        Ok(out) => out,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{name} is there already and stays as it is: name another file")
        }
        Err(error) => return Err(error).with_context(|| format!("cannot write {name}")),
    };
    out.write_all(locale.text().replace("{FILE}", &name).as_bytes())
        .with_context(|| format!("cannot write {name}"))?;
    say!("{name} is written. Next: tabiji check {name}, then tabiji publish {name} --url URL --key sk_…");
    Ok(())
}

#[cfg(test)]
mod tests {
    use journey::flow_file::check;

    use super::*;

    #[test]
    fn a_starter_passes_the_check_without_warnings_and_keeps_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        for locale in [Language::En, Language::Ja] {
            let file = folder.path().join(format!("{locale:?}.toml"));
            run(New { file: file.clone(), locale }).unwrap();
            let checked = check::read(&std::fs::read_to_string(&file).unwrap()).unwrap();
            assert_eq!(checked.warnings, []);
            assert_eq!(checked.flow.steps().count(), 2);
            let refused = run(New { file, locale }).unwrap_err().to_string();
            assert!(refused.contains("is there already"), "{refused}");
        }
    }
}
