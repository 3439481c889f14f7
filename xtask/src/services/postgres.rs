//! A throw-away PostgreSQL server for one test run.

use super::{Install, packages};
use crate::ambient;
use crate::process;
use crate::ready::free_port;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Users that a root shell may lend to the server, which refuses to run as root.
const LESSER_USERS: [&str; 2] = ["postgres", "nobody"];

/// The longest path of a socket that Linux takes, with room for the file name.
const SOCKET_FOLDER_MAX: usize = 80;

/// A running server; stopped and removed when dropped, or within seconds when this process is killed.
#[derive(Debug)]
pub struct Postgres {
    /// What tests connect to: `postgres://…`.
    pub url: String,
    cluster: Option<Cluster>,
}

impl Postgres {
    /// Returns the server named by `ANLAN_TEST_PG`, or starts one of its own.
    pub fn start(workspace: &Workspace, install: Install) -> Result<Self> {
        if let Some(url) = ambient::setting("ANLAN_TEST_PG") {
            return Ok(Self { url, cluster: None });
        }
        let programs = find_programs(install)?;
        let cluster = Cluster::create(&programs, &workspace.target().join("pg-test"))?;
        let port = free_port()?;
        cluster.start(port)?;
        Ok(Self {
            url: format!("postgres://anlan@127.0.0.1:{port}/postgres"),
            cluster: Some(cluster),
        })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(cluster) = &self.cluster {
            cluster.remove();
        }
    }
}

#[derive(Debug)]
struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    user: Option<&'static str>,
}

impl Cluster {
    /// Makes an empty cluster in `wanted`, or in the temporary directory where the server cannot reach `wanted`.
    fn create(programs: &Path, wanted: &Path) -> Result<Self> {
        let user = if process::is_root() {
            Some(lesser_user()?)
        } else {
            None
        };
        let name = format!("anlan-pg-{}", std::process::id());
        for parent in [wanted.to_owned(), std::env::temp_dir()] {
            let cluster = Self {
                programs: programs.to_owned(),
                folder: parent.join(&name),
                user,
            };
            fs::create_dir_all(&cluster.folder)?;
            if cluster.is_reachable() {
                cluster.initialise()?;
                return Ok(cluster);
            }
            fs::remove_dir_all(&cluster.folder)?;
        }
        bail!(
            "the user `{}` can write neither below target/ nor in the temporary directory",
            user.unwrap_or("?")
        )
    }

    fn is_reachable(&self) -> bool {
        let Some(user) = self.user else { return true };
        let own = Command::new("chown").arg(user).arg(&self.folder).status();
        own.is_ok_and(|status| status.success())
            && self
                .as_user("test")
                .arg("-w")
                .arg(&self.folder)
                .status()
                .is_ok_and(|status| status.success())
    }

    fn initialise(&self) -> Result<()> {
        let mut initdb = self.as_user(self.programs.join("initdb"));
        initdb.arg("--pgdata").arg(self.data());
        initdb.args([
            "--username=anlan",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]);
        process::output(&mut initdb)
            .map(drop)
            .inspect_err(|_| self.remove())
    }

    fn start(&self, port: u16) -> Result<()> {
        let result = process::run(
            self.pg_ctl("start")
                .args(["--wait", "--options", &self.options(port)]),
        );
        let result = result.and_then(|()| self.watch_over());
        result.inspect_err(|_| {
            println!(
                "{}",
                fs::read_to_string(self.folder.join("server.log")).unwrap_or_default()
            );
            self.remove();
        })
    }

    /// Safety is switched off: what is lost in a power cut is only a test.
    fn options(&self, port: u16) -> String {
        let folder = self.folder.to_string_lossy();
        let sockets = if folder.len() <= SOCKET_FOLDER_MAX {
            folder.as_ref()
        } else {
            ""
        };
        format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='{sockets}' \
             -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200"
        )
    }

    /// Starts a small guard that stops the server when this process was killed and could not do it.
    fn watch_over(&self) -> Result<()> {
        let script = "pid=$1; folder=$2; shift 2; \
                      while kill -0 \"$pid\" 2>/dev/null; do sleep 2; [ -d \"$folder\" ] || exit 0; done; \
                      \"$@\" --mode=immediate; rm -rf \"$folder\"";
        let stop = self.pg_ctl("stop");
        let mut guard = Command::new("setsid");
        guard
            .args(["sh", "-c", script, "guard"])
            .arg(std::process::id().to_string())
            .arg(&self.folder);
        guard
            .arg(stop.get_program())
            .args(stop.get_args())
            .current_dir("/");
        guard
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        guard
            .spawn()
            .map(drop)
            .context("cannot start the guard of the test server (setsid, package util-linux)")
    }

    fn remove(&self) {
        let stopped = process::output(self.pg_ctl("stop").args(["--mode=immediate", "--wait"]));
        let removed = fs::remove_dir_all(&self.folder);
        if let (Err(error), true) = (&stopped, self.data().join("postmaster.pid").exists()) {
            println!("the test server did not stop: {error}");
        }
        if let Err(error) = removed {
            println!("{} is left behind: {error}", self.folder.display());
        }
    }

    fn pg_ctl(&self, action: &str) -> Command {
        let mut pg_ctl = self.as_user(self.programs.join("pg_ctl"));
        pg_ctl
            .arg(action)
            .arg("--silent")
            .arg("--pgdata")
            .arg(self.data());
        if action == "start" {
            pg_ctl.arg("--log").arg(self.folder.join("server.log"));
        }
        pg_ctl
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn as_user(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = match self.user {
            None => Command::new(program),
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(program);
                command
            }
        };
        // The server's user may not be allowed to stand where the tests stand.
        command.current_dir("/");
        command
    }
}

fn lesser_user() -> Result<&'static str> {
    let users = fs::read_to_string("/etc/passwd").context("cannot read the list of users")?;
    let exists = |name: &&str| users.lines().any(|line| line.split(':').next() == Some(name));
    LESSER_USERS
        .iter()
        .copied()
        .find(exists)
        .context("PostgreSQL does not run as root and there is no other user for it")
}

/// Returns the directory with `initdb` and `pg_ctl`.
fn find_programs(install: Install) -> Result<PathBuf> {
    if let Some(found) = installed_programs() {
        return Ok(found);
    }
    packages::install(install, "PostgreSQL (initdb, pg_ctl)", &["postgresql"])?;
    installed_programs().context("PostgreSQL was installed but initdb is not to be found")
}

fn installed_programs() -> Option<PathBuf> {
    if process::find_program("pg_ctl").is_some() {
        // A link in PATH points into the directory where the other programs lie, too.
        let initdb = process::find_program("initdb")?.canonicalize().ok()?;
        return initdb.parent().map(Path::to_owned);
    }
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<PathBuf> = versions
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    found.retain(|programs| programs.join("initdb").is_file());
    found.sort_by_key(|programs| version_of(programs));
    found.pop()
}

fn version_of(programs: &Path) -> u32 {
    let version = programs.parent().and_then(Path::file_name).unwrap_or_default();
    version.to_string_lossy().parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::version_of;
    use std::path::Path;

    #[test]
    fn the_newest_postgresql_is_chosen_by_number() {
        assert!(
            version_of(Path::new("/usr/lib/postgresql/17/bin"))
                > version_of(Path::new("/usr/lib/postgresql/9/bin"))
        );
    }
}
