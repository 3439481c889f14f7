//! The peer for durable writes: a PostgreSQL server of its own, with its safety on, driven by its own `pgbench`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anlan_tests::place::run;
use anyhow::{Context as _, Result, bail};

use crate::machine::family;

/// A running server; stopped when dropped.
pub(crate) struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    user: Option<&'static str>,
    port: u16,
}

impl Postgres {
    /// Starts one in a folder below `parent`; an error says why there is none.
    pub(crate) fn start(parent: &Path) -> Result<Self> {
        let programs = programs().context("PostgreSQL is not installed")?;
        let is_root = run("id", &["-u"])?.trim() == "0";
        let folder = parent.join("pg");
        fs::create_dir_all(&folder)?;
        let user = is_root.then_some("postgres");
        if let Some(user) = user {
            run("chown", &[user, &folder.to_string_lossy()])?;
        }
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        drop(listener);
        let server = Self {
            programs,
            folder,
            user,
            port,
        };
        server.initialise()?;
        Ok(server)
    }

    fn initialise(&self) -> Result<()> {
        let data = self.data();
        self.tool(
            "initdb",
            &[
                "-D",
                &data,
                "-U",
                "anlan",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
            ],
        )?;
        // Its best sane configuration for this machine; commits wait for the disk.
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories='' -c fsync=on -c synchronous_commit=on \
             -c shared_buffers=512MB -c max_connections=200 -c max_wal_size=4GB -c checkpoint_timeout=30min",
            self.port
        );
        let log = self.folder.join("log").to_string_lossy().into_owned();
        self.tool(
            "pg_ctl",
            &["start", "-w", "-s", "-D", &data, "-l", &log, "-o", &options],
        )?;
        let table = "CREATE TABLE event (id bigserial PRIMARY KEY, at timestamptz DEFAULT now(), actor text, body text)";
        self.tool(
            "psql",
            &[
                "-q",
                "-h",
                "127.0.0.1",
                "-p",
                &self.port.to_string(),
                "-U",
                "anlan",
                "-d",
                "postgres",
                "-c",
                table,
            ],
        )?;
        let script = format!(
            "INSERT INTO event (actor, body) VALUES ('county', '{}');\n",
            "火".repeat(200)
        );
        Ok(fs::write(self.folder.join("insert.sql"), script)?)
    }

    /// Rows a second that some clients insert, each committed by itself.
    pub(crate) fn inserts(&self, clients: usize, seconds: u64) -> Result<f64> {
        let script = self.folder.join("insert.sql").to_string_lossy().into_owned();
        self.pgbench(&["-n", "-f", &script], clients, seconds)
    }

    /// Rows a second that some clients read by their key.
    pub(crate) fn point_reads(&self, clients: usize, seconds: u64) -> Result<f64> {
        let script = self.folder.join("read.sql");
        fs::write(
            &script,
            "\\set id random(1, 1000)\nSELECT body FROM event WHERE id = :id;\n",
        )?;
        self.pgbench(&["-n", "-f", &script.to_string_lossy()], clients, seconds)
    }

    fn pgbench(&self, words: &[&str], clients: usize, seconds: u64) -> Result<f64> {
        let (port, clients, seconds) = (self.port.to_string(), clients.to_string(), seconds.to_string());
        let mut all = vec!["-h", "127.0.0.1", "-p", &port, "-U", "anlan", "-M", "prepared"];
        all.extend(["-c", &clients, "-j", "2", "-T", &seconds]);
        all.extend(words);
        all.push("postgres");
        let said = self.tool("pgbench", &all)?;
        let line = said.lines().find(|line| line.starts_with("tps = "));
        let rate = line
            .and_then(|line| line.split_whitespace().nth(2))
            .context("pgbench told no rate")?;
        Ok(rate.parse()?)
    }

    /// All its processes.
    pub(crate) fn pids(&self) -> Vec<u32> {
        let pid = fs::read_to_string(Path::new(&self.data()).join("postmaster.pid")).unwrap_or_default();
        let pid = pid.lines().next().and_then(|line| line.parse().ok());
        pid.map(family).unwrap_or_default()
    }

    fn data(&self) -> String {
        self.folder.join("data").to_string_lossy().into_owned()
    }

    fn tool(&self, name: &str, words: &[&str]) -> Result<String> {
        let program = self.programs.join(name);
        let mut command = match self.user {
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(program);
                command
            }
            None => Command::new(program),
        };
        let log = fs::File::create(self.folder.with_extension("tool.log"))?;
        // A server started by a tool keeps its pipes; a file does not keep us waiting.
        let out = self.folder.with_extension("tool.out");
        let status = command
            .args(words)
            .current_dir("/")
            .stdout(fs::File::create(&out)?)
            .stderr(log)
            .status()?;
        if !status.success() {
            bail!(
                "{name}: {status}: {}",
                fs::read_to_string(self.folder.with_extension("tool.log"))?
            );
        }
        Ok(fs::read_to_string(out)?)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.tool(
            "pg_ctl",
            &["stop", "-w", "-s", "-m", "immediate", "-D", &self.data()],
        ));
    }
}

fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(|folder| folder.join("pgbench").is_file() && folder.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop()
}
