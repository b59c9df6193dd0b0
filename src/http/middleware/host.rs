//! Without keys, only requests that call this machine by a loopback name are answered.
//!
//! A web page of a stranger can make a browser send requests to 127.0.0.1 under a name of its own (DNS rebinding), and
//! read the answers. The name it called is in the Host header; it cannot be forged by a page.

use std::net::{Ipv4Addr, Ipv6Addr};

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::HOST;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::contract::problem::Code;
use crate::http::reply::ProblemReply;

const ADVICE: &str = "Without an API key this service answers only calls to localhost, 127.0.0.1 or [::1]; \
                      call it by one of these names, or set BULLETSMITH_ADMIN_KEY and send that key";

/// Lets calls to a loopback name pass.
pub(in crate::http) async fn check_host(request: Request, next: Next) -> Response {
    if is_for_loopback(&request) { next.run(request).await } else { ProblemReply::new(Code::Forbidden, ADVICE).into_response() }
}

/// Every name the request gives for us is a loopback one, and it gives one at least.
fn is_for_loopback(request: &Request) -> bool {
    let in_uri = request.uri().authority().map(|authority| authority.as_str().as_bytes());
    let in_headers = request.headers().get_all(HOST).iter().map(HeaderValue::as_bytes);
    let mut names = in_uri.into_iter().chain(in_headers).peekable();
    names.peek().is_some() && names.all(|name| std::str::from_utf8(name).is_ok_and(is_loopback))
}

fn is_loopback(host: &str) -> bool {
    if let Some((address, port)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let has_good_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        return has_good_port && address.parse() == Ok(Ipv6Addr::LOCALHOST);
    }
    let name = match host.split_once(':') {
        Some((name, port)) if is_port(port) => name,
        Some(_) => return false,
        None => host,
    };
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn;
    use axum::routing::get;

    use super::*;
    use crate::http::testing::{ask, send};

    #[test]
    fn only_loopback_names_are_loopback() {
        for host in
            ["localhost", "LocalHost:8080", "127.0.0.1", "127.0.0.1:80", "127.255.0.3:65535", "[::1]", "[::1]:8080", "[0:0:0:0:0:0:0:1]"]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            ":80",
            "example.com",
            "localhost.example.com",
            "app.localhost",
            "localhost.",
            "localhost@example.com",
            "example.com@localhost",
            "localhost:http",
            "localhost:+80",
            "localhost:65536",
            "localhost:80:80",
            "127.0.0.1.example.com",
            "127.1",
            "0127.0.0.1",
            "2130706433",
            "0.0.0.0",
            "128.0.0.1",
            "192.168.0.1",
            "::1",
            "[::1",
            "[::1]x",
            "[::1]:x",
            "[::2]",
            "[::ffff:127.0.0.1]",
            "localhost, example.com",
            " localhost",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    async fn check(uri: &str, hosts: &[&str], status: u16) {
        let router = Router::new().route("/", get(async || "in")).layer(from_fn(check_host));
        let headers: Vec<_> = hosts.iter().map(|host| ("host", *host)).collect();
        let answer = send(&router, ask("GET", uri, &headers)).await;
        assert_eq!(answer.status, status, "{uri} {hosts:?}");
        if status == 403 {
            assert_eq!(answer.code(), "forbidden");
            assert!(answer.text().contains("BULLETSMITH_ADMIN_KEY"));
        }
    }

    #[tokio::test]
    async fn every_name_of_the_request_counts_and_one_must_be_given() {
        check("/", &["localhost:8080"], 200).await;
        check("/", &[], 403).await;
        check("/", &["evil.example"], 403).await;
        check("/", &["localhost", "evil.example"], 403).await;
        check("http://127.0.0.1:8080/", &[], 200).await;
        check("http://evil.example/", &["localhost"], 403).await;
        check("http://localhost/", &["evil.example"], 403).await;
    }
}
