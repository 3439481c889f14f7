//! `cargo xtask test`: every check and every test, in the order in which they are cheap to fail.

use crate::ambient;
use crate::args::Args;
use crate::check;
use crate::counts::{self, Counts};
use crate::fuzz;
use crate::phases::Phases;
use crate::process;
use crate::services::Install;
use crate::services::chromium;
use crate::services::disks::{self, Disks};
use crate::services::postgres::Postgres;
use crate::tidy;
use crate::web;
use crate::workspace::{Profile, Workspace};
use anyhow::{Result, ensure};
use std::ffi::OsString;
use std::process::Command;

/// The crate of tests that need the built program, a database server and a browser.
const BLACK_BOX: &str = "anlan-tests";

/// What a run covers.
struct Plan {
    /// Leaves out whatever needs the front end, a database server, a browser or Python.
    fast: bool,
    install: Install,
    /// Only the tests whose names contain one of these words; the other checks are left out then.
    filters: Vec<String>,
}

impl Plan {
    fn whole(&self) -> bool {
        self.filters.is_empty()
    }
}

/// Runs everything, or with `--fast` what needs nothing but Rust, or with filters only the matching tests.
pub fn run(workspace: &Workspace, mut args: Args) -> bool {
    let fast = args.flag("--fast");
    let install = Install::from_flag(args.flag("--install"));
    let plan = Plan {
        fast,
        install,
        filters: args.rest(),
    };
    let mut phases = Phases::default();
    if plan.whole() {
        phases.run("house rules", || tidy::check(workspace));
        phases.gate("formatting", || check::formatting(workspace));
        phases.gate("clippy", || check::clippy(workspace));
    }
    front_end(workspace, &plan, &mut phases);
    if !phases.gate("build", || build(workspace, &plan)) {
        println!("nothing can be tested before it builds");
        return phases.finish();
    }
    let services = Services::prepare(workspace, &plan, &mut phases);
    phases.run("tests", || tests(workspace, &plan, &services));
    if plan.whole() {
        phases.run("examples in the documentation", || documented_examples(workspace));
        phases.run("generated files", || tidy::generated::check(workspace));
    }
    if plan.whole() && !plan.fast {
        let binary = workspace.binary("anlan", Profile::Dev);
        phases.run("bad input", || fuzz::check(workspace, &binary, plan.install, &[]));
    }
    drop(services.postgres);
    phases.finish()
}

fn front_end(workspace: &Workspace, plan: &Plan, phases: &mut Phases) {
    if plan.fast {
        return;
    }
    let built = phases.gate("front end", || web::build(workspace));
    if built && plan.whole() {
        phases.run("front end: types, texts, unit tests", || web::check(workspace));
    }
}

fn build(workspace: &Workspace, plan: &Plan) -> Result<()> {
    web::ensure_folder(workspace)?;
    process::run(process::cargo(workspace).args(["build", "--workspace", "--bins"]))?;
    process::run(test_command(workspace, plan).arg("--no-run"))
}

/// The database server and the browser, as environment variables of the tests.
struct Services {
    variables: Vec<(&'static str, OsString)>,
    /// Held for its end: the server stops when this goes.
    postgres: Option<Postgres>,
}

impl Services {
    fn prepare(workspace: &Workspace, plan: &Plan, phases: &mut Phases) -> Self {
        let mut services = Self {
            variables: Vec::new(),
            postgres: None,
        };
        let binary = workspace.binary("anlan", Profile::Dev);
        if binary.is_file() {
            services.variables.push(("ANLAN_BIN", binary.into()));
        }
        if plan.fast {
            return services;
        }
        phases.gate("database server", || {
            let postgres = Postgres::start(workspace, plan.install)?;
            println!("{}", postgres.url);
            services
                .variables
                .push(("ANLAN_TEST_PG", postgres.url.clone().into()));
            services.postgres = Some(postgres);
            Ok(())
        });
        phases.gate("browser", || {
            let chromium = chromium::find(plan.install)?;
            println!("{}", chromium.display());
            services.variables.push(("ANLAN_CHROMIUM", chromium.into()));
            Ok(())
        });
        phases.run("small disks", || services.disks(workspace, plan));
        services
    }

    /// With small disks the tests that need them fail where they would otherwise be left out.
    fn disks(&mut self, workspace: &Workspace, plan: &Plan) -> Result<Counts> {
        let left_out = match disks::prepare(&workspace.target(), plan.install) {
            Ok(Disks::Ready) => {
                self.variables.push(("ANLAN_TEST_DISKS", "ready".into()));
                return Ok(Counts::one(true));
            }
            Ok(Disks::Impossible(reason)) => reason,
            Err(error) if ambient::in_ci() => return Err(error),
            Err(error) => format!("{error:#}"),
        };
        println!("!!! LEFT OUT: power cuts and full disks were NOT tested: {left_out}");
        Ok(Counts {
            skipped: 1,
            ..Counts::default()
        })
    }
}

fn tests(workspace: &Workspace, plan: &Plan, services: &Services) -> Result<Counts> {
    let mut command = test_command(workspace, plan);
    command.arg("--no-fail-fast");
    for (name, value) in &services.variables {
        command.env(name, value);
    }
    let watched = process::watch(&mut command)?;
    let counts = if has_nextest() {
        counts::nextest(&watched.text)
    } else {
        counts::libtest(&watched.text)
    };
    let nothing = plan.whole() && watched.success && counts.passed == 0;
    ensure!(!nothing, "no test was counted, although the runner was content");
    Ok(counts.with_outcome(watched.success))
}

/// Returns the command that runs the tests: with nextest where it is installed, else with cargo's own runner.
fn test_command(workspace: &Workspace, plan: &Plan) -> Command {
    let mut command = process::cargo(workspace);
    if has_nextest() {
        command.args(["nextest", "run", "--no-tests=warn", process::colour_flag()]);
    } else {
        command.args(["test", "--lib", "--bins", "--tests", process::colour_flag()]);
    }
    command.arg("--workspace");
    if plan.fast {
        command.args(["--exclude", BLACK_BOX]);
    }
    command.args(&plan.filters);
    command
}

fn has_nextest() -> bool {
    process::find_program("cargo-nextest").is_some()
}

fn documented_examples(workspace: &Workspace) -> Result<Counts> {
    let mut command = process::cargo(workspace);
    let watched =
        process::watch(command.args(["test", "--workspace", "--doc", "--no-fail-fast", "--quiet"]))?;
    Ok(counts::libtest(&watched.text).with_outcome(watched.success))
}
