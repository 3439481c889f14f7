//! `anlan`: the one program. Configuration, wiring and the command line; nothing else lives here.
#![expect(clippy::print_stdout, reason = "a command line answers on standard output")]

mod app;
mod assets;
mod audit;
mod backup;
mod clock;
mod config;
mod console;
mod demo;
mod directory;
mod extract;
mod findings;
mod law;
mod law_http;
mod ledger_http;
mod maintenance;
#[cfg(test)]
mod matrix;
mod monitor;
mod node;
mod node_http;
mod papers;
mod refusals;
mod search;
mod setup;
mod setup_http;

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use config::Place;

/// Anlan 安澜, an emergency-management platform.
#[derive(Debug, Parser)]
#[command(name = "anlan", version)]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Serves the node in a data directory.
    Serve(Place),
    /// Fills an empty data directory with the demo city of Hohhot and serves it.
    Demo {
        #[command(flatten)]
        place: Place,
        /// Writes address and demo accounts into this file once the node serves.
        #[arg(long)]
        ready_file: Option<PathBuf>,
        /// Seed of the invented names.
        #[arg(long, default_value_t = 20_201_015)]
        seed: u64,
    },
    /// Makes a node: unit, division and first administrator. There is no default password.
    Init(maintenance::Init),
    /// Proves and exports the ledger.
    #[command(subcommand)]
    Ledger(maintenance::LedgerTask),
    /// Accounts, from the machine itself.
    #[command(subcommand)]
    User(maintenance::users::UserTask),
    /// Writes a running node into one file.
    Backup(maintenance::backups::Backup),
    /// Makes a node from a backup and verifies its ledger.
    Restore(maintenance::backups::Restore),
    /// Copies a node's tables, entries and all, to a PostgreSQL server or from one.
    #[command(subcommand)]
    Db(maintenance::DbTask),
    /// Reads what reports say: lines of JSON in, lines of JSON out.
    Extract(extract::Extract),
    /// Prints the OpenAPI document.
    Openapi,
    /// Prints an example of the configuration file.
    ConfigExample,
}

fn main() -> std::process::ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            console::complain(&error);
            std::process::ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<()> {
    match task {
        Task::Serve(place) => app::serve(&place.load()?, None),
        Task::Demo {
            place,
            ready_file,
            seed,
        } => {
            let config = place.load()?;
            let accounts = demo::fill(&config, seed)?;
            app::serve(
                &config,
                Some(app::Ready {
                    file: ready_file,
                    accounts,
                }),
            )
        }
        Task::Init(init) => maintenance::init(&init),
        Task::Ledger(task) => maintenance::ledger(task),
        Task::User(task) => maintenance::users::run(&task),
        Task::Backup(args) => maintenance::backups::make(&args),
        Task::Restore(args) => maintenance::backups::restore(&args),
        Task::Db(task) => maintenance::db(task),
        Task::Extract(task) => extract::run(&task),
        Task::Openapi => {
            println!("{}", app::openapi()?);
            Ok(())
        }
        Task::ConfigExample => {
            print!("{}", config::example());
            Ok(())
        }
    }
}
