//! What the build needs beyond Rust and Node: looked for, and installed into `.tools` when missing.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{program, quiet};

const NEXTEST: &str = "0.9.143";
const WASM_PACK: &str = "0.15.0";
const GECKODRIVER: &str = "0.37.1";
const DENY: &str = "0.20.2";

/// Everything that building the web assets needs.
pub fn for_assets() -> Result<()> {
    wasm_target()?;
    npm()
}

/// What builds the widget in one piece, and runs its tests in a browser.
pub fn wasm_pack() -> Result<()> {
    if !says("wasm-pack", WASM_PACK) {
        cargo_install("wasm-pack", WASM_PACK)?;
    }
    // Of our own lock file: wasm-pack takes no other version than that of the module.
    let own = ["install", "--path", "xtask/wasm-bindgen", "--locked", "--root", ".tools", "--debug"];
    quiet("installing what binds and tests modules", program("cargo", own)).map(|_| ())
}

/// The test runner; many machines have it already.
pub fn nextest() -> Result<()> {
    let found =
        program("cargo", ["nextest", "--version"]).output().is_ok_and(|output| output.status.success());
    if found { Ok(()) } else { cargo_install("cargo-nextest", NEXTEST) }
}

/// What compares crates with advisories.
pub fn deny() -> Result<()> {
    if says("cargo-deny", DENY) { Ok(()) } else { cargo_install("cargo-deny", DENY) }
}

/// What the browsers need: each file, and the package that brings it.
const BROWSERS: [(&str, &str); 7] = [
    ("/usr/bin/chromium", "chromium"),
    ("/usr/bin/chromedriver", "chromium-driver"),
    ("/usr/bin/firefox-esr", "firefox-esr"),
    ("/usr/bin/WebKitWebDriver", "webkit2gtk-driver"),
    ("/usr/bin/Xvfb", "xvfb"),
    ("/usr/share/doc/gstreamer1.0-libav", "gstreamer1.0-libav"),
    ("/usr/share/doc/gstreamer1.0-plugins-bad", "gstreamer1.0-plugins-bad"),
];

/// Chromium, Firefox and the engine of Safari with their drivers, from Debian where that is possible.
pub fn browsers() -> Result<()> {
    if !says("geckodriver", GECKODRIVER) {
        cargo_install("geckodriver", GECKODRIVER)?;
    }
    if BROWSERS.iter().all(|(file, _)| Path::new(file).exists()) && has_japanese() {
        return Ok(());
    }
    let packages: Vec<&str> = BROWSERS.iter().map(|(_, package)| *package).collect();
    let all = [packages.as_slice(), &["gstreamer1.0-plugins-good", "fonts-noto-cjk"]].concat();
    debian("the browsers", &all).with_context(|| {
        format!("the browser tests need three engines: as root, apt-get install {}", all.join(" "))
    })
}

/// Chromium alone, for what only needs pictures of pages.
pub fn chromium() -> Result<()> {
    if BROWSERS[..2].iter().all(|(file, _)| Path::new(file).exists()) && has_japanese() {
        return Ok(());
    }
    debian("Chromium and its driver", &["chromium", "chromium-driver", "fonts-noto-cjk"])
        .context("as root, apt-get install chromium chromium-driver fonts-noto-cjk")
}

/// Chromium that writes Japanese where it writes something itself, as beside a field for a file.
pub fn japanese_chromium() -> Result<()> {
    chromium()?;
    if Path::new("/usr/lib/chromium/locales/ja.pak").exists() {
        return Ok(());
    }
    debian("Chromium's languages", &["chromium-l10n"]).context("as root, apt-get install chromium-l10n")
}

/// Languages of the samples that are small enough to install for a test; Go and Java are tested where they are.
const LANGUAGES: [(&str, &str); 3] = [("python3", "python3"), ("php", "php-cli"), ("ruby", "ruby")];

/// What runs the samples that sign identity tokens.
pub fn languages() -> Result<()> {
    let is_missing = |name: &str| program(name, ["--version"]).output().is_err();
    let missing = LANGUAGES.iter().filter(|(name, _)| is_missing(name));
    let packages: Vec<&str> = missing.map(|(_, package)| *package).collect();
    if packages.is_empty() {
        return Ok(());
    }
    debian("the languages of the samples", &packages)
        .with_context(|| format!("the samples need them: as root, apt-get install {}", packages.join(" ")))
}

/// Proxies that people put in front of a collector: each program, and the package that brings it.
const PROXIES: [(&str, &str); 3] =
    [("/usr/sbin/nginx", "nginx-light"), ("/usr/bin/caddy", "caddy"), ("/usr/sbin/haproxy", "haproxy")];

/// What stands in front of the collector in some tests.
pub fn proxies() -> Result<()> {
    let missing = PROXIES.iter().filter(|(file, _)| !Path::new(file).exists());
    let packages: Vec<&str> = missing.map(|(_, package)| *package).collect();
    if packages.is_empty() {
        return Ok(());
    }
    debian("proxies", &packages)
        .with_context(|| format!("tests need them: as root, apt-get install {}", packages.join(" ")))
}

/// What tries the HTTP interface by its own document.
pub fn schemathesis() -> Result<()> {
    let (folder, packages) = (".tools/schemathesis", "tests/schemathesis.txt");
    let installed = Path::new(folder).join("packages.txt");
    let wanted = fs::read(packages).context(packages)?;
    if fs::read(&installed).is_ok_and(|had| had == wanted) {
        return Ok(());
    }
    let has_venv = program("python3", ["-c", "import ensurepip, venv"]).output();
    if !has_venv.is_ok_and(|output| output.status.success()) {
        debian("Python", &["python3", "python3-venv"])
            .context("as root, apt-get install python3 python3-venv")?;
    }
    quiet("making room for packages from PyPI", program("python3", ["-m", "venv", "--clear", folder]))?;
    let pip = ["install", "--quiet", "--require-hashes", "--only-binary", ":all:", "--requirement", packages];
    quiet("installing schemathesis", program(&format!("{folder}/bin/pip"), pip))?;
    fs::write(installed, wanted).context(packages)
}

/// Debian's ffmpeg, which makes video files of pictures.
pub fn ffmpeg() -> Result<()> {
    if program("ffmpeg", ["-version"]).output().is_ok() {
        return Ok(());
    }
    debian("ffmpeg", &["ffmpeg"]).context("clips need ffmpeg: install the Debian package as root")
}

fn debian(what: &str, packages: &[&str]) -> Result<()> {
    quiet("reading Debian's package lists", program("apt-get", ["update", "-qq"]))?;
    let mut command = program("apt-get", ["install", "-y", "--no-install-recommends"].iter().chain(packages));
    command.env("DEBIAN_FRONTEND", "noninteractive");
    quiet(&format!("installing {what}"), command).map(|_| ())
}

fn has_japanese() -> bool {
    let list = program("fc-list", [":lang=ja"]).output();
    list.is_ok_and(|list| !list.stdout.is_empty())
}

fn wasm_target() -> Result<()> {
    let sysroot = program("rustc", ["--print", "sysroot"]).output().context("cannot start rustc")?;
    let sysroot = String::from_utf8_lossy(&sysroot.stdout).trim().to_owned();
    if Path::new(&sysroot).join("lib/rustlib/wasm32-unknown-unknown").exists() {
        return Ok(());
    }
    quiet("adding the wasm32 target", program("rustup", ["target", "add", "wasm32-unknown-unknown"]))?;
    Ok(())
}

fn npm() -> Result<()> {
    // npm writes down what it installed; a lock file that changed since asks for more.
    let written = |file: &str| fs::metadata(file).and_then(|file| file.modified()).ok();
    let installed = written("node_modules/.package-lock.json");
    if installed.is_some()
        && installed >= written("package-lock.json")
        && program("wasm-opt", ["--version"]).output().is_ok_and(|output| output.status.success())
    {
        return Ok(());
    }
    quiet("installing what is from npm: wasm-opt, esbuild, and what the tests need", program("npm", ["ci"]))?;
    if !program("wasm-opt", ["--version"]).output().is_ok_and(|output| output.status.success()) {
        bail!("wasm-opt is still missing after `npm ci`: without it the widget is twice as large");
    }
    Ok(())
}

/// None of them works long enough to be worth the minutes of an optimised build, and they share crates.
fn cargo_install(name: &str, version: &str) -> Result<()> {
    let mut command: Command = program("cargo", install_arguments(name, version));
    command.env("CARGO_TARGET_DIR", "target/tools").env("CARGO_PROFILE_DEV_DEBUG", "0");
    quiet(&format!("installing {name} {version} (some minutes, once)"), command).map(|_| ())
}

/// This version, of the very crates that its authors tried it with: a tool that could be made of any others fails.
fn install_arguments(name: &str, version: &str) -> Vec<String> {
    let exact = format!("={version}");
    let all = ["install", name, "--version", &exact, "--locked", "--root", ".tools", "--debug"];
    all.map(str::to_owned).to_vec()
}

/// Whether a program is there and is of this version.
fn says(name: &str, version: &str) -> bool {
    let output = program(name, ["--version"]).output();
    output.is_ok_and(|output| {
        String::from_utf8_lossy(&output.stdout).split_whitespace().any(|word| word == version)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s20_tools_are_installed_with_their_lock_file_or_not_at_all() {
        let arguments = install_arguments("cargo-nextest", NEXTEST);
        assert!(arguments.contains(&"--locked".to_owned()) && arguments.contains(&format!("={NEXTEST}")));
    }
}
