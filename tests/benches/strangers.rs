//! What strangers can do to a collector: each attack beside the answers that the people of another site get. Before each
//! of them the same load is measured without it; compare the two, since machines differ and are noisy.
//!
//! The healthy site's people come from 127.0.0.1, strangers from 127.0.0.2, so that they are two clients.
#![expect(clippy::print_stdout, reason = "a bench speaks on standard output")]

#[path = "strangers/attack.rs"]
mod attack;
#[path = "strangers/bodies.rs"]
mod bodies;
#[expect(dead_code, reason = "the funnel is another bench's")]
mod load;

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::Value;
use tabiji_tests::{Stack, demo_flow};

use attack::{Attack, Attacked};
use load::{Cell, Person, Tally, run};

/// What the healthy site sends: single events at a pace that a busy site has.
const HEALTHY: Cell = Cell { pace: Some(200), ..load::unpaced(8, 1) };
/// How long each load lasts.
const SECONDS: Duration = Duration::from_secs(6);
/// An answer may take so many times as long under attack, and a little more, which is the machine's.
const MOST_TIMES: f64 = 2.0;
const SLACK_MS: f64 = 10.0;
/// How much of a core waking held questions may take.
const MOST_FOR_WAKING: f64 = 0.1;
/// What the collector's memory must not exceed, in MiB.
const MOST_MEMORY: u64 = 256;

#[tokio::main]
async fn main() -> Result<()> {
    let (stack, _) = Stack::start(1).await?;
    stack.publish(&demo_flow())?;
    let other = Attack::site(&stack)?;
    let people = load::people(&stack, 200)?;
    bodies::measure(&stack).await?;
    run(&stack, &people, HEALTHY, Duration::from_secs(1)).await?;
    println!(
        "{:44}{:>16}{:>16}{:>10}{:>10}{:>8}{:>6}",
        "", "p50 / p99 before", "under attack", "taken", "refused", "CPU %", "MiB"
    );
    let (mut faults, mut changing) = (Vec::new(), 0.0);
    for attack in Attack::ALL {
        let before = run(&stack, &people, HEALTHY, SECONDS).await?;
        let (under, Attacked { taken, refused }, cpu) = under_attack(&stack, &people, &other, attack).await?;
        let memory = stack.collector_memory()?;
        let of = |tally: &Tally| format!("{:.1} / {:.1}", tally.percentile(50), tally.percentile(99));
        println!(
            "{:44}{:>16}{:>16}{taken:>10}{refused:>10}{:>8.0}{memory:>6}",
            attack.name(),
            of(&before),
            of(&under),
            cpu * 100.0
        );
        if under.percentile(99) > MOST_TIMES * before.percentile(99) + SLACK_MS || memory > MOST_MEMORY {
            faults.push(attack.name());
        }
        match attack {
            Attack::SignIns => ensure!(refused > 100, "{}: {refused} refused", attack.name()),
            Attack::Held => {
                ensure!(refused == 0, "{refused} questions were not held");
                let waking = cpu - changing;
                println!("waking them: {:.1} % of a core", waking * 100.0);
                ensure!(waking < MOST_FOR_WAKING, "waking held questions takes too much");
            }
            _ => ensure!(taken > 100, "{}: {taken} taken", attack.name()),
        }
        changing = cpu;
    }
    let restart = restart(stack).await?;
    println!("a start after all of it: {} ms", restart.as_millis());
    ensure!(restart < Duration::from_secs(2), "a start takes too long");
    ensure!(faults.is_empty(), "over the bound: {faults:?}");
    Ok(())
}

/// Runs the healthy load while an attack goes on; says what came of that, too, and how much of a core the collector took.
async fn under_attack(
    stack: &Stack,
    people: &[Person],
    other: &Value,
    attack: Attack,
) -> Result<(Tally, Attacked, f64)> {
    let attacker = tokio::spawn(attack.run(stack.url(), other.clone(), SECONDS));
    // It has begun when it is measured.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let before = stack.collector_cpu()?;
    let tally = run(stack, people, HEALTHY, SECONDS - Duration::from_secs(1)).await?;
    let after = stack.collector_cpu()?;
    let cpu = (after.0 - before.0 + after.1 - before.1) / tally.took.as_secs_f64();
    ensure!(tally.busy == 0, "{}: {} healthy requests were refused", attack.name(), tally.busy);
    Ok((tally, attacker.await??, cpu))
}

async fn restart(mut stack: Stack) -> Result<Duration> {
    stack.kill_collector();
    let begun = std::time::Instant::now();
    stack.start_collector().await?;
    Ok(begun.elapsed())
}
