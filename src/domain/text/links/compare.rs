//! When two links are one.

/// A link in the form that links are compared in: `https://www.Example.org/a/` is `example.org/a`.
///
/// Web links are without their scheme, `www.` and the stroke at their end; hosts and mail addresses are in lower case. Other schemes and
/// the letters of a path stay as they are, because another path is another place.
pub fn normal_link(text: &str) -> String {
    let text = text.trim();
    let without =
        |prefix: &str| text.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix)).and_then(|_| text.get(prefix.len()..));
    let web = without("https://").or_else(|| without("http://"));
    let rest = web.or_else(|| without("mailto:")).unwrap_or(text);
    if web.is_none() && (rest.starts_with(['/', '~', '\\']) || rest.starts_with("..")) {
        return shortened(rest).to_owned();
    }
    let rest = if web.is_none() { rest.strip_prefix("./").unwrap_or(rest) } else { rest };
    let is_mail = !rest.contains('/') && rest.contains('@');
    let scheme = if web.is_none() { rest.find("://").map_or(0, |at| at + 3) } else { 0 };
    let host_end = rest.get(scheme..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(rest.len(), |at| at + scheme);
    let (host, path) = rest.split_at(if is_mail { rest.len() } else { host_end });
    // A folder is no host: only names with a point and what stands behind a scheme are.
    let host = if web.is_some() || scheme > 0 || is_mail || host.contains('.') && !host.starts_with('.') {
        host.to_lowercase()
    } else {
        host.to_owned()
    };
    let bare = host.strip_prefix("www.").filter(|bare| scheme == 0 && !bare.is_empty());
    let host = bare.unwrap_or(&host);
    format!("{host}{}", shortened(path))
}

/// A path without the stroke at its end.
fn shortened(path: &str) -> &str {
    let short = path.trim_end_matches('/');
    if short.is_empty() && path.len() > 1 { "/" } else { short }
}

/// Whether two links lead to the same place, as far as their text tells.
pub fn same_link(one: &str, other: &str) -> bool {
    normal_link(one) == normal_link(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_place_is_the_same_link() {
        for (one, other) in [
            ("https://example.org/a", "example.org/a"),
            ("http://example.org", "https://example.org/"),
            ("https://www.example.org/a/", "https://Example.ORG/a"),
            ("www.example.org", "example.org"),
            ("mailto:Kim@Example.org", "kim@example.org"),
            ("./src/main.rs", "src/main.rs"),
            ("/usr/bin/", "/usr/bin"),
            ("S3://bucket/key", "s3://bucket/key"),
        ] {
            assert!(same_link(one, other), "{one} / {other}: {} / {}", normal_link(one), normal_link(other));
        }
    }

    #[test]
    fn another_place_is_another_link() {
        for (one, other) in [
            ("https://example.org/kim/parser", "https://example.org/kim-parser"),
            ("https://example.org/a", "https://example.net/a"),
            ("https://example.org/a", "https://example.org/A"),
            ("https://example.org/a", "https://example.org/a/b"),
            ("https://example.org/a?b=1", "https://example.org/a?b=2"),
            ("https://example.org/a#b", "https://example.org/a"),
            ("https://example.org:8080/a", "https://example.org/a"),
            ("https://docs.example.org", "https://example.org"),
            ("s3://bucket/key", "gs://bucket/key"),
            ("ftp://example.org/a", "example.org/a"),
            ("kim@example.org", "lee@example.org"),
            ("kim@shop.example.org", "kim@store.example.org"),
            ("/usr/bin", "usr/bin"),
            ("/Usr/bin", "/usr/bin"),
            ("src/main.rs", "Src/main.rs"),
            ("https://ex\u{430}mple.org", "https://example.org"),
        ] {
            assert!(!same_link(one, other), "{one} / {other}: {}", normal_link(one));
        }
    }
}
