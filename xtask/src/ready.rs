//! A demo city in the background, for steps that need a running server.

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// How often the ready file is looked for, and for how long in all (two minutes).
const LOOKS: u32 = 600;
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

/// A running demo; killed when dropped.
#[derive(Debug)]
pub struct Demo {
    /// `http://127.0.0.1:…`
    pub address: String,
    accounts: Vec<Value>,
    child: Child,
}

impl Demo {
    /// Starts `anlan demo` with its data and log in `folder`, which is emptied first, and waits until it serves.
    pub fn start(binary: &Path, folder: &Path) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        fs::create_dir_all(folder)?;
        let log = fs::File::create(folder.join("server.log"))?;
        let ready = folder.join("ready.json");
        let child = Command::new(binary)
            .args(["demo", "--port", &free_port()?.to_string()])
            .arg("--data")
            .arg(folder.join("data"))
            .arg("--ready-file")
            .arg(&ready)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("cannot start the demo")?;
        let mut demo = Self {
            address: String::new(),
            accounts: Vec::new(),
            child,
        };
        demo.wait_for(&ready)
            .with_context(|| format!("see {}", folder.join("server.log").display()))?;
        Ok(demo)
    }

    fn wait_for(&mut self, ready: &Path) -> Result<()> {
        for _ in 0..LOOKS {
            // A file that does not parse is still being written.
            if let Some(value) = fs::read(ready)
                .ok()
                .and_then(|text| serde_json::from_slice::<Value>(&text).ok())
            {
                let address = value["address"]
                    .as_str()
                    .context("the ready file names no address")?;
                address.clone_into(&mut self.address);
                self.accounts = value["accounts"].as_array().cloned().unwrap_or_default();
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the demo ended before it served ({status})");
            }
            thread::sleep(BETWEEN_LOOKS);
        }
        bail!("the demo does not serve after two minutes")
    }

    /// Signs in as the first account with this role and returns its bearer token.
    pub fn token_of(&self, role: &str) -> Result<String> {
        let account = self.accounts.iter().find(|account| account["role"] == role);
        let account = account.with_context(|| format!("the demo has no account with the role {role}"))?;
        let body = json!({ "name": account["name"], "password": account["password"] });
        let reply = ask(&self.address, "POST", "/api/v1/sessions", ("", &body.to_string()))?;
        let reply: Value = serde_json::from_str(&reply).context("the session is no JSON")?;
        Ok(reply["token"]
            .as_str()
            .context("the session has no token")?
            .to_owned())
    }

    /// Fails unless the session of a token still runs.
    pub fn ensure_signed_in(&self, token: &str) -> Result<()> {
        let bearer = format!("Authorization: Bearer {token}\r\n");
        ask(&self.address, "GET", "/api/v1/me", (&bearer, "")).map(drop)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself, which the steps that used it have noticed.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Returns a port of the loopback interface that nobody uses.
pub fn free_port() -> Result<u16> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on the loopback interface")?;
    Ok(listener.local_addr()?.port())
}

/// Sends a request with further headers and a body of JSON, and returns the body of a successful answer.
fn ask(address: &str, method: &str, path: &str, (headers, body): (&str, &str)) -> Result<String> {
    let host = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).with_context(|| format!("nobody answers at {address}"))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         {headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no HTTP answer")?;
    let status = head.split_whitespace().nth(1).unwrap_or_default();
    ensure!(
        status.starts_with('2'),
        "{method} {path} was answered with {status}: {body}"
    );
    Ok(body.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Demo, ask};
    use crate::scratch::Scratch;
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::path::Path;
    use std::thread;

    fn answering(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0; 512];
            assert!(stream.read(&mut asked).unwrap() > 0);
            stream.write_all(answer.as_bytes()).unwrap();
        });
        address
    }

    #[test]
    fn a_refused_session_is_an_error_with_the_servers_words() {
        let address = answering("HTTP/1.1 401 Unauthorized\r\n\r\n{\"code\":\"session.wrong_credentials\"}");
        let error = ask(&address, "POST", "/api/v1/sessions", ("", "{}"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("401") && error.contains("session.wrong_credentials"),
            "{error}"
        );
    }

    #[test]
    fn an_accepted_session_returns_its_body() {
        let address =
            answering("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n\r\n{\"token\":\"t\"}");
        assert_eq!(
            ask(&address, "POST", "/api/v1/sessions", ("", "{}")).unwrap(),
            "{\"token\":\"t\"}"
        );
    }

    #[test]
    fn a_demo_that_ends_at_once_is_told_with_its_log() {
        let scratch = Scratch::new("demo");
        let error = Demo::start(Path::new("/bin/false"), &scratch.path().join("run")).unwrap_err();
        assert!(
            format!("{error:#}").contains("ended before it served"),
            "{error:#}"
        );
    }
}
