//! The command line apart from serving: making a node, proving its ledger, copying its tables.

use std::io::BufReader;
use std::path::PathBuf;
use std::sync::Arc;

use anlan_access::Grant;
use anlan_foundation::{RandomIds, SharedClock, SharedIds, SystemClock};
use anlan_ledger::{Actor, Report, Suite};
use anlan_organisation::model::{Division, Unit};
use anlan_organisation::service::{self, NewAccount};
use anlan_organisation::{OrganisationError, facts};
use anlan_store::Target;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};

use crate::node::{self, NodeFile};

/// What a new node is made of.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Data directory, empty or absent.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    /// Name of the unit, for example 呼和浩特市应急管理局.
    #[arg(long)]
    unit: String,
    /// Code of its division, for example 1501.
    #[arg(long)]
    division: String,
    /// Name of its division, for example 呼和浩特市.
    #[arg(long)]
    division_name: String,
    /// Log-in name of the first administrator.
    #[arg(long)]
    admin: String,
    /// Name of the person who administers security first.
    #[arg(long, default_value = "安全管理员")]
    admin_person: String,
    /// File that holds the administrator's password on its first line.
    #[arg(long)]
    password_file: PathBuf,
    /// `gm` (SM2, SM3, SM4) or `intl` (Ed25519, SHA-256, AES).
    #[arg(long, default_value = "gm")]
    suite: Suite,
}

/// What can be done with a ledger.
#[derive(Debug, Subcommand)]
pub(crate) enum LedgerTask {
    /// Finds and names every changed, dropped, inserted, reordered or back-dated entry.
    Verify {
        /// An exported file; without it the node in the data directory is verified.
        file: Option<PathBuf>,
        /// Data directory of a stopped node.
        #[arg(long)]
        data: Option<PathBuf>,
    },
    /// Replays every entry into an empty store.
    Rebuild {
        /// Compares the result with the node's tables and changes nothing.
        #[arg(long)]
        check: bool,
        /// Data directory of a stopped node.
        #[arg(long, default_value = "data")]
        data: PathBuf,
    },
    /// Writes the feed as a file that any machine can verify.
    Export {
        /// File to write.
        file: PathBuf,
        /// Data directory.
        #[arg(long, default_value = "data")]
        data: PathBuf,
    },
}

/// What can be done with the tables as a whole.
#[derive(Debug, Subcommand)]
pub(crate) enum DbTask {
    /// Replays the node's entries into another store, which must be empty.
    Copy {
        /// `postgres://…`, or the path of a SQLite file.
        #[arg(long)]
        to: String,
        /// Data directory of a stopped node.
        #[arg(long, default_value = "data")]
        data: PathBuf,
    },
}

/// Makes a node with its unit, division and first administrator.
pub(crate) fn init(init: &Init) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(&init.password_file).context("reading the password")?;
    let password = text.lines().next().unwrap_or_default().to_owned();
    let new = NewAccount {
        name: init.admin.clone(),
        display_name: init.admin_person.clone(),
        password,
        person: Some("admin".to_owned()),
        unit: Some("unit".to_owned()),
        post: None,
        grants: vec![Grant::new("security_admin", "")],
    };
    service::check_account(&new)?;
    let clock: SharedClock = Arc::new(SystemClock);
    let ids: SharedIds = Arc::new(RandomIds::new(clock));
    let node = NodeFile {
        origin: format!("{}-{}", init.division, ids.next().simple()),
        name: init.unit.clone(),
        division: init.division.clone(),
        division_name: init.division_name.clone(),
        suite: init.suite,
        demo: false,
    };
    node::create(&init.data, &node, &ids)?;
    let ledger = node::open(&init.data, &Target::Sqlite(init.data.join("anlan.db")))?;
    let (roles, hash) = (crate::app::roles()?, service::hash_password(&new.password)?);
    let setup = Actor {
        kind: "node".to_owned(),
        rule: Some("node.init".to_owned()),
        ..Actor::default()
    };
    ledger.command_blocking(setup, move |work| {
        record_place(work, &node, &new.display_name)?;
        service::create_account(work, &roles, &new, &hash)?;
        Ok::<_, OrganisationError>(())
    })?;
    println!("节点已建立: {} ({})", init.unit, init.data.display());
    Ok(())
}

fn record_place(
    work: &mut anlan_ledger::Work<'_, '_>,
    node: &NodeFile,
    admin: &str,
) -> Result<(), OrganisationError> {
    let division = Division {
        code: node.division.clone(),
        name: node.division_name.clone(),
        level: "city".to_owned(),
        parent: String::new(),
        full_name: node.division_name.clone(),
        initials: anlan_divisions::initials(&node.division_name),
        lon: None,
        lat: None,
    };
    let unit = Unit {
        id: "unit".to_owned(),
        name: node.name.clone(),
        short_name: node.name.clone(),
        kind: "duty_office".to_owned(),
        department: Some("emergency".to_owned()),
        division: node.division.clone(),
        ..Unit::default()
    };
    let area = node.division.as_str();
    work.record(
        "divisions",
        facts::DIVISIONS_SET,
        area,
        &facts::DivisionsSet {
            divisions: vec![division],
        },
    )?;
    work.record(
        "units",
        facts::UNITS_SET,
        area,
        &facts::UnitsSet {
            units: vec![unit],
            relations: Vec::new(),
        },
    )?;
    let person = facts::PersonFact {
        id: "admin".to_owned(),
        name: admin.to_owned(),
        unit: "unit".to_owned(),
        title: "安全管理员".to_owned(),
        area: node.division.clone(),
        ..facts::PersonFact::default()
    };
    let people = facts::PeopleSet { people: vec![person] };
    work.record("people", facts::PEOPLE_SET, area, &people)?;
    Ok(())
}

/// Runs a task on the ledger.
pub(crate) fn ledger(task: LedgerTask) -> anyhow::Result<()> {
    match task {
        LedgerTask::Verify { file: Some(file), .. } => {
            let reader = BufReader::new(
                std::fs::File::open(&file).with_context(|| format!("opening {}", file.display()))?,
            );
            tell(&anlan_proof::verify_file(reader)?)
        }
        LedgerTask::Verify { file: None, data } => {
            let data = data.unwrap_or_else(|| PathBuf::from("data"));
            let ledger = node::open(&data, &Target::Sqlite(data.join("anlan.db")))?;
            tell(&anlan_ledger::verify_store(&ledger)?)
        }
        LedgerTask::Rebuild { check: false, .. } => bail!("say --check: the tables are kept as they are"),
        LedgerTask::Rebuild { check: true, data } => rebuild(&data),
        LedgerTask::Export { file, data } => {
            let ledger = node::open(&data, &Target::Sqlite(data.join("anlan.db")))?;
            let out = std::io::BufWriter::new(std::fs::File::create(&file)?);
            anlan_ledger::export(&ledger, out)?;
            println!("已导出: {}", file.display());
            Ok(())
        }
    }
}

fn tell(report: &Report) -> anyhow::Result<()> {
    println!(
        "entries {}, checkpoints {}, head {}",
        report.entries, report.checkpoints, report.head
    );
    for finding in &report.findings {
        let to = finding.to_seq.map_or(String::new(), |to| format!("..{to}"));
        println!(
            "{:?} {}#{}{to}: {}",
            finding.kind, finding.origin, finding.seq, finding.detail
        );
    }
    if report.findings.is_empty() {
        println!("账本完整 (the ledger is whole)");
        return Ok(());
    }
    bail!(
        "{} finding(s): the ledger was tampered with",
        report.findings.len()
    )
}

fn rebuild(data: &std::path::Path) -> anyhow::Result<()> {
    let live = Target::Sqlite(data.join("anlan.db"));
    let folder = std::env::temp_dir().join(format!("anlan-rebuild-{}", std::process::id()));
    let fresh = Target::Sqlite(folder.join("anlan.db"));
    let (replayed, tables, differences) = {
        let (source, replica) = (node::open(data, &live)?, node::open(data, &fresh)?);
        let replayed = anlan_ledger::replay(&source, &replica, 0)?;
        let (tables, differences) = anlan_ledger::compare(&live, &fresh, &node::views())?;
        (replayed, tables, differences)
    };
    std::fs::remove_dir_all(&folder)?;
    println!(
        "entries replayed {replayed}, tables compared {tables}, rows that differ {}",
        differences.len()
    );
    for difference in &differences {
        println!(
            "{}\n  store   {}\n  rebuilt {}",
            difference.table, difference.left, difference.right
        );
    }
    if differences.is_empty() {
        Ok(())
    } else {
        bail!("the tables are not a pure view of the ledger")
    }
}

/// Runs a task on the tables as a whole.
pub(crate) fn db(task: DbTask) -> anyhow::Result<()> {
    let DbTask::Copy { to, data } = task;
    let target = if to.starts_with("postgres") {
        Target::Postgres {
            url: to,
            schema: None,
        }
    } else {
        Target::Sqlite(PathBuf::from(to))
    };
    let from = Target::Sqlite(data.join("anlan.db"));
    let (source, copy) = (node::open(&data, &from)?, node::open(&data, &target)?);
    anlan_ledger::copy_side_tables(&from, &target)?;
    let copied = anlan_ledger::replay(&source, &copy, 0)?;
    let (tables, differences) = anlan_ledger::compare(&from, &target, &node::views())?;
    println!(
        "entries copied {copied}, tables compared {tables}, rows that differ {}",
        differences.len()
    );
    if differences.is_empty() {
        Ok(())
    } else {
        bail!("the copy differs from the original")
    }
}
