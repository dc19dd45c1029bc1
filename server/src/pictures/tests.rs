//! What is no picture of an agent.

use super::*;

/// A PNG of this size, as its head says; nothing is drawn in it.
fn png(width: u32, height: u32) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        [&(data.len() as u32).to_be_bytes(), kind.as_slice(), data, &[0; 4]].concat()
    };
    let head = [&width.to_be_bytes(), &height.to_be_bytes(), &[8, 6, 0, 0, 0][..]].concat();
    let text = chunk(b"tEXt", b"Author\0somebody at home");
    [b"\x89PNG\r\n\x1a\n".as_slice(), &chunk(b"IHDR", &head), &text, &chunk(b"IEND", &[])].concat()
}

fn tag(content: &[u8]) -> &'static str {
    checked(content, 0).map_or_else(|refusal| refusal.tag(), |_| "taken")
}

#[test]
fn a_picture_is_kept_without_what_it_says_of_its_author() {
    let Ok(picture) = checked(&png(192, 192), 0) else { panic!("a picture") };
    assert_eq!((picture.kind.as_str(), picture.id.len()), ("image/png", 32));
    assert!(!String::from_utf8_lossy(&picture.content).contains("at home"));
    assert_ne!(checked(&png(192, 192), 0).map(|other| other.id).ok(), Some(picture.id));
}

#[test]
fn what_could_run_is_huge_or_is_no_picture_is_refused() {
    for (content, expected) in [
        (png(512, 512), "taken"),
        (png(513, 16), "bad_file"),
        (png(60_000, 60_000), "bad_file"),
        (png(0, 16), "bad_file"),
        (png(16, 16)[..20].to_vec(), "bad_file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), "bad_file"),
        (b"<?xml version='1.0'?><svg/>".to_vec(), "bad_file"),
        (b"<html><script>alert(1)</script>".to_vec(), "bad_file"),
        (b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), "bad_file"),
        (b"%PDF-1.7\n".to_vec(), "bad_file"),
        (b"a text".to_vec(), "bad_file"),
        (Vec::new(), "bad_file"),
        (vec![0xff; MAX_SIZE + 1], "too_large"),
    ] {
        assert_eq!(tag(&content), expected, "{}", String::from_utf8_lossy(&content[..content.len().min(40)]));
    }
}
