//! How fast the collector takes events in, how far its reports are behind, and what it does with more
//! than it can take. Everything is the real binary over real sockets with signed identities; only
//! the load is made up. Quote medians and ratios of one run: machines are noisy.
//!
//! The collector runs on the first core and this program on the second, as `cargo xtask bench`
//! starts it. `--accounts` and `--seconds` say how much.
#![expect(clippy::print_stdout, reason = "a bench speaks on standard output")]

mod load;

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tabiji_tests::Stack;

use load::{Cell, Tally, run};

/// Shapes of load; `pace` in events per second, all that goes when none.
const CELLS: [(&str, Cell); 4] = [
    ("batches of 20 on 16 connections", Cell { connections: 16, batch: 20, pace: None }),
    ("single events on 64 connections", Cell { connections: 64, batch: 1, pace: None }),
    ("batches of 20 on one connection", Cell { connections: 1, batch: 20, pace: None }),
    ("batches of 20 on 80 connections", Cell { connections: 80, batch: 20, pace: None }),
];
const PACED: Cell = Cell { connections: 16, batch: 20, pace: Some(5_000) };

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let seconds = option("--seconds", 10)?;
    let accounts = option("--accounts", 100_000)?;
    let (mut stack, _) = Stack::start(1).await?;
    // One site sends everything here, so its own limit must not be what is measured.
    stack.configure("[limits]\nrequests_per_second = 1000000\n")?;
    stack.kill_collector();
    stack.start_collector().await?;
    stack.publish(&tabiji_tests::demo_flow())?;
    stack.pin_collector("0")?;
    println!("warming up with {accounts} accounts");
    let people = load::people(&stack, accounts)?;
    run(&stack, &people, CELLS[0].1, Duration::from_secs(2)).await?;
    drain(&stack).await?;

    lag(&stack, &people, seconds).await?;
    println!(
        "{:34}{:>10}{:>9}{:>9}{:>13}{:>9}{:>8}{:>8}",
        "", "events/s", "p50 ms", "p99 ms", "with reports", "CPU s/M", "busy", "MiB"
    );
    for (name, cell) in CELLS {
        let before = stack.collector_cpu()?;
        let tally = run(&stack, &people, cell, Duration::from_secs(seconds)).await?;
        let memory = stack.collector_memory()?;
        let late = drain(&stack).await?;
        report(name, &tally, late, stack.collector_cpu()? - before, memory);
    }
    let facts = load::funnel::fill(&stack, accounts).await?;
    drain(&stack).await?;
    let (took, entered) = load::funnel::ask(&stack).await?;
    println!("the funnel of {entered} accounts, {facts} facts after that, takes {} ms", took.as_millis());
    Ok(())
}

/// Events a second as they are acknowledged, and counted until every report has them; processor time is
/// for both.
fn report(name: &str, tally: &Tally, late: Duration, cpu: f64, memory: u64) {
    let (stored, took) = (tally.stored as f64, tally.took.as_secs_f64());
    println!(
        "{name:34}{:>10.0}{:>9.2}{:>9.2}{:>13.0}{:>9.2}{:>8}{memory:>8}",
        stored / took,
        tally.percentile(50),
        tally.percentile(99),
        stored / (took + late.as_secs_f64()),
        cpu * 1e6 / stored.max(1.0),
        tally.busy
    );
}

/// Waits until the reports have caught up; says how long that took.
async fn drain(stack: &Stack) -> Result<Duration> {
    let begun = Instant::now();
    while stack.behind().await? > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(begun.elapsed())
}

/// How far the reports are behind a steady stream.
async fn lag(stack: &Stack, people: &[load::Person], seconds: u64) -> Result<()> {
    let pace = PACED.pace.unwrap_or(1) as f64;
    let watch = async {
        let mut behind = Vec::new();
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let now = stack.behind().await;
            behind.push(now.map_or(f64::INFINITY, |records| records as f64 / pace));
            if behind.len() as u64 >= seconds * 10 {
                behind.sort_by(f64::total_cmp);
                return behind[behind.len() * 99 / 100];
            }
        }
    };
    let (tally, worst) = tokio::join!(run(stack, people, PACED, Duration::from_secs(seconds)), watch);
    let tally = tally?;
    println!(
        "at {} events/s the reports are {:.0} ms behind (p99); answers after {:.2} ms (p99)",
        (tally.stored as f64 / tally.took.as_secs_f64()).round(),
        worst * 1e3,
        tally.percentile(99)
    );
    Ok(())
}

fn option(name: &str, default: u64) -> Result<u64> {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().position(|argument| argument == name) {
        None => Ok(default),
        Some(at) => arguments
            .get(at + 1)
            .and_then(|value| value.parse().ok())
            .with_context(|| format!("{name} wants a number")),
    }
}
