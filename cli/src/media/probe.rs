//! What is in an MP4, and whether every browser can play it from the first byte on.

use anyhow::{Context, Result, bail};
use mp4parse::{CodecType, SampleEntry, Track, TrackType, VideoCodecSpecific};

/// The longest clip, in seconds: it answers one question.
const LONGEST: f64 = 300.0;

/// Profiles of H.264 that every browser plays: baseline, main and high.
const PROFILES: [u8; 3] = [66, 77, 100];

const FRAGMENTS: &str =
    "it is in fragments, as recorders write it: ffmpeg -i IN -c copy -movflags +faststart OUT.mp4";

/// A length that is not known (ISO 14496-12, 8.4.2.3).
const UNKNOWN: u64 = u32::MAX as u64;

/// What a clip's file says about itself.
#[derive(Debug, PartialEq)]
pub(super) struct Probed {
    pub(super) seconds: f64,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Reads the index of a clip's file.
///
/// # Errors
/// With what to do, when it cannot be taken.
pub(super) fn probe(content: &[u8]) -> Result<Probed> {
    let boxes = boxes(content);
    let place = |name: &[u8; 4]| boxes.iter().position(|found| found == name);
    let (Some(index), Some(data)) = (place(b"moov"), place(b"mdat").or(place(b"moof"))) else {
        bail!("it is no MP4, or it was cut off: export it again");
    };
    if place(b"moof").is_some() {
        bail!(FRAGMENTS);
    }
    if index > data {
        bail!(
            "its index is at the end, so nothing plays before all is there: ffmpeg -i IN -c copy -movflags +faststart OUT.mp4"
        );
    }
    let context = mp4parse::read_mp4(&mut &content[..])
        .map_err(|error| anyhow::anyhow!("it cannot be read: {error}"))?;
    let of = |kind: TrackType| context.tracks.iter().filter(move |track| track.track_type == kind);
    let video = of(TrackType::Video).next().context("there is no picture in it")?;
    if codec(video) != Some(CodecType::H264) {
        bail!(
            "its picture is not H.264, which every browser plays: ffmpeg -i IN -c:v libx264 -pix_fmt yuv420p -c:a aac -movflags +faststart OUT.mp4"
        );
    }
    if !PROFILES.contains(&profile(video)) {
        bail!(
            "its colours are finer than every browser can play: ffmpeg -i IN -c:v libx264 -pix_fmt yuv420p -c:a aac -movflags +faststart OUT.mp4"
        );
    }
    if let Some(sound) =
        of(TrackType::Audio).find(|track| !matches!(codec(track), Some(CodecType::AAC | CodecType::MP3)))
    {
        bail!(
            "its sound is {:?} and not AAC, which every browser plays: ffmpeg -i IN -c:v copy -c:a aac -movflags +faststart OUT.mp4",
            codec(sound)
        );
    }
    let scale = video.timescale.map_or(0, |scale| scale.0);
    // Where the index knows no length, the pieces that follow it do.
    let long =
        video.duration.map(|duration| duration.0).filter(|long| !matches!(*long, 0 | UNKNOWN | u64::MAX));
    let long = long.context(FRAGMENTS)?;
    let seconds = long as f64 / (scale.max(1)) as f64;
    if seconds < 1.0 {
        bail!("it is shorter than a second");
    }
    if seconds > LONGEST {
        bail!(
            "it is {:.0} s long and a clip has at most {LONGEST:.0}: answer one question, and cut the rest into clips of its own",
            seconds
        );
    }
    let header = video.tkhd.as_ref().context("its picture has no size")?;
    // 16.16 fixed point (ISO 14496-12, 8.3.2).
    let (width, height) = (header.width >> 16, header.height >> 16);
    // Turned by a quarter, as of a phone that was held upright: across becomes down (ISO 14496-12, 6.2.2).
    let is_turned = header.matrix.a == 0 && header.matrix.d == 0;
    let (width, height) = if is_turned { (height, width) } else { (width, height) };
    Ok(Probed { seconds, width, height })
}

/// The profile of an H.264 picture (ISO 14496-15, 5.3.3.1: the second byte of its configuration).
fn profile(track: &Track) -> u8 {
    let entries = track.stsd.iter().flat_map(|stsd| stsd.descriptions.iter());
    let found = entries.filter_map(|entry| match entry {
        SampleEntry::Video(video) => match &video.codec_specific {
            VideoCodecSpecific::AVCConfig(config) => config.get(1).copied(),
            _ => None,
        },
        _ => None,
    });
    found.last().unwrap_or_default()
}

fn codec(track: &Track) -> Option<CodecType> {
    track.stsd.as_ref()?.descriptions.iter().find_map(|entry| match entry {
        SampleEntry::Video(video) => Some(video.codec_type),
        SampleEntry::Audio(sound) => Some(sound.codec_type),
        SampleEntry::Unknown => None,
    })
}

/// The names of the outermost boxes, in order (ISO 14496-12, 4.2).
fn boxes(content: &[u8]) -> Vec<[u8; 4]> {
    let mut names = Vec::new();
    let mut at = 0;
    while let Some(head) = content.get(at..at + 8) {
        let number = |bytes: &[u8]| bytes.iter().fold(0usize, |sum, byte| sum << 8 | usize::from(*byte));
        names.push([head[4], head[5], head[6], head[7]]);
        let size = match number(&head[..4]) {
            0 => break,
            1 => content.get(at + 8..at + 16).map_or(usize::MAX, number),
            size => size,
        };
        at = at.saturating_add(size.max(8));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip() -> Vec<u8> {
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../demo-site/clips/first-setup.mp4")).unwrap()
    }

    /// Where the box of this name begins, after its length.
    fn place(content: &[u8], name: &[u8; 4]) -> usize {
        content.windows(4).position(|window| window == name).unwrap()
    }

    #[test]
    fn a_clip_that_was_filmed_upright_is_high_and_not_wide() {
        let mut content = clip();
        let flat = probe(&content).unwrap();
        // The matrix of a quarter turn (ISO 14496-12, 8.3.2), 44 bytes after the name in version 0.
        let matrix = place(&content, b"tkhd") + 44;
        for (at, value) in [(0, 0i32), (4, 0x1_0000), (12, -0x1_0000), (16, 0)] {
            content[matrix + at..matrix + at + 4].copy_from_slice(&value.to_be_bytes());
        }
        let turned = probe(&content).unwrap();
        assert!(flat.width > flat.height);
        assert_eq!((turned.width, turned.height), (flat.height, flat.width));
    }

    #[test]
    fn a_clip_in_fragments_is_refused_with_the_command_that_mends_it() {
        let mut pieces = clip();
        let data = place(&pieces, b"mdat") - 4;
        pieces.splice(data..data, *b"\0\0\0\x08moof");
        // The length stands 16 bytes after the name in version 0 (ISO 14496-12, 8.4.2).
        let lasts = |length: u32| {
            let mut content = clip();
            let at = place(&content, b"mdhd") + 4 + 16;
            content[at..at + 4].copy_from_slice(&length.to_be_bytes());
            content
        };
        for content in [pieces, lasts(0), lasts(u32::MAX)] {
            let refused = probe(&content).unwrap_err().to_string();
            assert!(
                refused.starts_with("it is in fragments") && refused.contains("ffmpeg -i IN -c copy"),
                "{refused}"
            );
        }
    }
}
