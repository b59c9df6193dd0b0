//! Links, mail addresses and paths: where they stand in a text, and when two of them are one.
//!
//! Taken for a link is what has a scheme (`https://`, `s3://`), `www.`, a host with a path, a number of the internet, an `@` with a host behind it,
//! or a path of a file (`/usr/local/bin`, `./run`, `src/main.rs`). `CI/CD`, `and/or`, `24/7` and `node.js/express.js` are words.

mod compare;
mod path;

pub use compare::{normal_link, same_link};

/// The longest beginning of a link that is looked at before it is known to be one, in characters.
const REACH: usize = 80;
/// The longest link, in characters; bounds make the search linear in the length of the text.
const LONGEST: usize = 512;

/// The links among the folded characters of a text, in order, each with its end; the mark that ends a sentence is left out.
pub(super) fn find(chars: &[char]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let end = chars.iter().skip(at).position(|c| c.is_whitespace()).map_or(chars.len(), |length| at + length);
        if chars.get(at..end).is_some_and(may_hold_link) {
            find_between(chars, at, end, &mut found);
        }
        at = end + 1;
    }
    found
}

/// Whether a stretch without a blank has one of the signs that every link has.
fn may_hold_link(stretch: &[char]) -> bool {
    stretch.iter().any(|c| matches!(c, '/' | '@' | ':' | '\\')) || stretch.iter().filter(|c| **c == '.').count() > 1
}

fn find_between(chars: &[char], start: usize, end: usize, found: &mut Vec<(usize, usize)>) {
    let mut at = start;
    while at < end {
        let opens = at == start || at.checked_sub(1).and_then(|before| chars.get(before)).is_none_or(|before| !is_name_char(*before));
        match Some(at).filter(|_| opens).and_then(|at| end_at(chars, at)) {
            Some(link_end) => {
                found.push((at, link_end));
                at = link_end;
            }
            None => at += 1,
        }
    }
}

/// Whether a link begins at `at`.
pub(super) fn begins(chars: &[char], at: usize) -> bool {
    end_at(chars, at).is_some()
}

/// One past the link that begins at `at`.
fn end_at(chars: &[char], at: usize) -> Option<usize> {
    let end = with_scheme(chars, at).or_else(|| mail(chars, at)).or_else(|| host(chars, at)).or_else(|| path::end(chars, at))?;
    (end > at).then_some(end)
}

/// `https://example.org/a`, `s3://bucket/key`, `www.example.org`, `mailto:kim@example.org`.
fn with_scheme(chars: &[char], at: usize) -> Option<usize> {
    let scheme = run(chars, at, |c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let behind = at + scheme;
    let is_scheme = chars.get(at)?.is_ascii_alphabetic() && (2..=12).contains(&scheme);
    let is_letter = |at: usize| chars.get(at).is_some_and(|c| c.is_alphanumeric());
    if is_scheme && stands(chars, behind, "://") {
        let host = behind + 3 + usize::from(chars.get(behind + 3) == Some(&'/'));
        return is_letter(host).then(|| link_end(chars, host, true));
    }
    if stands(chars, at, "mailto:") {
        return mail(chars, at + 7);
    }
    (stands(chars, at, "www.") && is_letter(at + 4)).then(|| link_end(chars, at, true))
}

/// `kim@example.org`, `git@example.org:kim/parser.git`.
fn mail(chars: &[char], at: usize) -> Option<usize> {
    let local = run(chars, at, |c| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-'));
    let sign = at + local;
    if local == 0 || !chars.get(at)?.is_alphanumeric() || chars.get(sign) != Some(&'@') {
        return None;
    }
    let (host, end) = host_name(chars, sign + 1)?;
    let is_host = host.split('.').count() > 1 && host.rsplit('.').next().is_some_and(|last| last.chars().all(char::is_alphabetic));
    let is_repository = chars.get(end) == Some(&':') && chars.get(end + 1).is_some_and(|c| c.is_alphabetic() || *c == '~');
    is_host.then(|| if is_repository { link_end(chars, end + 1, false) } else { end })
}

/// `example.org/a`, `api.example.org:8080`, `localhost:3000`, `10.0.0.1`.
fn host(chars: &[char], at: usize) -> Option<usize> {
    if !chars.get(at)?.is_ascii_alphanumeric() {
        return None;
    }
    let (host, end) = host_name(chars, at)?;
    let port = if chars.get(end) == Some(&':') { run(chars, end + 1, |c| c.is_ascii_digit()) } else { 0 };
    let path = end + if port > 0 { port + 1 } else { 0 };
    let has_path = chars.get(path) == Some(&'/') && chars.get(path + 1).is_some_and(|c| is_link_char(*c, false));
    let whole = || if has_path { link_end(chars, path, true) } else { path };
    if is_internet_number(&host) || host == "localhost" && port > 0 {
        return Some(whole());
    }
    let labels: Vec<&str> = host.split('.').collect();
    let is_known = HOSTS.contains(&host.to_ascii_lowercase().as_str());
    let is_domain = labels.len() > 1 && !host.contains(char::is_uppercase) && labels.last().is_some_and(|last| DOMAINS.contains(last));
    if !(is_known || is_domain) || !has_path && port == 0 {
        return None;
    }
    let whole = whole();
    let behind: String = chars.iter().skip(path + 1).take(whole.saturating_sub(path + 1)).collect();
    // `booking.com/expedia` and `asp.net/mvc` are two names; `example.org/kim` and `kim.dev/parser/new` are places.
    let is_place = is_known
        || port > 0
        || labels.len() > 2
        || matches!(labels.last(), Some(&("org" | "edu" | "gov")))
        || behind.contains(|c: char| matches!(c, '/' | '?' | '=' | '_' | '~') || c.is_ascii_digit());
    is_place.then_some(whole)
}

/// The name of a host that begins at `at`, and one past it.
fn host_name(chars: &[char], at: usize) -> Option<(String, usize)> {
    let length = run(chars, at, |c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    let mut host: String = chars.iter().skip(at).take(length).collect();
    while host.ends_with(['.', '-']) {
        host.pop();
    }
    let is_name = !host.is_empty() && host.split('.').all(|label| !label.is_empty() && !label.starts_with('-'));
    let end = at + host.chars().count();
    is_name.then_some((host, end))
}

/// `10.0.0.1`: four numbers below 256.
fn is_internet_number(host: &str) -> bool {
    host.split('.').count() == 4
        && host.split('.').all(|part| part.len() < 4 && part.parse::<u8>().is_ok() && (part.len() == 1 || !part.starts_with('0')))
}

/// One past the link that goes on at `at`: brackets only in pairs, and without the marks that end the sentence around it.
fn link_end(chars: &[char], at: usize, has_host: bool) -> usize {
    let mut end = at;
    while let Some(c) = chars.get(end).filter(|_| end < at + LONGEST) {
        let next_is_digit = chars.get(end + 1).is_some_and(char::is_ascii_digit);
        if !(is_link_char(*c, has_host) || has_host && *c == ',' && next_is_digit) {
            break;
        }
        end += 1;
    }
    trimmed(chars, at, end)
}

/// The end without closing marks and without brackets that were not opened.
fn trimmed(chars: &[char], start: usize, mut end: usize) -> usize {
    let count = |sign: char| chars.iter().skip(start).take(end.saturating_sub(start)).filter(|c| **c == sign).count();
    let unopened = |open: char, close: char| count(close).saturating_sub(count(open));
    let (mut round, mut square, mut curly) = (unopened('(', ')'), unopened('[', ']'), unopened('{', '}'));
    while let Some(last) = end.checked_sub(1).filter(|last| *last >= start).and_then(|last| chars.get(last)) {
        let left = match last {
            ')' => &mut round,
            ']' => &mut square,
            '}' => &mut curly,
            '.' | ',' | ';' | ':' | '!' | '?' | '*' | '(' | '[' | '{' => &mut 1,
            _ => break,
        };
        if *left == 0 {
            break;
        }
        *left -= 1;
        end -= 1;
    }
    end
}

fn is_link_char(c: char, has_host: bool) -> bool {
    c.is_alphanumeric()
        || matches!(c, '/' | '.' | '-' | '_' | '~' | '%' | '+' | ':' | '@' | '$' | '*' | '(' | ')' | '[' | ']' | '{' | '}')
        || has_host && matches!(c, '?' | '&' | '=' | '#' | '!')
}

/// A character that a link cannot begin behind.
fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '@' | '/' | '.' | '\\')
}

/// How many characters from `at` on are of a kind, as far as a link is looked for.
fn run(chars: &[char], at: usize, of: impl Fn(char) -> bool) -> usize {
    chars.iter().skip(at).take(REACH).take_while(|c| of(**c)).count()
}

/// Whether the run of link characters at `at` holds a sign, as far as a link is looked for.
fn run_holds(chars: &[char], at: usize, sign: char) -> bool {
    chars.iter().skip(at).take(REACH).take_while(|c| is_link_char(**c, false)).any(|c| *c == sign)
}

fn stands(chars: &[char], at: usize, text: &str) -> bool {
    text.chars().enumerate().all(|(offset, c)| chars.get(at + offset).is_some_and(|known| known.eq_ignore_ascii_case(&c)))
}

/// Ends of host names.
const DOMAINS: [&str; 44] = [
    "com", "org", "net", "edu", "gov", "mil", "int", "io", "dev", "app", "ai", "co", "me", "info", "biz", "eu", "uk", "de", "fr", "es",
    "it", "nl", "be", "ch", "at", "se", "no", "dk", "fi", "pl", "cz", "pt", "ie", "us", "ca", "au", "nz", "in", "jp", "cn", "br", "sh",
    "rs", "tech",
];

/// Hosts of two labels whose paths are places.
const HOSTS: [&str; 12] = [
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "linkedin.com",
    "npmjs.com",
    "pypi.org",
    "crates.io",
    "docs.rs",
    "dev.to",
    "medium.com",
    "youtube.com",
    "bit.ly",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        find(&chars).into_iter().map(|(start, end)| chars[start..end].iter().collect()).collect()
    }

    #[test]
    fn an_address_is_one_stretch_without_the_marks_around_it() {
        for link in [
            "https://example.org",
            "https://example.org/",
            "http://user@example.org:8080/a/b?c=d&e=f#g",
            "https://en.example.org/wiki/Rust_(language)",
            "HTTPS://Example.org/A",
            "https://maps.example.org/@48.1,11.5",
            "https://example.org/orders/{id}",
            "s3://bucket/key",
            "postgresql://db.example.org/orders",
            "www.example.org",
            "www.example.org/kim",
            "mailto:kim@example.org",
            "kim.lee+jobs@mail.example.org",
            "git@example.org:kim/parser.git",
            "github.com/kim",
            "GitHub.com/kim/parser",
            "code.example.com/kim",
            "example.org/kim",
            "kim.dev/parser/new",
            "api.example.com:8080",
            "localhost:3000/health",
            "10.0.0.1",
            "10.0.0.0/16",
            "/usr/local/bin",
            "/v1/orders/{id}/items",
            "./run.sh",
            "../lib/a.h",
            "~/.bashrc",
            "C:\\logs\\app.log",
            "src/main.rs",
            "src/app/index.js",
            ".github/workflows/ci.yml",
            "docs/adr/0001-first.md",
        ] {
            for text in [format!("see {link}"), format!("({link})."), format!("at \"{link}\", twice"), format!("{link}; then")] {
                assert_eq!(found(&text), [link], "{text}");
            }
        }
        assert_eq!(found("<https://example.org>, kim@example.org"), ["https://example.org", "kim@example.org"]);
    }

    #[test]
    fn names_with_strokes_and_points_are_words() {
        for text in [
            "and/or",
            "CI/CD",
            "24/7",
            "TCP/IP",
            "read/write",
            "I/O",
            "A/B",
            "w/o",
            "n/a",
            "C/C++",
            "Kafka/RabbitMQ-based",
            "his/her",
            "node.js/express.js",
            "Node.js/React",
            "react/node.js",
            "ASP.NET/C#",
            "asp.net/mvc",
            ".NET/SQL",
            "Booking.com/Expedia",
            "socket.io/redis",
            "UTC+2",
            "v1.2.3",
            "1.234.567",
            "3.5",
            "12/2024",
            "03/04/2024",
            "500 req/s",
            "$200 /month",
            "5 GB /day",
            "the /health route",
            "$5 /month/user",
            "package.json/yarn.lock",
            "etc./usr",
            "e.g. this",
            "built it.then ran",
            "@kim",
            "a @ b",
            "http://",
            "://x",
            "user@host",
            "//x",
            "build/test/deploy",
            "pass/fail",
            "km/h",
            "key=value/other",
            "10:30",
            "x/y/z",
            "/ or /",
            "TLS 1.2/1.3",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn links_stand_in_order_and_have_no_blank(text in "([a-z@/.:\\\\(){}<>`~#?=, 0-9\\-]|https://|www\\.|\\PC){0,60}") {
            let chars: Vec<char> = text.chars().collect();
            let found = find(&chars);
            prop_assert!(found.iter().all(|(start, end)| start < end && *end <= chars.len()));
            prop_assert!(found.windows(2).all(|pair| pair[0].1 <= pair[1].0));
            prop_assert!(found.iter().all(|(start, end)| chars[*start..*end].iter().all(|c| !c.is_whitespace())));
            for (start, end) in found {
                let link: String = chars[start..end].iter().collect();
                prop_assert!(!normal_link(&link).is_empty(), "{}", link);
                prop_assert!(same_link(&link, &link));
            }
        }
    }
}
