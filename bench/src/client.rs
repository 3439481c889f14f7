//! The load: the same client and the same bytes for every server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::machine::now;

/// Makes the bytes of a request; the number is unique in the run.
pub(crate) type Make = Arc<dyn Fn(u64) -> Vec<u8> + Send + Sync>;

/// What a load came to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Load {
    /// Successful answers a second.
    pub rate: f64,
    /// Successful answers.
    pub answers: f64,
    /// Milliseconds within which 99 of 100 were answered.
    pub p99_ms: f64,
}

/// Sends requests over some connections, one at a time each, for a while; anything but 2xx is an error.
pub(crate) async fn load(host: &str, connections: usize, seconds: u64, make: Make) -> Result<Load> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut tasks = JoinSet::new();
    let start = now();
    for _ in 0..connections {
        let (stop, make) = (Arc::clone(&stop), Arc::clone(&make));
        let stream = connect(host).await?;
        tasks.spawn(async move { one(stream, &make, &stop).await });
    }
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    stop.store(true, Ordering::Relaxed);
    let mut times = Vec::new();
    while let Some(done) = tasks.join_next().await {
        times.extend(done??);
    }
    let elapsed = start.elapsed().as_secs_f64();
    let answers = count(times.len());
    Ok(Load {
        rate: answers / elapsed,
        answers,
        p99_ms: crate::measure::at(&times, 99),
    })
}

/// A number of things as a figure.
pub(crate) fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

/// Connects without delay.
pub(crate) async fn connect(host: &str) -> Result<TcpStream> {
    let stream = TcpStream::connect(host)
        .await
        .with_context(|| format!("nobody answers at {host}"))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn one(mut stream: TcpStream, make: &Make, stop: &AtomicBool) -> Result<Vec<f64>> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut times = Vec::new();
    let mut buffer = Vec::with_capacity(64 << 10);
    while !stop.load(Ordering::Relaxed) {
        let request = make(NEXT.fetch_add(1, Ordering::Relaxed));
        let start = now();
        stream.write_all(&request).await?;
        answer(&mut stream, &mut buffer).await?;
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(times)
}

/// Reads one answer with a `Content-Length` and refuses anything but a success.
pub(crate) async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<()> {
    buffer.clear();
    loop {
        let read = stream.read_buf(buffer).await?;
        ensure!(read > 0, "the server hung up");
        let Some(head) = buffer.windows(4).position(|part| part == b"\r\n\r\n") else {
            continue;
        };
        let text = String::from_utf8_lossy(buffer.get(..head).unwrap_or_default()).to_ascii_lowercase();
        ensure!(
            text.starts_with("http/1.1 2"),
            "{}",
            String::from_utf8_lossy(buffer)
        );
        let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.map_or(Ok(0), |length| length.trim().parse())?;
        while buffer.len() < head + 4 + length {
            let read = stream.read_buf(buffer).await?;
            ensure!(read > 0, "the server hung up");
        }
        return Ok(());
    }
}

/// The bytes of a request with a JSON body, or without one.
pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: x\r\n");
    for (name, value) in headers {
        text.push_str(name);
        text.push_str(": ");
        text.push_str(value);
        text.push_str("\r\n");
    }
    if !body.is_empty() {
        text.push_str("Content-Type: application/json\r\nContent-Length: ");
        text.push_str(&body.len().to_string());
        text.push_str("\r\n");
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}
