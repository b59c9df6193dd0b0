//! `bulletsmith healthcheck`: asks a running service whether it lives; for containers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use super::client;
use super::session::Session;
use super::stop::{Exit, Stop};

const TIMEOUT: Duration = Duration::from_secs(5);

/// Ask a running service whether it lives: exit 0 if it does, 2 if not
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The page to ask; /healthz at the configured address when absent
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

pub(super) async fn run(args: Args, session: &Session<'_>) -> Result<Exit, Stop> {
    session.refuse_server("healthcheck")?;
    let url = match args.url {
        Some(url) => url,
        None => format!("http://{}/healthz", reachable(session.config()?.address)),
    };
    let status = client::status(&url, TIMEOUT).await?;
    if (200..300).contains(&status) {
        session.printer().data("ok")?;
        return Ok(Exit::Done);
    }
    session.printer().note(&format!("error: {url} answers with status {status}"));
    Ok(Exit::Ours)
}

/// A service that listens everywhere is asked on loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_listens_everywhere_is_asked_on_loopback() {
        for (listens, asked) in [("0.0.0.0:80", "127.0.0.1:80"), ("[::]:80", "[::1]:80"), ("10.0.0.1:80", "10.0.0.1:80")] {
            assert_eq!(reachable(listens.parse().expect("an address")).to_string(), asked);
        }
    }
}
