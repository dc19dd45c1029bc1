//! Fuzzing on the stable toolchain: a parser is given every file of a kept corpus, and then what can be made of them: as
//! long as `TABIJI_FUZZ_SECONDS` says, or else a fixed number of inputs.
//!
//! The target is a test beside its parser, so it reaches what is private there. What fails is made as small as possible
//! and shown; it belongs into the corpus, from which every later run begins. Why not libFuzzer:
//! `docs/decisions/0024-fuzz.md`.

mod change;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use change::{Change, change};

/// Inputs between two looks at the clock.
const CASES: u32 = 256;
/// How often so many are made where nobody says how long: as many on a slow machine as on a fast one.
const ROUNDS: u64 = 8;
/// The most changes of one input.
const CHANGES: usize = 8;
/// The largest input, in bytes.
const MAX_INPUT: usize = 1 << 20;
/// An input that takes longer has found something, too: the slowest machine takes a thousandth of it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs `parse` on the corpus of this name, wholly, and then on what can be made of it.
///
/// # Panics
/// When `parse` does, with the smallest input that was found; and when there is no corpus.
pub fn fuzz(target: &str, parse: impl Fn(&[u8])) {
    let said = std::env::var("TABIJI_FUZZ_SECONDS").ok().and_then(|text| text.parse().ok());
    fuzz_for(said.map(Duration::from_secs_f64), target, parse);
}

/// The same for so long, or else on as many inputs as any change of the code is tried with.
fn fuzz_for(long: Option<Duration>, target: &str, parse: impl Fn(&[u8])) {
    let seeds = corpus(target);
    for (name, seed) in &seeds {
        eprintln!("{target}: {name}");
        timed(seed, &parse);
    }
    let seeds: Vec<Vec<u8>> = seeds.into_iter().map(|(_, seed)| seed).collect();
    let inputs = (any::<Index>(), vec(change(), 1..=CHANGES));
    let (begun, mut rounds) = (Instant::now(), 0_u64);
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    // What every change of the code is tried with is the same each time; longer runs look at something else.
    let mut runner = match long {
        None => TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha)),
        Some(_) => TestRunner::new(config),
    };
    while long.map_or(rounds < ROUNDS, |long| begun.elapsed() < long) {
        rounds += 1;
        // One that has run its cases runs no other.
        let rng = runner.new_rng();
        runner = TestRunner::new_with_rng(runner.config().clone(), rng);
        let run = runner.run(&inputs, |(at, changes)| {
            timed(&made(&seeds, at.get::<Vec<u8>>(&seeds), &changes), &parse);
            Ok::<_, TestCaseError>(())
        });
        match run {
            Ok(()) => {}
            Err(TestError::Fail(why, (at, changes))) => {
                let input = made(&seeds, at.get::<Vec<u8>>(&seeds), &changes);
                panic!(
                    "{target}: {why}\nas text: {:?}\nas bytes: {input:02x?}",
                    String::from_utf8_lossy(&input)
                );
            }
            Err(TestError::Abort(why)) => panic!("{target}: {why}"),
        }
    }
    eprintln!("{target}: {} files, {} inputs made of them", seeds.len(), rounds * u64::from(CASES));
}

fn timed(input: &[u8], parse: &impl Fn(&[u8])) {
    let begun = Instant::now();
    parse(input);
    assert!(begun.elapsed() < PATIENCE, "it took {:?}", begun.elapsed());
}

/// An input that is made of the corpus.
fn made(seeds: &[Vec<u8>], seed: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut input = seed.to_vec();
    changes.iter().for_each(|change| change.apply(&mut input, seeds));
    input.truncate(MAX_INPUT);
    input
}

/// The files of a corpus with their names.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora").join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    paths.sort();
    let read = paths.iter().map(|path| {
        let content = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), content)
    });
    let all: Vec<_> = read.collect();
    assert!(!all.is_empty(), "{} is empty", folder.display());
    all
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn s37_what_only_a_change_of_the_corpus_has_is_found_and_made_small() {
        let found = catch_unwind(AssertUnwindSafe(|| {
            fuzz("numbers", |input| assert!(!input.windows(3).any(|three| three == b"999"), "three nines"));
        }));
        let why = *found.unwrap_err().downcast::<String>().unwrap();
        assert!(why.contains("three nines"), "{why}");
    }

    #[test]
    fn s37_it_goes_on_as_long_as_it_is_said_or_for_as_many_inputs_on_every_machine() {
        let calls = Cell::new(0_u64);
        let count = |_: &[u8]| calls.set(calls.get() + 1);
        fuzz_for(None, "numbers", count);
        assert_eq!(calls.take(), 2 + ROUNDS * u64::from(CASES));
        let (begun, long) = (Instant::now(), Duration::from_millis(300));
        fuzz_for(Some(long), "numbers", count);
        assert!(begun.elapsed() >= long && calls.get() > u64::from(CASES), "{} inputs", calls.get());
    }

    #[test]
    fn s37_every_file_of_the_corpus_comes_first() {
        let first = Cell::new(None);
        fuzz("numbers", |input| {
            if first.get().is_none() {
                first.set(Some(input == b"1, 22\n"));
            }
        });
        assert_eq!(first.get(), Some(true));
    }
}
