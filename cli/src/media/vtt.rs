//! WebVTT as captions and chapters need it (W3C WebVTT, 4): times and plain text.

use anyhow::{Context, Result, bail};
use protocol::stored::Cue;

/// The most characters in a line: more is not read in time. Japanese takes half of it.
const WIDE: usize = 84;

/// Reads the cues of a video that is `seconds` long.
///
/// # Errors
/// With the line and what to do.
pub(super) fn read(text: &str, seconds: f64) -> Result<Vec<Cue>> {
    // A line ends in CR LF, LF or CR (WebVTT, 4.1).
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let after = text.strip_prefix("WEBVTT");
    if !after.is_some_and(|after| after.is_empty() || after.starts_with([' ', '\t', '\n'])) {
        bail!("line 1: a WebVTT file begins with the word WEBVTT");
    }
    let mut cues: Vec<Cue> = Vec::new();
    let mut lines = text.lines().enumerate().skip(1).map(|(n, line)| (n + 1, line));
    while let Some((n, line)) = lines.next() {
        let Some((from, to)) = line.split_once("-->") else { continue };
        let to = to.split_whitespace().next().unwrap_or_default();
        let (from, to) = (time(from.trim()), time(to));
        let (from, to) = from
            .zip(to)
            .with_context(|| format!("line {n}: write times as 00:01:02.500 --> 00:01:05.000"))?;
        if from >= to {
            bail!("line {n}: it ends before it begins");
        }
        if cues.last().is_some_and(|before| from < before.from) {
            bail!("line {n}: it begins before the one above it; put them in order");
        }
        // Encoders round the length of a video.
        if to > seconds + 1.0 {
            bail!("line {n}: it ends after the video, which is {seconds:.1} s long");
        }
        let mut said: Vec<&str> = Vec::new();
        // Only a line without anything ends a cue: one of a blank is a line of it.
        for (n, line) in lines.by_ref().take_while(|(_, line)| !line.is_empty()) {
            if line.contains("-->") {
                bail!("line {n}: a blank line is missing above this cue");
            }
            said.push(line.trim());
        }
        said.retain(|line| !line.is_empty());
        let said = said.join("\n");
        if said.is_empty() {
            bail!("line {n}: this cue has no text");
        }
        if said.contains(['<', '>']) {
            bail!("line {n}: remove markup; captions are plain text");
        }
        if let Some(long) = said.lines().find(|line| width(line) > WIDE) {
            bail!("line {n}: {long:?} is too long to be read in time; break it into two lines or two cues");
        }
        // Browsers read the references of HTML in captions (WebVTT, 6.4).
        cues.push(Cue { from, to, text: html_escape::decode_html_entities(&said).into_owned() });
    }
    if cues.is_empty() {
        bail!("the file has no cues");
    }
    Ok(cues)
}

/// `01:02:03.400` or `02:03.400` in seconds. Browsers leave out a cue with other times (WebVTT, 6.3).
fn time(text: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let parts: Vec<&str> = text.split(':').collect();
    let has_millis = text.rsplit_once('.').is_some_and(|(_, millis)| millis.len() == 3);
    if !(2..=3).contains(&parts.len()) || !has_millis {
        return None;
    }
    for (nth, part) in parts.iter().rev().enumerate() {
        let whole = part.split('.').next().unwrap_or_default();
        let is_long = if nth < 2 { whole.len() == 2 } else { whole.len() >= 2 };
        let good = is_long && part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let value = part.parse::<f64>().ok().filter(|_| good)?;
        // No cue has 60 seconds or 60 minutes.
        if nth < 2 && value >= 60.0 {
            return None;
        }
        seconds += value * 60f64.powi(i32::try_from(nth).ok()?);
    }
    Some(seconds)
}

/// How wide a line is, in half-width characters.
fn width(line: &str) -> usize {
    line.chars().map(|letter| if u32::from(letter) < 0x1100 { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_are_read_with_their_times_and_lines() {
        let text = "WEBVTT - first\n\nNOTE made by hand\n\n1\n00:00.000 --> 00:02.500 align:start\n名前と\nアドレス\n\n00:00:03.000 --> 01:00:05.000\nDone\n";
        let cues = read(text, 4000.0).map_err(|error| error.to_string());
        let cue = |from, to, text: &str| Cue { from, to, text: text.into() };
        assert_eq!(cues, Ok(vec![cue(0.0, 2.5, "名前と\nアドレス"), cue(3.0, 3605.0, "Done")]));
    }

    #[test]
    fn captions_of_editors_and_converters_are_read_as_browsers_read_them() {
        for (text, expected) in [
            ("WEBVTT\n\n00:00.500 --> 00:03.000\n登録します。\n \n（音楽）\n", "登録します。\n（音楽）"),
            ("WEBVTT\r\r00:00.500 --> 00:03.000\r登録します。\r", "登録します。"),
            ("WEBVTT\r\n\r\n00:00.500 --> 00:03.000\r\n登録します。\r\n", "登録します。"),
            (
                "WEBVTT\n\n00:00.500 --> 00:03.000\n田中&nbsp;さんの&quot;名&quot; R&amp;D &#39;例&#39; &lrm;&copy; a &lt; b\n",
                "田中\u{a0}さんの\"名\" R&D '例' \u{200e}© a < b",
            ),
        ] {
            let cues = read(text, 10.0).map_err(|error| error.to_string());
            assert_eq!(cues, Ok(vec![Cue { from: 0.5, to: 3.0, text: expected.into() }]));
        }
    }

    #[test]
    fn what_nobody_could_read_is_refused_with_its_line() {
        for (cue, expected) in [
            ("00:05.000 --> 00:02.000\nx", "line 3: it ends before"),
            ("00:05.000 --> soon\nx", "line 3: write times"),
            ("00:05 --> 00:06\nx", "line 3: write times"),
            ("0:05.000 --> 0:06.000\nx", "line 3: write times"),
            ("00:5.000 --> 00:06.000\nx", "line 3: write times"),
            ("0:00:05.000 --> 0:00:06.000\nx", "line 3: write times"),
            ("00:00:05.000 --> 00:00:60.000\nx", "line 3: write times"),
            ("00:75.000 --> 00:80.000\nx", "line 3: write times"),
            ("00:60:00.000 --> 01:00:01.000\nx", "line 3: write times"),
            ("00:01.000 --> 00:02.000\nx\n2\n00:03.000 --> 00:04.000\ny", "line 6: a blank line is missing"),
            ("00:05.000 --> 00:20.000\nx", "line 3: it ends after the video"),
            ("00:05.000 --> 00:06.000\n\n", "line 3: this cue has no text"),
            ("00:05.000 --> 00:06.000\n<b>x</b>", "line 3: remove markup"),
            ("00:05.000 --> 00:06.000\nx\n\n00:01.000 --> 00:02.000\nx", "line 6: it begins before"),
            ("", "the file has no cues"),
        ] {
            let said = read(&format!("WEBVTT\n\n{cue}"), 10.0).map_err(|error| error.to_string());
            assert!(said.as_ref().is_err_and(|said| said.starts_with(expected)), "{cue:?}: {said:?}");
        }
        let long = format!("WEBVTT\n\n00:05.000 --> 00:06.000\n{}", "長".repeat(43));
        assert!(read(&long, 10.0).is_err());
        for head in ["1", "WEBVTTx", "WEBVTT2.0"] {
            assert!(read(&format!("{head}\n\n00:05.000 --> 00:06.000\nx"), 10.0).is_err(), "{head}");
        }
    }

    /// S37: captions are refused with a sentence, or every cue is within the video and in order.
    #[test]
    fn s37_a_track_of_any_bytes_is_refused_or_in_order() {
        fuzz::fuzz("vtt", |bytes| match read(&String::from_utf8_lossy(bytes), 4_000.0) {
            Ok(cues) => {
                assert!(
                    cues.iter().all(|cue| cue.from < cue.to && cue.to <= 4_001.0 && !cue.text.is_empty())
                );
                assert!(cues.is_sorted_by(|one, next| one.from <= next.from));
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        });
    }
}
