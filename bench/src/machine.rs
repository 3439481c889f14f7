//! What is told by the machine: time, processor seconds of a process, memory, the disk.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// Open files that this process and its children may have.
const FILES: &str = "65536";

/// The stopwatch of all measurements.
#[expect(clippy::disallowed_methods, reason = "a measurement needs a clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Lets this process, and the servers it starts, hold thousands of connections.
pub(crate) fn raise_limits() {
    let pid = std::process::id().to_string();
    for limit in [format!("--nofile={FILES}:{FILES}"), "--nofile=65536".to_owned()] {
        let done = Command::new("prlimit").args(["--pid", &pid, &limit]).output();
        if done.is_ok_and(|output| output.status.success()) {
            return;
        }
    }
    // Else as many as the machine allows; the push row says how many screens it had.
}

/// How many files this process may open.
pub(crate) fn open_files() -> Result<usize> {
    let text = fs::read_to_string("/proc/self/limits")?;
    let line = text.lines().find(|line| line.starts_with("Max open files"));
    let word = line
        .and_then(|line| line.split_whitespace().nth(3))
        .context("no limit of files")?;
    Ok(word.parse().unwrap_or(usize::MAX))
}

/// Processor seconds that some processes and their ended children have used.
pub(crate) fn cpu_seconds(pids: &[u32]) -> f64 {
    pids.iter().filter_map(|pid| ticks(*pid)).sum::<f64>() / 100.0
}

fn ticks(pid: u32) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name may hold anything; what follows its closing bracket are numbers.
    let (_, rest) = text.rsplit_once(')')?;
    let numbers: Vec<&str> = rest.split_whitespace().collect();
    [11, 12, 13, 14]
        .iter()
        .map(|at| numbers.get(*at)?.parse::<f64>().ok())
        .sum()
}

/// The children of a process, and itself.
pub(crate) fn family(pid: u32) -> Vec<u32> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let mut pids: Vec<u32> = children
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    pids.push(pid);
    pids
}

/// Memory of a process in KiB: `VmRSS` now, or `VmHWM` at its highest.
pub(crate) fn memory_kib(pid: u32, field: &str) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = text
        .lines()
        .find(|line| line.starts_with(field))
        .context("no such figure")?;
    let word = line.split_whitespace().nth(1).context("no figure")?;
    Ok(word.parse()?)
}

/// How often a second a page can be appended to a file and be on the disk, measured for a moment.
pub(crate) fn raw_syncs(folder: &Path, moment: Duration) -> Result<f64> {
    let path = folder.join("raw-sync");
    let mut file = File::create(&path)?;
    let page = vec![0x41; 4_096];
    let start = now();
    let mut times = 0.0;
    while start.elapsed() < moment {
        file.write_all(&page)?;
        file.sync_data()?;
        times += 1.0;
    }
    let rate = times / start.elapsed().as_secs_f64();
    fs::remove_file(path)?;
    Ok(rate)
}

/// Processor, cores, memory and file system, in one line.
pub(crate) fn description() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap_or_default()
            .to_owned();
        line.split_once(':')
            .map_or(String::new(), |(_, value)| value.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!(
        "{}, {cores} cores, memory {}, Linux {}",
        field(&read("/proc/cpuinfo"), "model name"),
        field(&read("/proc/meminfo"), "MemTotal"),
        read("/proc/sys/kernel/osrelease").trim()
    )
}
