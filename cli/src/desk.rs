//! `desk check` and `desk publish`: hours, goals, answers and articles as files in git.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use journey::support::hours::Calendar;
use protocol::Millis;
use protocol::files::{Article, Holidays, SupportFile};
use server::backend::support::PublishedSupport;
use server::widget::articles::markdown;

use super::flow::Publish;
use crate::print::{aside, count, say};
use crate::text_file::read;

/// Opening times that a check prints.
const SHOWN: usize = 14;

/// The commands of `desk`.
#[derive(Debug, Subcommand)]
pub enum DeskCommand {
    /// Check a desk file and the folder `faq` beside it, and show the next support hours
    Check {
        /// The support file
        file: std::path::PathBuf,
    },
    /// Publish it to a collector; it counts from then on
    Publish(Publish),
}

pub async fn run(command: DeskCommand) -> Result<ExitCode> {
    match command {
        DeskCommand::Check { file } => {
            let Some((desk, calendar)) = load(&file)? else { return Ok(ExitCode::FAILURE) };
            show(&desk, &calendar)?;
        }
        DeskCommand::Publish(Publish { file, collector }) => {
            let Some((desk, _)) = load(&file)? else { return Ok(ExitCode::FAILURE) };
            let reply: PublishedSupport = collector.put("desk", serde_json::to_string(&desk)?).await?;
            say!("the support file is {}", if reply.new { "published" } else { "already published" });
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a support file with everything beside it; none when it has mistakes, which are printed.
fn load(file: &Path) -> Result<Option<(SupportFile, Calendar)>> {
    let name = file.display();
    let mut desk: SupportFile =
        toml::from_str(&read(file)?).with_context(|| format!("{name} is not a valid support file"))?;
    if let Holidays::Named(list) = &desk.holidays
        && file.with_file_name(list).is_file()
    {
        desk.holidays = Holidays::Days(days(&file.with_file_name(list))?);
    }
    let faq = file.with_file_name("faq");
    if faq.is_dir() {
        desk.articles = articles(&faq)?;
    }
    match Calendar::parse(&desk) {
        Ok(calendar) => Ok(Some((desk, calendar))),
        Err(wrong) => {
            wrong.iter().for_each(|mistake| aside!("error: {name}: {mistake}"));
            Ok(None)
        }
    }
}

/// The days at the starts of a file's lines. The rest of each line may be in any encoding, so that the
/// Cabinet Office's own file will do.
fn days(file: &Path) -> Result<Vec<String>> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{feff}');
    let mut days = Vec::new();
    for line in text.lines() {
        let numbers: Vec<_> = line.split(',').next().unwrap_or_default().trim().split(['-', '/']).collect();
        if let Ok([year, month, day]) =
            numbers.iter().map(|part| part.parse::<u16>()).collect::<Result<Vec<_>, _>>().as_deref()
        {
            days.push(format!("{year:04}-{month:02}-{day:02}"));
        }
    }
    anyhow::ensure!(
        !days.is_empty(),
        "{} has no line that begins with a day such as 2026-11-23",
        file.display()
    );
    Ok(days)
}

/// Whether a text is a language as browsers name it (BCP 47): `ja`, `en-US`.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_primary =
        |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_more = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    parts.next().is_some_and(is_primary) && parts.all(is_more)
}

/// The articles of a folder: `NAME.LANGUAGE.md`, each with its question as the first heading and, if it is
/// for certain steps, a line `steps: users, deals` before that.
fn articles(folder: &Path) -> Result<Vec<Article>> {
    let mut found: BTreeMap<String, Article> = BTreeMap::new();
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".md") else { continue };
        let (id, locale) = stem.rsplit_once('.').with_context(|| {
            format!("{}: name it with its language, such as {stem}.ja.md", path.display())
        })?;
        anyhow::ensure!(
            is_language(locale),
            "{}: {locale} is no language; write it as in ja, en or en-US",
            path.display()
        );
        let text = read(&path)?;
        let text = text.trim_start();
        let (steps, text) = match text.strip_prefix("steps:").and_then(|rest| rest.split_once('\n')) {
            Some((steps, rest)) => (steps.split(',').map(|step| step.trim().into()).collect(), rest),
            None => (Vec::new(), text),
        };
        // A blank of either width.
        let heading =
            text.trim_start().strip_prefix('#').filter(|rest| rest.starts_with(char::is_whitespace));
        let text = heading.map(str::trim_start).with_context(|| {
            format!(
                "{}: begin it with the question as a heading, such as \"# How do I add a user?\"",
                path.display()
            )
        })?;
        let (title, body) = text.split_once('\n').unwrap_or((text, ""));
        for what in markdown::warnings(body) {
            aside!("warning: {}: {what}", path.display());
        }
        anyhow::ensure!(!body.trim().is_empty(), "{}: write the answer below the question", path.display());
        let article =
            found.entry(id.to_owned()).or_insert_with(|| Article { id: id.to_owned(), ..Article::default() });
        article.steps.extend(steps);
        article.steps.dedup();
        article.title.0.insert(locale.to_owned(), title.trim().to_owned());
        article.text.0.insert(locale.to_owned(), body.trim().to_owned());
    }
    Ok(found.into_values().collect())
}

fn show(desk: &SupportFile, calendar: &Calendar) -> Result<()> {
    let zone = TimeZone::get(&desk.zone)?;
    let say = |at: Millis, how: &str| {
        Timestamp::from_millisecond(at).map(|at| at.to_zoned(zone.clone()).strftime(how).to_string())
    };
    let mut at = Timestamp::now().as_millisecond();
    let articles = count(desk.articles.len(), "article");
    say!("{}: {articles}, canned replies: {}", desk.zone, desk.replies.len());
    for _ in 0..SHOWN {
        let Some(opens) = calendar.next_opening(at) else { break };
        let until = calendar.open_until(opens).unwrap_or(opens);
        say!("  {} - {}", say(opens, "%a %Y-%m-%d %H:%M")?, say(until, "%H:%M")?);
        at = opens;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str)]) -> (tempfile::TempDir, Result<Vec<Article>>) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let read = articles(folder.path());
        (folder, read)
    }

    #[test]
    fn an_article_is_read_as_editors_of_all_systems_write_it() {
        for text in [
            "\u{feff}steps: users, deals\r\n\r\n# 請求書の宛名は？\r\n\r\n設定で変えます。\r\n",
            "\nsteps: users, deals\n# 請求書の宛名は？\n\n設定で変えます。",
            "steps: users,deals\n\n#　請求書の宛名は？\n設定で変えます。\n",
        ] {
            let (_folder, read) = of(&[("invoice.ja.md", text)]);
            let article = read.unwrap().remove(0);
            assert_eq!(article.title.0["ja"], "請求書の宛名は？", "{text:?}");
            assert_eq!(article.text.0["ja"], "設定で変えます。", "{text:?}");
            assert_eq!(article.steps, ["users".into(), "deals".into()], "{text:?}");
        }
    }

    #[test]
    fn a_name_with_another_word_than_a_language_is_refused() {
        let refused = |name: &str| of(&[(name, "# A?\n\nB.")]).1.err().map(|error| error.to_string());
        for name in ["invoice.ja_JP.md", "invoice.JA.md", "invoice.v2.md", "invoice.japanese.md"] {
            assert!(refused(name).is_some_and(|why| why.contains("no language")), "{name}");
        }
        for name in ["invoice.ja.md", "invoice.en-US.md", "invoice.zh-Hant.md"] {
            assert_eq!(refused(name), None, "{name}");
        }
    }

    #[test]
    fn holidays_are_read_with_a_byte_order_mark() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("holidays.csv");
        std::fs::write(&file, "\u{feff}2026/1/1,元日\r\n2026/1/12,成人の日\r\n").unwrap();
        assert_eq!(days(&file).unwrap(), ["2026-01-01", "2026-01-12"]);
    }

    /// S37: a support file is refused with its mistakes, or answers every question about its hours.
    #[test]
    fn s37_a_support_file_of_any_bytes_is_refused_or_has_hours() {
        const NOW: i64 = 1_790_000_000_000;
        fuzz::fuzz("desk", |bytes| {
            let Ok(file) = toml::from_str::<SupportFile>(&String::from_utf8_lossy(bytes)) else { return };
            let wire = serde_json::to_string(&file).unwrap();
            assert_eq!(serde_json::from_str::<SupportFile>(&wire).unwrap(), file, "{wire}");
            let calendar = match Calendar::parse(&file) {
                Ok(calendar) => calendar,
                Err(wrong) => return assert!(!wrong.is_empty()),
            };
            assert!(calendar.open_until(NOW).is_none_or(|until| until > NOW));
            assert!(calendar.next_opening(NOW).is_none_or(|opens| opens >= NOW));
            assert!(calendar.call_due(NOW).is_none_or(|due| due >= NOW));
            assert!((0..=3_600_000).contains(&calendar.business(NOW, NOW + 3_600_000)));
            assert!(calendar.call_slots(NOW).iter().all(|[from, to]| from < to));
            calendar.after(NOW, 3_600_000);
        });
    }
}
