//! The house commands: `cargo xtask demo | test | check | bless | bench | tidy | web | fuzz | fault | soak`.
//!
//! Each command is a short list of steps over `cargo`, `npm` and the program itself. The one part with thoughts of
//! its own is [`tidy`], which knows the rules of the repository that no compiler checks.

#![expect(
    clippy::print_stdout,
    reason = "talking to the person at the terminal is what these commands are for"
)]

pub mod ambient;
pub mod args;
pub mod bench;
pub mod bless;
pub mod build;
pub mod check;
pub mod counts;
pub mod demo;
pub mod fuzz;
pub mod harness;
pub mod phases;
pub mod process;
pub mod ready;
#[cfg(test)]
mod scratch;
pub mod services;
pub mod suite;
pub mod tidy;
pub mod web;
pub mod workspace;

use crate::args::Args;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask demo  [--port N] [--data DIR] [--dev]    build everything and run the demo city
cargo xtask test  [--fast] [--install] [FILTER…]     every check and test; with filters only the matching tests
cargo xtask check                                    formatting, clippy, documentation, house rules
cargo xtask tidy                                     the house rules alone
cargo xtask web   [--check]                          build the front end (and check it)
cargo xtask bless [files | snapshots]                renew the generated files and accept the snapshots
cargo xtask bench [ROW…]                             run the benchmarks
cargo xtask fuzz  [--install]                        bad input over the whole HTTP interface
cargo xtask fault [--rounds N]                       kill, fill and cut power; count acknowledged facts
cargo xtask soak  [ARG…]                             the long run under load
";

/// Runs the command named by the first argument and turns its outcome into an exit code.
pub fn main(words: Vec<String>) -> ExitCode {
    match dispatch(words) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Returns whether the command found everything in order; `Err` when it could not do its work.
fn dispatch(words: Vec<String>) -> Result<bool> {
    let mut words = words.into_iter();
    let command = words.next().unwrap_or_default();
    let args = Args::new(words.collect());
    if matches!(command.as_str(), "" | "help" | "-h" | "--help") {
        print!("{HELP}");
        return Ok(true);
    }
    let workspace = Workspace::find()?;
    match command.as_str() {
        "demo" => demo::run(&workspace, args),
        "test" => Ok(suite::run(&workspace, args)),
        "check" => check::run(&workspace, args),
        "tidy" => tidy::run(&workspace, args),
        "web" => web::run(&workspace, args),
        "bless" => bless::run(&workspace, args),
        "bench" => bench::run(&workspace, args),
        "fuzz" => fuzz::run(&workspace, args),
        "fault" | "soak" => harness::run(&workspace, &command, args),
        other => bail!("there is no command `{other}`\n{HELP}"),
    }
}
