//! Whether whoever asked is still there: a request whose client has hung up finishes what is paid for and begins nothing new.

use tokio::sync::watch;

/// Held on the client's side; when it is dropped, the client has gone.
#[derive(Debug)]
pub(in crate::service) struct Client {
    _alive: watch::Sender<()>,
}

/// What the work knows of its client.
#[derive(Debug, Clone)]
pub(in crate::service) struct Presence(watch::Receiver<()>);

/// A client, and what the work knows of it.
pub(in crate::service) fn client() -> (Client, Presence) {
    let (alive, seen) = watch::channel(());
    (Client { _alive: alive }, Presence(seen))
}

impl Presence {
    /// Whether the client has hung up.
    pub(in crate::service) fn is_gone(&self) -> bool {
        self.0.has_changed().is_err()
    }

    /// Returns when the client hangs up.
    pub(in crate::service) async fn gone(&self) {
        let mut seen = self.0.clone();
        while seen.changed().await.is_ok() {}
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;

    use super::*;

    #[tokio::test]
    async fn a_client_is_there_until_its_side_is_dropped() {
        let (client, presence) = client();
        let mut gone = Box::pin(presence.gone());
        assert!(!presence.is_gone() && poll!(gone.as_mut()).is_pending());
        drop(client);
        assert!(presence.is_gone() && poll!(gone.as_mut()).is_ready());
    }
}
