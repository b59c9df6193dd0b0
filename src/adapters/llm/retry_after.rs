//! How long a provider asks us to wait, in the ways that providers say it, and whether it is worth the wait.

use std::time::{Duration, SystemTime};

use super::transport::WireReply;
use crate::ports::Timestamp;

/// `retry-after-ms` is the finer one and goes first; what is negative or cannot be read is as good as absent.
pub(super) fn read(reply: &WireReply, now: Timestamp) -> Option<Duration> {
    let millis = reply.header("retry-after-ms").and_then(|text| decimal(text, 0.001));
    millis.or_else(|| {
        let text = reply.header("retry-after")?;
        decimal(text, 1.0).or_else(|| until(text, now))
    })
}

/// Whether the provider says that another attempt can help; OpenAI and Anthropic do.
pub(super) fn should_retry(reply: &WireReply) -> Option<bool> {
    match reply.header("x-should-retry")?.trim() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// `34.5s`, as Google writes a duration in JSON.
pub(super) fn seconds(text: &str) -> Option<Duration> {
    decimal(text.trim().strip_suffix('s')?, 1.0)
}

/// Digits with at most one point; the number parser alone would also take `inf`, `1e9` and a sign.
fn decimal(text: &str, unit_in_seconds: f64) -> Option<Duration> {
    let text = text.trim();
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    Duration::try_from_secs_f64(text.parse::<f64>().ok()? * unit_in_seconds).ok()
}

/// From now until an HTTP date that is not past.
fn until(text: &str, Timestamp(now): Timestamp) -> Option<Duration> {
    let date = httpdate::parse_http_date(text.trim()).ok()?;
    let date = date.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    date.checked_sub(Duration::from_micros(u64::try_from(now).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&str, &str)], expect: Option<Duration>) {
        // 2026-11-06T08:49:37Z
        let now = Timestamp(1_793_954_977_000_000);
        let reply = WireReply::new(429, headers.iter().copied(), vec![]);
        assert_eq!(read(&reply, now), expect, "{headers:?}");
    }

    #[test]
    fn all_three_forms_are_read() {
        check(&[("retry-after", "20")], Some(Duration::from_secs(20)));
        check(&[("retry-after", " 1.5 ")], Some(Duration::from_millis(1_500)));
        check(&[("retry-after-ms", "250")], Some(Duration::from_millis(250)));
        check(&[("retry-after", "Fri, 06 Nov 2026 08:50:07 GMT")], Some(Duration::from_secs(30)));
    }

    #[test]
    fn googles_duration_is_a_number_with_an_s() {
        assert_eq!(seconds("34.5s"), Some(Duration::from_millis(34_500)));
        for bad in ["34", "s", "-1s", "1m", ""] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }

    #[test]
    fn milliseconds_go_before_seconds_unless_they_cannot_be_read() {
        check(&[("retry-after", "20"), ("retry-after-ms", "250")], Some(Duration::from_millis(250)));
        check(&[("retry-after", "20"), ("retry-after-ms", "soon")], Some(Duration::from_secs(20)));
    }

    #[test]
    fn what_is_negative_past_or_no_number_is_as_good_as_absent() {
        let far = "9".repeat(400);
        for text in ["-1", "", ".", "soon", "inf", "NaN", "1e9", "1.2.3", far.as_str(), "Fri, 06 Nov 2026 08:49:36 GMT"] {
            check(&[("retry-after", text)], None);
            check(&[("retry-after-ms", text)], None);
        }
        check(&[], None);
    }
}
