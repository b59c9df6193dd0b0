//! A client for measurements: keeps its connections open, sends one request after the other on each, and does as little as possible itself.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::JoinSet;

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// So many connections to one server.
#[derive(Debug)]
pub(crate) struct Load {
    connections: Vec<Arc<Mutex<Connection>>>,
}

/// What a number of requests took.
#[derive(Debug)]
pub(crate) struct Round {
    taken: Duration,
    /// Sorted.
    each: Vec<Duration>,
}

#[derive(Debug)]
struct Connection {
    stream: TcpStream,
    server: SocketAddr,
    /// What was read and belongs to no answer yet.
    read: Vec<u8>,
}

impl Load {
    /// Opens the connections.
    pub(crate) async fn new(server: SocketAddr, connections: usize) -> Fallible<Self> {
        let mut opened = Vec::with_capacity(connections);
        for _ in 0..connections {
            let stream = TcpStream::connect(server).await?;
            stream.set_nodelay(true)?;
            opened.push(Arc::new(Mutex::new(Connection { stream, server, read: Vec::new() })));
        }
        Ok(Self { connections: opened })
    }

    /// The same, with the first connection alone.
    pub(crate) fn alone(&self) -> Self {
        Self { connections: self.connections.first().into_iter().cloned().collect() }
    }

    /// Sends these bodies over all connections; each takes the next one when it has its answer.
    pub(crate) async fn round(&self, bodies: Vec<Bytes>) -> Fallible<Round> {
        let (bodies, next) = (Arc::new(bodies), Arc::new(AtomicUsize::new(0)));
        let mut working = JoinSet::new();
        let begun = now();
        for connection in &self.connections {
            let (bodies, next) = (Arc::clone(&bodies), Arc::clone(&next));
            let connection = Arc::clone(connection).lock_owned().await;
            working.spawn(work(connection, bodies, next));
        }
        let mut each = Vec::new();
        while let Some(done) = working.join_next().await {
            each.extend(done??);
        }
        let taken = begun.elapsed();
        each.sort_unstable();
        Ok(Round { taken, each })
    }

    /// Sends one and gives its answer.
    pub(crate) async fn ask(&self, body: &Bytes) -> Fallible<Bytes> {
        let connection = self.connections.first().ok_or("there is no connection")?;
        connection.lock().await.ask(body).await
    }
}

async fn work(mut connection: OwnedMutexGuard<Connection>, bodies: Arc<Vec<Bytes>>, next: Arc<AtomicUsize>) -> Fallible<Vec<Duration>> {
    let mut each = Vec::new();
    while let Some(body) = bodies.get(next.fetch_add(1, Ordering::Relaxed)) {
        let begun = now();
        connection.ask(body).await?;
        each.push(begun.elapsed());
    }
    Ok(each)
}

impl Round {
    /// Requests a second.
    pub(crate) fn rate(&self) -> f64 {
        let requests = u32::try_from(self.each.len()).unwrap_or(u32::MAX);
        f64::from(requests) / self.taken.as_secs_f64()
    }

    /// What so many of a hundred requests took at most.
    pub(crate) fn quantile(&self, percent: usize) -> Duration {
        self.each.get(self.each.len().saturating_sub(1) * percent / 100).copied().unwrap_or_default()
    }
}

impl Connection {
    /// Sends one request and reads its answer, which must be a 200 with its length in front.
    async fn ask(&mut self, body: &[u8]) -> Fallible<Bytes> {
        let mut request = format!(
            "POST /v1/rewrites HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.server,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.stream.write_all(&request).await?;
        let (head, length) = loop {
            if let Some(end) = self.read.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = std::str::from_utf8(self.read.get(..end).unwrap_or_default())?.to_ascii_lowercase();
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).ok_or("an answer without a length")?;
                let length = length.trim().parse::<usize>()?;
                break (head, end + 4 + length);
            }
            self.more().await?;
        };
        while self.read.len() < length {
            self.more().await?;
        }
        let rest = self.read.split_off(length);
        let answer = Bytes::from(std::mem::replace(&mut self.read, rest));
        let start = head.len() + 4;
        let answer = answer.slice(start..);
        if head.starts_with("http/1.1 200") { Ok(answer) } else { Err(format!("{head}\n{}", String::from_utf8_lossy(&answer)).into()) }
    }

    async fn more(&mut self) -> Fallible<()> {
        match self.stream.read_buf(&mut self.read).await? {
            0 => Err("the server hung up".into()),
            _ => Ok(()),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a measurement keeps its own time")]
fn now() -> Instant {
    Instant::now()
}
