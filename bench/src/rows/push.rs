//! Row 7: one entry pushed to thousands of screens, and a screen that does not read.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use crate::Plan;
use crate::client::{answer, connect, count, request};
use crate::machine::{cpu_seconds, memory_kib, now, open_files};
use crate::measure::{Pairs, at, median};
use crate::report::Row;
use crate::target::{Floor, Ours};

/// Files that are not screens.
const OTHER_FILES: usize = 500;

/// Screens that are opened and never read from.
const STALLED: usize = 50;

/// How long the last screen may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// Measures ours beside the floor.
pub(crate) async fn run(plan: Plan) -> Result<Row> {
    let mut row = Row::new(
        "Row 7: push to 5,000 screens",
        "≤ 1× → ≤ 0.5× nchan (99 ms there); ≤ 12 KB a connection; a stalled reader delays nobody",
    );
    let screens = plan.screens.min(open_files()?.saturating_sub(OTHER_FILES));
    let (ours, floor) = (Ours::start("bench-push")?, Floor::start()?);
    let bearer = format!("Bearer {}", ours.token);
    let follow = request("GET", "/api/v1/stream", &[("Authorization", bearer.as_str())], "");
    let pid = ours.node.pid();
    let before = memory_kib(pid, "VmRSS")?;
    let mut wall = Wall::open(&ours.host, &follow, screens).await?;
    let memory = (memory_kib(pid, "VmRSS")? - before) / count(screens);
    let mut other = Wall::open(&floor.host, &request("GET", "/stream", &[], ""), screens).await?;
    let (mut last, mut half, mut acked) = (Pairs::default(), Pairs::default(), Vec::new());
    let cpu = cpu_seconds(&ours.pids());
    for number in 0..plan.pairs * 4 {
        let report = ours.report()(u64::try_from(1_000_000 + number)?);
        let a = wall.push(&ours.host, &report).await?;
        let b = other
            .push(&floor.host, &request("POST", "/push", &[], &"x".repeat(500)))
            .await?;
        last.push(a.last, b.last);
        half.push(a.half, b.half);
        acked.push(a.acked);
    }
    let cpu = (cpu_seconds(&ours.pids()) - cpu) / count(plan.pairs * 4);
    row.line("screens", screens.to_string());
    row.line("ours: memory a connection", format!("{memory:.1} KiB"));
    row.line(
        "ours: processor time of a push",
        format!("{:.0} ms", cpu * 1_000.0),
    );
    tell(&mut row, (&last, &half, &acked));
    stalled(&mut row, &ours, &follow, (&mut wall, &last.ours)).await?;
    row.note(format!(
        "{} pushes in alternation. Peer (nchan) skipped: not installed; the floor stands in.",
        plan.pairs * 4
    ));
    Ok(row)
}

fn tell(row: &mut Row, (last, half, acked): (&Pairs, &Pairs, &[f64])) {
    row.line(
        "ours: last screen after the post was sent",
        format!(
            "{:.0} ms (95 of 100 pushes {:.0} ms)",
            median(&last.ours),
            at(&last.ours, 95)
        ),
    );
    row.line(
        "ours: half of the screens",
        format!("{:.0} ms", median(&half.ours)),
    );
    row.line(
        "ours: the poster's own answer",
        format!("{:.1} ms", median(acked)),
    );
    row.line(
        "floor (axum broadcast, not durable): last screen",
        format!("{:.0} ms", median(&last.theirs)),
    );
    row.line("ours / floor, last screen", format!("{:.2}", last.ratio()));
}

/// Opens screens that never read, lets hundreds of entries pile up for them, and measures the others again.
async fn stalled(
    row: &mut Row,
    ours: &Ours,
    follow: &[u8],
    (wall, without): (&mut Wall, &[f64]),
) -> Result<()> {
    let mut silent = Vec::new();
    for _ in 0..STALLED {
        let mut stream = connect(&ours.host).await?;
        stream.write_all(follow).await?;
        silent.push(stream);
    }
    let mut last = Vec::new();
    for number in 0..40_u64 {
        let pushed = wall.push(&ours.host, &ours.report()(2_000_000 + number)).await?;
        last.push(pushed.last);
    }
    drop(silent);
    row.line(
        &format!("ours: last screen beside {STALLED} screens that do not read"),
        format!(
            "{:.0} ms, {:.2} of before",
            median(&last),
            median(&last) / median(without)
        ),
    );
    Ok(())
}

/// Many screens that follow the live stream.
struct Wall {
    screens: usize,
    heard: UnboundedReceiver<Instant>,
    _tasks: JoinSet<()>,
}

/// Milliseconds from the post until the last screen, half of the screens and the poster heard of it.
struct Pushed {
    last: f64,
    half: f64,
    acked: f64,
}

impl Wall {
    async fn open(host: &str, follow: &[u8], screens: usize) -> Result<Self> {
        let (teller, heard) = unbounded_channel();
        let greeted = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        for _ in 0..screens {
            let mut stream = connect(host).await?;
            stream.write_all(follow).await?;
            tasks.spawn(watch(stream, teller.clone(), Arc::clone(&greeted)));
        }
        for _ in 0..600 {
            if greeted.load(Ordering::SeqCst) >= screens {
                return Ok(Self {
                    screens,
                    heard,
                    _tasks: tasks,
                });
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        anyhow::bail!(
            "only {} of {screens} screens were greeted",
            greeted.load(Ordering::SeqCst)
        )
    }

    /// Posts once and waits until every screen has heard of it.
    async fn push(&mut self, host: &str, post: &[u8]) -> Result<Pushed> {
        let mut stream = connect(host).await?;
        let start = now();
        stream.write_all(post).await?;
        answer(&mut stream, &mut Vec::new()).await?;
        let answered = start.elapsed();
        let mut times = Vec::with_capacity(self.screens);
        while times.len() < self.screens {
            let heard = tokio::time::timeout(PATIENCE, self.heard.recv()).await;
            let at =
                heard.with_context(|| format!("{} of {} screens heard of it", times.len(), self.screens))?;
            let at = at.context("no screen is left")?;
            times.push(at.saturating_duration_since(start).as_secs_f64() * 1_000.0);
        }
        Ok(Pushed {
            last: crate::measure::at(&times, 100),
            half: median(&times),
            acked: answered.as_secs_f64() * 1_000.0,
        })
    }
}

/// Reads a live stream and tells when entries arrive; every event ends with an empty line.
async fn watch(mut stream: TcpStream, hears: UnboundedSender<Instant>, greeted: Arc<AtomicUsize>) {
    let mut buffer = vec![0; 4_096];
    let mut is_greeted = false;
    while let Ok(read) = stream.read(&mut buffer).await {
        if read == 0 {
            return;
        }
        let at = now();
        let text = buffer.get(..read).unwrap_or_default();
        let entries = text.windows(12).filter(|part| *part == b"event: entry").count();
        if !is_greeted && text.windows(12).any(|part| part == b"event: hello") {
            is_greeted = true;
            greeted.fetch_add(1, Ordering::SeqCst);
        }
        for _ in 0..entries {
            if hears.send(at).is_err() {
                return;
            }
        }
    }
}
