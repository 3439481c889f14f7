//! `anlan`: the one program. Configuration, wiring and the command line; nothing else lives here.
#![expect(clippy::print_stdout, reason = "a command line answers on standard output")]

mod app;
mod assets;
mod audit;
mod config;
mod demo;
mod directory;
mod law;
mod ledger_http;
mod maintenance;
mod node;
mod node_http;
mod search;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

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
    /// Copies a node's tables, entries and all, to a PostgreSQL server or from one.
    #[command(subcommand)]
    Db(maintenance::DbTask),
    /// Prints the OpenAPI document.
    Openapi,
    /// Prints an example of the configuration file.
    ConfigExample,
}

/// Where a node lives and listens.
#[derive(Debug, Clone, Args)]
struct Place {
    /// Data directory.
    #[arg(long, env = "ANLAN_DATA", default_value = "data")]
    data: PathBuf,
    /// Port on the loopback address, 0 for any free one.
    #[arg(long, env = "ANLAN_PORT")]
    port: Option<u16>,
    /// Configuration file.
    #[arg(long, env = "ANLAN_CONFIG")]
    config: Option<PathBuf>,
    /// Answers before the disk has written. Only the demo city runs like this: it is the negative control of the
    /// power-cut test, which must find the loss.
    #[arg(long, hide = true)]
    control_without_fsync: bool,
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    match cli.command {
        Task::Serve(place) => {
            let config = config::Config::load(&place)?;
            app::serve(&config, None)
        }
        Task::Demo {
            place,
            ready_file,
            seed,
        } => {
            let mut config = config::Config::load(&place)?;
            let accounts = demo::fill(&mut config, seed)?;
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
        Task::Db(task) => maintenance::db(task),
        Task::Openapi => {
            println!("{}", app::openapi()?);
            Ok(())
        }
        Task::ConfigExample => {
            print!("{}", config::EXAMPLE);
            Ok(())
        }
    }
}
