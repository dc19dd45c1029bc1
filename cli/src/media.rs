//! `media add` and `list`: the clips of a site. Reasons: `docs/decisions/0008-clips.md`.

mod boxes;
mod probe;
mod vtt;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use protocol::stored::{CaptionTrack, Rendition, Video};
use server::crypto;
use server::uploads::strip_metadata;
use server::widget::clips;
use sha2::{Digest, Sha256};
use store::{Site, Store};

use crate::config::{self, Flags, ServeFlags};
use crate::installation;
use crate::print::say;

/// The height of the smaller size, for panels and phones.
const SMALL: u32 = 480;

/// The commands of `media`.
#[derive(Debug, Subcommand)]
pub enum MediaCommand {
    /// Check a clip and add it, or replace the one with its id
    Add {
        #[command(flatten)]
        sources: Sources,
        /// The clip's id in the flow [default: the file's name]
        #[arg(long)]
        id: Option<String>,
        /// The clip's site, when there are several
        #[arg(long, value_name = "NAME")]
        site: Option<String>,
        #[command(flatten)]
        flags: Flags,
    },
    /// List the clips
    List {
        #[command(flatten)]
        flags: Flags,
    },
}

/// The files that a clip is made of.
#[derive(Debug, Args)]
pub struct Sources {
    /// The video: MP4 with H.264, the index at the front, at most five minutes
    file: PathBuf,
    /// Captions as WebVTT, the language before the ending: first-setup.ja.vtt; may be repeated
    #[arg(long, value_name = "FILE")]
    captions: Vec<PathBuf>,
    /// Chapters as WebVTT, named like captions; may be repeated
    #[arg(long, value_name = "FILE")]
    chapters: Vec<PathBuf>,
    /// The picture that is shown before it plays, as JPEG [default: one that ffmpeg takes out of the video]
    #[arg(long, value_name = "FILE")]
    poster: Option<PathBuf>,
}

pub async fn run(command: MediaCommand) -> Result<()> {
    match command {
        MediaCommand::Add { sources, id, site, flags } => {
            let config = config::load(&flags, &ServeFlags::default())?;
            let store = installation::visit(&config)?;
            let site = choose(&*store, site.as_deref()).await?;
            let id = id.or_else(|| stem(&sources.file)).unwrap_or_default();
            let folder = clips::folder(&config, site.id);
            fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
            let film = make(&id, &sources, &ClipFolder(folder))?;
            let said = summary(&film);
            store.upsert_video(site.id, film).await?;
            say!("{id} is in the library of {}: {said}", site.name);
            Ok(())
        }
        MediaCommand::List { flags } => {
            let store = installation::visit(&config::load(&flags, &ServeFlags::default())?)?;
            for site in store.sites().await? {
                for film in store.videos(site.id).await? {
                    say!("{:<20} {:<24} {}", site.name, film.clip, summary(&film));
                }
            }
            Ok(())
        }
    }
}

async fn choose(store: &dyn Store, name: Option<&str>) -> Result<Site> {
    let mut sites = store.sites().await?;
    let names: Vec<String> = sites.iter().map(|site| site.name.clone()).collect();
    match name {
        Some(name) => {
            let at = sites.iter().position(|site| site.name == name);
            let at = at
                .with_context(|| format!("there is no site named {name}; use one of {}", names.join(", ")))?;
            Ok(sites.swap_remove(at))
        }
        None if sites.len() == 1 => Ok(sites.swap_remove(0)),
        None if sites.is_empty() => {
            bail!("there are no sites yet: tabiji site add NAME --origin https://app.example.com")
        }
        None => bail!("there are several sites: choose one with --site: {}", names.join(", ")),
    }
}

/// Checks everything before anything is written.
fn make(id: &str, sources: &Sources, folder: &ClipFolder) -> Result<Video> {
    let Sources { file, captions, chapters, poster } = sources;
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if id.is_empty() || id.len() > 64 || !id.bytes().all(good) {
        bail!("{id:?} is not a valid clip id: use lower-case letters, digits and dashes, with --id");
    }
    let mut content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    boxes::clear_metadata(&mut content);
    let probed = probe::probe(&content).with_context(|| format!("{} cannot be used", file.display()))?;
    let mut scripts: BTreeMap<String, (CaptionTrack, String)> = BTreeMap::new();
    for path in captions {
        let (lang, text, cues) = spoken(path, probed.seconds)?;
        scripts.insert(lang.clone(), (CaptionTrack { lang, cues, ..CaptionTrack::default() }, text));
    }
    for path in chapters {
        let (lang, _, cues) = spoken(path, probed.seconds)?;
        let Some((script, _)) = scripts.get_mut(&lang) else {
            bail!("{} has chapters in {lang:?}, but there are no captions in that language", path.display());
        };
        script.chapters = cues;
    }
    let poster = poster.as_deref().map(picture).transpose()?;
    if scripts.is_empty() {
        say!("warning: without captions many people cannot follow the video; add --captions {id}.ja.vtt");
    }
    let put = |script: (CaptionTrack, String)| {
        let (mut script, text) = script;
        script.file =
            folder.put(id, &format!("{}.vtt", script.lang.to_ascii_lowercase()), text.as_bytes())?;
        Ok(script)
    };
    let mut film = Video {
        clip: id.to_owned(),
        version: hash(&content),
        seconds: probed.seconds,
        captions: scripts.into_values().map(put).collect::<Result<_>>()?,
        renditions: vec![Rendition {
            file: folder.put(id, "mp4", &content)?,
            width: probed.width,
            height: probed.height,
            bytes: content.len() as u64,
        }],
        poster: poster.map(|jpg| folder.put(id, "jpg", &jpg)).transpose()?,
    };
    with_ffmpeg(&mut film, file, folder)?;
    film.renditions.sort_by_key(|size| size.height);
    Ok(film)
}

/// The language of a script, its text and its cues.
fn spoken(path: &Path, seconds: f64) -> Result<(String, String, Vec<protocol::stored::Cue>)> {
    let text = crate::text_file::read(path)?;
    let stem = stem(path).unwrap_or_default();
    let lang = stem.rsplit('.').next().unwrap_or_default().to_owned();
    let is_tag =
        (2..=12).contains(&lang.len()) && lang.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !is_tag {
        bail!("{}: put the language before the ending, as in first-setup.ja.vtt", path.display());
    }
    let cues = vtt::read(&text, seconds).with_context(|| path.display().to_string())?;
    Ok((lang, text, cues))
}

/// A picture that is given, without where and with what it was taken.
fn picture(file: &Path) -> Result<Vec<u8>> {
    let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    strip_metadata("image/jpeg", &content)
        .with_context(|| format!("{} is no JPEG that can be shown: export it again", file.display()))
}

/// A smaller size, and a poster where none was given, by ffmpeg where that is installed.
fn with_ffmpeg(film: &mut Video, file: &Path, folder: &ClipFolder) -> Result<()> {
    if Command::new("ffmpeg").arg("-version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        let lacks = if film.poster.is_some() { "no smaller size" } else { "no poster and no smaller size" };
        say!("ffmpeg is not installed: the clip gets {lacks}.");
        say!("Install it (apt install ffmpeg) and add the clip again, or give a picture: --poster FILE.jpg");
        return Ok(());
    }
    if film.poster.is_none() {
        let poster = ["-vf", "thumbnail,scale=-2:480", "-frames:v", "1", "-q:v", "5"];
        let jpg = ffmpeg("the picture", file, &poster, "jpg")?;
        let jpg = strip_metadata("image/jpeg", &jpg).context("ffmpeg wrote no picture that can be shown")?;
        film.poster = Some(folder.put(&film.clip, "jpg", &jpg)?);
    }
    if film.renditions[0].height > SMALL {
        let smaller = ["-vf", "scale=-2:480", "-c:v", "libx264", "-preset", "slow", "-crf", "26"];
        let sound = ["-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "64k", "-movflags", "+faststart"];
        let mp4 = ffmpeg("the smaller size", file, &[smaller.as_slice(), &sound].concat(), "mp4")?;
        let probe::Probed { width, height, .. } = probe::probe(&mp4)?;
        let file = folder.put(&film.clip, "mp4", &mp4)?;
        film.renditions.push(Rendition { file, width, height, bytes: mp4.len() as u64 });
    }
    Ok(())
}

fn ffmpeg(what: &str, file: &Path, how: &[&str], ending: &str) -> Result<Vec<u8>> {
    let begun = Instant::now();
    say!("making {what} …");
    let made = std::env::temp_dir().join(format!("tabiji-{}.{ending}", std::process::id()));
    let output = Command::new("ffmpeg")
        .args(["-y", "-v", "error", "-nostdin", "-i"])
        .arg(file)
        .args(how)
        .arg(&made)
        .output()
        .context("cannot start ffmpeg")?;
    if !output.status.success() {
        bail!("ffmpeg could not create {what}:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    let content = fs::read(&made).context("ffmpeg wrote no file")?;
    fs::remove_file(&made)?;
    say!("making {what}: {:.1} s", begun.elapsed().as_secs_f64());
    Ok(content)
}

/// The folder of a site's clips, whose files are named by their content.
struct ClipFolder(PathBuf);

impl ClipFolder {
    fn put(&self, id: &str, ending: &str, content: &[u8]) -> Result<String> {
        let name = format!("{id}-{}.{ending}", hash(content));
        // Whole or not at all: a collector may be sending it.
        let (path, half) = (self.0.join(&name), self.0.join(format!(".{name}")));
        fs::write(&half, content)
            .and_then(|()| fs::rename(&half, &path))
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(name)
    }
}

/// Enough of the content's SHA-256 to tell one video of a clip from another.
fn hash(content: &[u8]) -> String {
    crypto::hex(&Sha256::digest(content)[..5])
}

fn stem(path: &Path) -> Option<String> {
    Some(path.file_stem()?.to_string_lossy().into_owned())
}

fn summary(film: &Video) -> String {
    let sizes: Vec<String> =
        film.renditions.iter().map(|size| format!("{}p {} kB", size.height, size.bytes / 1000)).collect();
    let langs: Vec<&str> = film.captions.iter().map(|script| script.lang.as_str()).collect();
    let captions =
        if langs.is_empty() { "no captions".to_owned() } else { format!("captions in {}", langs.join(", ")) };
    let seconds = film.seconds.round() as u64;
    format!("{}:{:02}, {}, {captions}", seconds / 60, seconds % 60, sizes.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poster_says_nothing_of_its_maker_and_is_a_picture() {
        let folder = tempfile::tempdir().unwrap();
        let poster = folder.path().join("poster.jpg");
        let plain =
            fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../demo-site/clips/first-setup.jpg")).unwrap();
        let telling = b"\xff\xe1\0\x1eExif\0\0place=35.6812,139.7671";
        fs::write(&poster, [&plain[..2], telling, &plain[2..], b"35.6812"].concat()).unwrap();
        let kept = picture(&poster).unwrap();
        assert!(!kept.windows(7).any(|part| part == b"35.6812"));
        fs::write(&poster, &plain).unwrap();
        assert!(picture(&poster).unwrap() == kept, "what can be seen stays");
        for other in [&b""[..], b"\x89PNG\r\n\x1a\n", &plain[..300]] {
            fs::write(&poster, other).unwrap();
            let refused = format!("{:#}", picture(&poster).unwrap_err());
            assert!(refused.contains("is no JPEG that can be shown"), "{refused}");
        }
    }
}
