//! A small HTTP client that can also say what no proper client would.

use std::io::{self, BufRead, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// How long an answer may take before the server counts as hanging.
const PATIENCE: Duration = Duration::from_mins(1);

/// A request; the body and the values of headers are bytes, so that they may be nonsense.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Headers beside `Host` and `Content-Length`.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Body, if there is one.
    pub body: Option<Vec<u8>>,
}

impl Request {
    /// A request without a body.
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            ..Self::default()
        }
    }

    /// A GET.
    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// A POST of JSON.
    pub fn post(path: &str, body: &Value) -> Self {
        Self::new("POST", path).json(body.to_string())
    }

    /// The same request with a body that claims to be JSON.
    #[must_use]
    pub fn json(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("Content-Type", "application/json")
    }

    /// The same request with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The same request by somebody who is signed in.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    /// The same request with an idempotency key.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("Idempotency-Key", key)
    }

    fn bytes(&self, host: &str) -> Vec<u8> {
        let mut out = format!("{} {} HTTP/1.1\r\nHost: {host}\r\n", self.method, self.path).into_bytes();
        for (name, value) in &self.headers {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b": ");
            out.extend_from_slice(value);
            out.extend_from_slice(b"\r\n");
        }
        if let Some(body) = &self.body {
            out.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(self.body.as_deref().unwrap_or_default());
        out
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Reply {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The stable code of a refusal; empty when there is none.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Whether it is a success.
    pub const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }
}

/// A kept-alive connection.
#[derive(Debug)]
pub struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Connection {
    /// Connects to `http://host:port`.
    pub fn open(address: &str) -> io::Result<Self> {
        let host = address.trim_start_matches("http://").to_owned();
        let stream = TcpStream::connect(&host)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream: BufReader::new(stream),
            host,
        })
    }

    /// Sends a request and waits for its answer.
    pub fn ask(&mut self, request: &Request) -> io::Result<Reply> {
        self.send(request)?;
        self.receive()
    }

    /// Sends a request and does not wait.
    pub fn send(&mut self, request: &Request) -> io::Result<()> {
        self.send_bytes(&request.bytes(&self.host))
    }

    /// Sends bytes that need not be a request at all.
    pub fn send_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    /// Waits for the next answer.
    pub fn receive(&mut self) -> io::Result<Reply> {
        let mut reply = self.receive_head()?;
        if reply.header("transfer-encoding") == Some("chunked") {
            Chunks::new(&mut self.stream).read_to_end(&mut reply.body)?;
        } else if let Some(length) = reply.header("content-length") {
            let length = length.parse().map_err(io::Error::other)?;
            reply.body.resize(length, 0);
            self.stream.read_exact(&mut reply.body)?;
        }
        Ok(reply)
    }

    fn receive_head(&mut self) -> io::Result<Reply> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("no status line: {first:?}")))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        Ok(Reply {
            status,
            headers,
            body: Vec::new(),
        })
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    /// Turns the connection into a live stream.
    pub fn follow(mut self, token: &str, after: Option<u64>) -> io::Result<LiveStream> {
        let mut request = Request::get("/api/v1/stream")
            .bearer(token)
            .header("Accept", "text/event-stream");
        if let Some(after) = after {
            request = request.header("Last-Event-ID", after.to_string());
        }
        self.send(&request)?;
        let head = self.receive_head()?;
        if head.status != 200 {
            return Err(io::Error::other(format!(
                "the live stream was refused: {}",
                head.status
            )));
        }
        Ok(LiveStream {
            lines: BufReader::new(Chunks::new(self.stream)),
        })
    }
}

/// A body sent in chunks.
#[derive(Debug)]
struct Chunks<R> {
    from: R,
    left: u64,
    ended: bool,
}

impl<R: BufRead> Chunks<R> {
    const fn new(from: R) -> Self {
        Self {
            from,
            left: 0,
            ended: false,
        }
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        let mut line = String::new();
        self.from.read_line(&mut line)?;
        let size = line.trim().split(';').next().unwrap_or_default();
        self.left = u64::from_str_radix(size, 16).map_err(io::Error::other)?;
        if self.left == 0 {
            self.ended = true;
            self.from.read_line(&mut line)?;
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Chunks<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.ended {
            self.next_chunk()?;
        }
        if self.ended {
            return Ok(0);
        }
        let read = (&mut self.from).take(self.left).read(buffer)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= u64::try_from(read).unwrap_or(self.left);
        if self.left == 0 {
            let mut end = String::new();
            self.from.read_line(&mut end)?;
        }
        Ok(read)
    }
}

/// One event of the live stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// Ledger position.
    pub id: String,
    /// `hello` or `entry`.
    pub name: String,
    /// JSON.
    pub data: String,
}

/// An open live stream (server-sent events).
#[derive(Debug)]
pub struct LiveStream {
    lines: BufReader<Chunks<BufReader<TcpStream>>>,
}

impl LiveStream {
    /// Waits for the next event; comments that only keep the connection alive are passed over.
    pub fn next_event(&mut self) -> io::Result<Event> {
        let mut event = Event::default();
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            match line.trim_end().split_once(':') {
                None if event == Event::default() => {}
                None => return Ok(event),
                Some(("id", value)) => value.trim_start().clone_into(&mut event.id),
                Some(("event", value)) => value.trim_start().clone_into(&mut event.name),
                Some(("data", value)) => value.trim_start().clone_into(&mut event.data),
                Some(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_joined_and_their_end_is_seen() {
        let mut chunks = Chunks::new("4\r\n\u{5b89}a\r\n2;x=y\r\nbc\r\n0\r\n\r\nnext".as_bytes());
        let mut text = String::new();
        chunks.read_to_string(&mut text).unwrap();
        assert_eq!(text, "\u{5b89}abc");
    }

    #[test]
    fn a_body_that_breaks_off_is_an_error() {
        let mut text = String::new();
        assert!(
            Chunks::new("8\r\nabc".as_bytes())
                .read_to_string(&mut text)
                .is_err()
        );
    }

    #[test]
    fn a_request_is_sent_as_it_is_written() {
        let request = Request::post("/a", &serde_json::json!({})).key("k");
        let text = String::from_utf8(request.bytes("h")).unwrap();
        assert_eq!(
            text,
            "POST /a HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Length: 2\r\n\r\n{}"
        );
    }
}
