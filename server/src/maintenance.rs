//! The command line apart from serving: making a node, proving its ledger, copying its tables.

pub(crate) mod backups;
pub(crate) mod users;

use std::io::BufReader;
use std::path::PathBuf;

use anlan_foundation::Timestamp;
use anlan_ledger::{Ledger, LedgerError, Report, Suite};
use anlan_store::Target;
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};

use crate::config::{Config, Home};
use crate::setup::{self, NewNode};
use crate::{console, node};

/// What a new node is made of; what no flag gives is asked for.
#[derive(Debug, Args)]
pub(crate) struct Init {
    #[command(flatten)]
    home: Home,
    /// Name of the unit, for example 呼和浩特市应急管理局.
    #[arg(long)]
    unit: Option<String>,
    /// Code of its division, for example 1501.
    #[arg(long)]
    division: Option<String>,
    /// Name of its division, for example 呼和浩特市.
    #[arg(long)]
    division_name: Option<String>,
    /// Log-in name of the first administrator.
    #[arg(long)]
    admin: Option<String>,
    /// Name of the person who administers security first.
    #[arg(long, default_value = "安全管理员")]
    admin_person: String,
    /// File that holds the administrator's password on its first line; without it the password is asked for twice.
    #[arg(long)]
    password_file: Option<PathBuf>,
    /// `gm` (SM2, SM3, SM4) or `intl` (Ed25519, SHA-256, AES).
    #[arg(long, default_value = "gm")]
    suite: Suite,
}

/// What can be done with a ledger.
#[derive(Debug, Subcommand)]
pub(crate) enum LedgerTask {
    /// Finds and names every changed, dropped, inserted, reordered or back-dated entry.
    Verify {
        /// An exported file; without it the node in the data directory is verified, running or not.
        file: Option<PathBuf>,
        #[command(flatten)]
        home: Home,
        /// The node's public key in hexadecimal, known from elsewhere; a file under any other key is refused.
        #[arg(long)]
        key: Option<String>,
    },
    /// Replays every entry into an empty store.
    Rebuild {
        /// Compares the result with the node's tables and changes nothing.
        #[arg(long)]
        check: bool,
        #[command(flatten)]
        home: Home,
    },
    /// Writes the feed as a file that any machine can verify.
    Export {
        /// File to write.
        file: PathBuf,
        #[command(flatten)]
        home: Home,
    },
}

/// What can be done with the tables as a whole.
#[derive(Debug, Subcommand)]
pub(crate) enum DbTask {
    /// Copies everything into another store, which must be empty, and compares the two.
    Copy {
        /// `postgres://…`, or the path of a SQLite file.
        #[arg(long)]
        to: String,
        /// Schema of the PostgreSQL database.
        #[arg(long)]
        to_schema: Option<String>,
        #[command(flatten)]
        home: Home,
    },
}

/// Makes a node with its unit, division and first administrator.
pub(crate) fn init(init: &Init) -> anyhow::Result<()> {
    let config = init.home.load()?;
    node::refuse_if_taken(&config.data)?;
    let ask = console::given_or_asked;
    let new = NewNode {
        unit: ask(init.unit.as_ref(), "单位名称 (unit)")?,
        division: ask(init.division.as_ref(), "区划代码 (division code, e.g. 1501)")?,
        division_name: ask(init.division_name.as_ref(), "区划名称 (division name)")?,
        admin: ask(init.admin.as_ref(), "首个管理员登录名 (first administrator)")?,
        admin_person: init.admin_person.clone(),
        password: match &init.password_file {
            Some(file) => console::secret_in(file)?,
            None => console::ask_new_secret("管理员口令 (password)")?,
        },
        suite: init.suite,
    };
    let made = setup::make(&config, &new)?;
    println!(
        "节点已建立 (the node is made): {} ({})",
        made.name,
        config.data.display()
    );
    Ok(())
}

/// Runs a task on the ledger.
pub(crate) fn ledger(task: LedgerTask) -> anyhow::Result<()> {
    match task {
        LedgerTask::Verify {
            file: Some(file),
            key,
            ..
        } => verify_file(&file, key.as_deref()),
        LedgerTask::Verify { file: None, home, .. } => {
            let ledger = node::open(&home.load()?)?;
            let report = anlan_ledger::verify_store(&ledger)?;
            tell_times(&ledger, &report)?;
            tell(&report)
        }
        LedgerTask::Rebuild { check: false, .. } => bail!("say --check: the tables are kept as they are"),
        LedgerTask::Rebuild { check: true, home } => rebuild(&home.load()?),
        LedgerTask::Export { file, home } => {
            let ledger = node::open(&home.load()?)?;
            let out = std::io::BufWriter::new(std::fs::File::create(&file)?);
            anlan_ledger::export(&ledger, out)?;
            println!("已导出 (exported): {}", file.display());
            Ok(())
        }
    }
}

/// Verifies an exported file, under the key that it names itself or under the one that is known from elsewhere.
fn verify_file(file: &std::path::Path, known: Option<&str>) -> anyhow::Result<()> {
    let open = || std::fs::File::open(file).with_context(|| format!("opening {}", file.display()));
    let named = anlan_proof::public_key_in_file(BufReader::new(open()?))?;
    println!("公钥 (public key, compare it with the node's): {named}");
    if known.is_some_and(|known| !known.eq_ignore_ascii_case(&named)) {
        bail!("the file was written under another key than the one given");
    }
    tell(&anlan_proof::verify_file(BufReader::with_capacity(
        1 << 20,
        open()?,
    ))?)
}

/// Tells between which times the findings lie.
fn tell_times(ledger: &Ledger, report: &Report) -> anyhow::Result<()> {
    for finding in report.findings.iter().take(1_000).cloned() {
        let (seq, this) = (finding.seq, ledger.clone());
        let around = ledger
            .db()
            .read_blocking(move |tx| this.time_of(tx, &finding))
            .map_err(LedgerError::Store)?;
        let shown = |at: Option<Timestamp>| at.map_or_else(|| "…".to_owned(), |at| at.to_string());
        println!(
            "{}#{seq}: {} – {}",
            report.origin,
            shown(around.0),
            shown(around.1)
        );
    }
    Ok(())
}

/// Tells what a verification found; findings are an error.
pub(crate) fn tell(report: &Report) -> anyhow::Result<()> {
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

fn rebuild(config: &Config) -> anyhow::Result<()> {
    let folder = std::env::temp_dir().join(format!("anlan-rebuild-{}", std::process::id()));
    let fresh = Target::Sqlite(folder.join("anlan.db"));
    let replayed = {
        let source = node::open(config)?;
        let replica = node::open(&Config {
            store: fresh.clone(),
            ..config.clone()
        })?;
        let replayed = anlan_ledger::replay(&source, &replica, 0)?;
        replica.close();
        replayed
    };
    let compared = anlan_ledger::compare(&config.store, &fresh, &node::views());
    std::fs::remove_dir_all(&folder)?;
    let (tables, differences) = compared?;
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
    let DbTask::Copy { to, to_schema, home } = task;
    let config = home.load()?;
    let is_server = to.starts_with("postgres://") || to.starts_with("postgresql://");
    let target = if is_server {
        Target::Postgres {
            url: to,
            schema: to_schema,
        }
    } else {
        Target::Sqlite(PathBuf::from(to))
    };
    let copied = anlan_ledger::copy(&config.store, &target, &node::views(), &node::side_migrations())?;
    println!(
        "rows copied {}, tables compared {}, rows that differ {}",
        copied.rows,
        copied.tables,
        copied.differences.len()
    );
    if let Some(first) = copied.differences.first() {
        bail!(
            "the copy differs from the original in {}: was the node running?",
            first.table
        );
    }
    let copy = node::open(&Config {
        store: target,
        ..config
    })?;
    tell(&anlan_ledger::verify_store(&copy)?)
}
