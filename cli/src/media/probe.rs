//! What is in an MP4, and whether every browser can play it from the first byte on.

use anyhow::{Context, Result, bail};
use mp4parse::{CodecType, MediaContext, SampleEntry, Track, TrackType, VideoCodecSpecific};

use super::boxes::{boxes, find, number};

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
    let boxes = boxes(content, 0..content.len());
    let place = |name: &[u8; 4]| boxes.iter().position(|found| found.name == *name);
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
    // The index alone: what follows it may say no length, which only this reader minds.
    let index = &content[boxes[index].whole.clone()];
    let context =
        mp4parse::read_mp4(&mut &index[..]).map_err(|error| anyhow::anyhow!("it cannot be read: {error}"))?;
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
    // Where the index knows no length, the pieces that follow it do.
    media_seconds(video).context(FRAGMENTS)?;
    let seconds = seconds(&context, index);
    if seconds < 1.0 {
        bail!("it is shorter than a second");
    }
    if seconds > LONGEST {
        bail!(
            "it is {:.0} s long and a clip has at most {LONGEST:.0}: answer one question, and cut the rest into clips of its own",
            seconds
        );
    }
    let (width, height) = size(video).context("its picture has no size: export it again")?;
    // Turned by a quarter, as of a phone that was held upright: across becomes down. The track says so, or the movie.
    let is_turned = video.tkhd.as_ref().is_some_and(|head| head.matrix.a == 0 && head.matrix.d == 0);
    let (width, height) = if is_turned != is_movie_turned(index) { (height, width) } else { (width, height) };
    Ok(Probed { seconds, width, height })
}

/// How long the movie plays: as long as its longest track, with what its edits put before it and leave out of it.
fn seconds(context: &MediaContext, index: &[u8]) -> f64 {
    let movie = context.timescale.map_or(1, |scale| scale.0).max(1) as f64;
    let edits = find(index, 0..index.len(), &[b"moov", b"trak"]).into_iter().map(|track| {
        find(track, 0..track.len(), &[b"edts", b"elst"]).first().map_or_else(Vec::new, |list| edits(list))
    });
    let tracks = context.tracks.iter().zip(edits);
    let plays = tracks.filter(|(track, _)| matches!(track.track_type, TrackType::Video | TrackType::Audio));
    let lasts = plays.filter_map(|(track, edits)| {
        let media = media_seconds(track)?;
        let of_edit = |(long, from): &(u64, Option<u64>)| match (long, from) {
            // To the end of what there is.
            (0, Some(from)) => {
                media - *from as f64 / track.timescale.map_or(1, |scale| scale.0).max(1) as f64
            }
            (long, _) => *long as f64 / movie,
        };
        Some(if edits.is_empty() { media } else { edits.iter().map(of_edit).sum() })
    });
    lasts.fold(0.0, f64::max)
}

/// How long the media of a track is; none where its length is not known.
fn media_seconds(track: &Track) -> Option<f64> {
    let long = track.duration.as_ref()?.0;
    let is_known = !matches!(long, 0 | UNKNOWN | u64::MAX);
    is_known.then(|| long as f64 / track.timescale.map_or(1, |scale| scale.0).max(1) as f64)
}

/// The edits of a track (ISO 14496-12, 8.6.6): how long each plays, in the movie's units, and from where in the media, in the
/// track's; nothing is shown where there is no such place.
fn edits(list: &[u8]) -> Vec<(u64, Option<u64>)> {
    // Length and place, and a rate of four bytes.
    let wide = if list.first() == Some(&1) { 8 } else { 4 };
    let entries = list.get(8..).unwrap_or_default().chunks_exact(2 * wide + 4);
    let count = list.get(4..8).map_or(0, number);
    let edit = |entry: &[u8]| {
        let from = &entry[wide..2 * wide];
        (number(&entry[..wide]), from.iter().any(|byte| *byte != 0xff).then(|| number(from)))
    };
    entries.take(usize::try_from(count).unwrap_or_default()).map(edit).collect()
}

/// The size at which a picture is shown, before it is turned: as its track says, in 16.16 fixed point (ISO 14496-12, 8.3.2),
/// or else as it is stored.
fn size(video: &Track) -> Option<(u32, u32)> {
    let shown = video.tkhd.as_ref().map(|head| (head.width >> 16, head.height >> 16));
    let stored = video.stsd.iter().flat_map(|stsd| stsd.descriptions.iter()).find_map(|entry| match entry {
        SampleEntry::Video(entry) => Some((u32::from(entry.width), u32::from(entry.height))),
        _ => None,
    });
    [shown, stored].into_iter().flatten().find(|(width, height)| *width > 0 && *height > 0)
}

/// Whether the movie as a whole is turned by a quarter (ISO 14496-12, 8.2.2).
fn is_movie_turned(index: &[u8]) -> bool {
    let head = find(index, 0..index.len(), &[b"moov", b"mvhd"]);
    let Some(head) = head.first() else { return false };
    // Version, times, rate, volume.
    let matrix = 4 + if head.first() == Some(&1) { 28 } else { 16 } + 16;
    let is_none = |at: usize| head.get(matrix + at..matrix + at + 4) == Some(&[0; 4]);
    is_none(0) && is_none(16)
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

#[cfg(test)]
mod tests;
