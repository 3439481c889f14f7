//! `cargo xtask fault`: the long run of kills, power cuts and full disks; prints what was found and fails if it is anything.
//!
//! `--rounds N` (1,000) kills, a fifth as many power cuts on each file system, `--seed N`. Every part ends with its planted
//! fault, which must be found.
#![expect(
    clippy::print_stdout,
    reason = "the findings are told to the person at the terminal"
)]

use std::process::ExitCode;

use anlan_tests::acks::Verdict;
use anlan_tests::disk::{FileSystem, why_not};
use anlan_tests::load::Plant;
use anlan_tests::place::{Scratch, copy_demo};
use anlan_tests::power::{self, Waits};
use anlan_tests::{kill, space};
use anyhow::{Context as _, Result};

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<bool> {
    let rounds = number(words, "--rounds")?.unwrap_or(1_000);
    let seed = u64::try_from(number(words, "--seed")?.unwrap_or(1))?;
    let mut well = kills(rounds, seed, Plant::Nothing)?;
    for plant in [Plant::AckBeforeWrite, Plant::NoKeys] {
        well &= !kills(4, seed, plant)?;
    }
    let scratch = Scratch::new("fault")?;
    if let Some(reason) = why_not(scratch.path()) {
        println!("!!! LEFT OUT: power cuts and full disks: {reason}");
        return Ok(well);
    }
    for file_system in [FileSystem::Ext4, FileSystem::Xfs] {
        well &= cuts((rounds / 5).max(20), seed, file_system, Waits::ForTheDisk)?;
        well &= !cuts(4, seed, file_system, Waits::ForNothing)?;
    }
    Ok(well & full_disk()?)
}

fn number(words: &[String], name: &str) -> Result<Option<usize>> {
    let Some(at) = words.iter().position(|word| word == name) else {
        return Ok(None);
    };
    let word = words
        .get(at + 1)
        .with_context(|| format!("{name} wants a number"))?;
    Ok(Some(word.parse().with_context(|| format!("{name} {word}"))?))
}

fn kills(rounds: usize, seed: u64, plant: Plant) -> Result<bool> {
    let scratch = Scratch::new("fault-kill")?;
    copy_demo(&scratch.join("data"))?;
    let plan = kill::Plan {
        rounds,
        clients: 4,
        seed,
        plant,
    };
    let outcome = kill::run(&scratch.join("data"), &plan)?;
    println!(
        "kill -9, {plant:?}: {rounds} rounds ({} while starting), {} facts recorded, {} asked again, {} kept answers, slowest start {:?}",
        outcome.killed_starting, outcome.recorded, outcome.repeated, outcome.replays, outcome.slowest_start
    );
    Ok(told(&outcome.verdict))
}

fn cuts(cuts: usize, seed: u64, file_system: FileSystem, waits: Waits) -> Result<bool> {
    let scratch = Scratch::new("fault-cut")?;
    let plan = power::Plan {
        cuts,
        file_system,
        seed,
        waits,
    };
    let outcome = power::run(scratch.path(), &plan)?;
    println!(
        "power cut, {file_system:?}, waits {waits:?}: {cuts} cuts, {} facts recorded, {} said in the moment of the cut and gone",
        outcome.recorded, outcome.gone_with_the_power
    );
    Ok(told(&outcome.verdict))
}

fn full_disk() -> Result<bool> {
    let scratch = Scratch::new("fault-full")?;
    let outcome = space::run(scratch.path())?;
    println!(
        "full disk: {} reports taken from the reserve, then {:?}; reads that failed {:?}; recovered {}",
        outcome.taken_when_full, outcome.refusal, outcome.failed_reads, outcome.recovered
    );
    Ok(told(&outcome.verdict) && outcome.recovered && outcome.failed_reads.is_empty())
}

fn told(verdict: &Verdict) -> bool {
    println!("  {verdict}");
    if !verdict.is_clean() {
        println!("  {verdict:?}");
    }
    verdict.is_clean()
}
