//! How fast the collector takes events in, how far its reports are behind, and what it does with more
//! than it can take. Everything is the real binary over real sockets with signed identities; only
//! the load is made up. Quote medians and ratios of one run: machines are noisy.
//!
//! The collector runs on the first core and this program on the second, as `cargo xtask bench`
//! starts it. `--accounts` and `--seconds` say how much.
#![expect(clippy::print_stdout, reason = "a bench speaks on standard output")]

mod load;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tabiji_tests::Stack;

use load::{Cell, Tally, run, unpaced};

/// Shapes of load; `pace` in events per second, all that goes when none.
const CELLS: [(&str, Cell); 4] = [
    ("batches of 20 on 16 connections", unpaced(16, 20)),
    ("single events on 64 connections", unpaced(64, 1)),
    ("batches of 20 on one connection", unpaced(1, 20)),
    ("batches of 20 on 80 connections", unpaced(80, 20)),
];
/// Five times what one client may have read at the same time.
const TOO_MUCH: [(&str, Cell); 2] = [
    ("which wait as a refusal says", Cell { is_patient: true, ..unpaced(640, 20) }),
    ("which ask again at once", unpaced(640, 20)),
];
/// How long that goes on, what must be stored of what goes without it, and what a refusal and the memory may be.
const MINUTE: Duration = Duration::from_secs(60);
const LEAST_GOODPUT: f64 = 0.8;
const MOST_REFUSAL_MS: f64 = 20.0;
const MOST_MEMORY: u64 = 256;
/// How long what waits may take afterwards.
const MOST_WAIT: Duration = Duration::from_secs(5);
const PACED: Cell = Cell { pace: Some(5_000), ..unpaced(16, 20) };
/// How much of its pace must be left where ids say nothing of when they were made.
const LEAST_PACE: f64 = 0.8;

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
    println!("{} MiB before anything came", stack.collector_memory()?);
    println!("warming up with {accounts} accounts");
    let people = load::people(&stack, accounts)?;
    run(&stack, &people, CELLS[0].1, Duration::from_secs(2)).await?;
    drain(&stack).await?;

    lag(&stack, &people, seconds).await?;
    println!(
        "{:34}{:>9}{:>8}{:>8}{:>14}{:>9}{:>9}{:>6}{:>6}",
        "", "events/s", "p50 ms", "p99 ms", "with reports", "CPU s/M", "reports", "busy", "MiB"
    );
    let (mut events, small) = (0, stack.database_size()?);
    for (name, cell) in CELLS {
        let before = stack.collector_cpu()?;
        let tally = run(&stack, &people, cell, Duration::from_secs(seconds)).await?;
        let memory = stack.collector_memory()?;
        let late = drain(&stack).await?;
        let after = stack.collector_cpu()?;
        report(name, &tally, late, (after.0 - before.0, after.1 - before.1), memory);
        events += tally.stored;
    }
    random_ids(&stack, &people, seconds).await?;
    overload(&stack, &people, seconds).await?;
    println!("{} bytes of disk for an event, reports included", (stack.database_size()? - small) / events);
    let facts = load::funnel::fill(&stack, accounts).await?;
    drain(&stack).await?;
    // As the first visitor after a restart finds it.
    stack.kill_collector();
    stack.start_collector().await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (first, again, entered) = load::funnel::ask(&stack).await?;
    println!(
        "the funnel of {entered} accounts, {facts} facts after that, two seconds after a start: {} ms, and {} ms when looked at again; {} MiB",
        first.as_millis(),
        again.as_millis(),
        stack.collector_memory()?
    );
    Ok(())
}

/// Events a second as they are acknowledged, and counted until every report has them; processor time for
/// taking a million in, and for reporting it.
fn report(name: &str, tally: &Tally, late: Duration, cpu: (f64, f64), memory: u64) {
    let (stored, took) = (tally.stored as f64, tally.took.as_secs_f64());
    let per_million = 1e6 / stored.max(1.0);
    println!(
        "{name:34}{:>9.0}{:>8.2}{:>8.2}{:>14.0}{:>9.2}{:>9.2}{:>6}{memory:>6}",
        stored / took,
        tally.percentile(50),
        tally.percentile(99),
        stored / (took + late.as_secs_f64()),
        cpu.0 * per_million,
        cpu.1 * per_million,
        tally.busy
    );
}

/// Events that were stored in a second.
fn rate(tally: &Tally) -> f64 {
    tally.stored as f64 / tally.took.as_secs_f64()
}

/// Sends events whose ids go up with time, and events whose ids do not, in turn.
async fn random_ids(stack: &Stack, people: &[load::Person], seconds: u64) -> Result<()> {
    let mut ratios = Vec::new();
    for _ in 0..3 {
        let mut rates = [0.0; 2];
        for (at, random_ids) in rates.iter_mut().zip([false, true]) {
            let cell = Cell { random_ids, ..CELLS[0].1 };
            *at = rate(&run(stack, people, cell, Duration::from_secs(seconds)).await?);
            drain(stack).await?;
        }
        ratios.push(rates[1] / rates[0]);
    }
    ratios.sort_by(f64::total_cmp);
    println!("with random ids {:.2} of the pace is left ({ratios:.2?})", ratios[1]);
    ensure!(ratios[1] >= LEAST_PACE, "random ids slow the intake down");
    Ok(())
}

/// Gives the collector five times what it may read, for a minute. Its clients wait as long as a refusal says; for those
/// that do not, refusing takes the core that storing needs, so that row is there to be read.
async fn overload(stack: &Stack, people: &[load::Person], seconds: u64) -> Result<()> {
    let peak = rate(&run(stack, people, CELLS[0].1, Duration::from_secs(seconds)).await?);
    for (clients, cell) in TOO_MUCH {
        let tally = run(stack, people, cell, MINUTE).await?;
        let (begun, memory) = (Instant::now(), stack.collector_memory()?);
        let (goodput, refusal) = (rate(&tally) / peak, tally.percentile_refused(99));
        println!(
            "five times too many connections for a minute, {clients}: {goodput:.2} of {peak:.0} events/s are stored, {} requests are refused after {refusal:.1} ms (p99), {memory} MiB",
            tally.busy
        );
        ensure!(memory <= MOST_MEMORY, "it does not keep its memory");
        if cell.is_patient {
            ensure!(goodput >= LEAST_GOODPUT, "it does not keep its pace");
            ensure!(tally.busy > 0 && refusal <= MOST_REFUSAL_MS, "a refusal takes too long");
        }
        // One that comes after it is stored as soon as what waits is.
        let one = run(stack, people, CELLS[2].1, Duration::from_millis(1)).await?;
        ensure!(one.busy == 0 && begun.elapsed() <= MOST_WAIT, "it takes {:?} to recover", begun.elapsed());
    }
    Ok(())
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
        rate(&tally).round(),
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
