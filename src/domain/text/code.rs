//! Spans of code and HTML tags, found among the folded characters of a text.

use super::token::TokenKind;

/// The longest span of code or tag, in characters; what is longer is read as plain text.
const LONGEST: usize = 160;

/// Spans of code and tags, in order, each with its end.
pub(super) fn find(chars: &[char]) -> Vec<(usize, usize, TokenKind)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        let whole = match c {
            '`' => span_end(chars, at).map(|end| (end, TokenKind::Code)),
            '<' => tag_end(chars, at).map(|end| (end, TokenKind::Tag)),
            _ => None,
        };
        if let Some((end, kind)) = whole {
            found.push((at, end, kind));
        }
        at = whole.map_or(at + 1, |(end, _)| end);
    }
    found
}

/// One past the backtick that closes a span of code. Plain words in backticks (`` `Kafka` ``) are words.
fn span_end(chars: &[char], at: usize) -> Option<usize> {
    let inner = chars.get(at + 1..)?;
    let close = inner.iter().take(LONGEST).position(|c| *c == '`')?;
    let inner = inner.get(..close)?;
    let is_plain = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_' | '+' | '#' | '&' | '\'' | ',');
    let has_flag = inner.windows(2).any(|pair| pair == [' ', '-']) || inner.first() == Some(&'-');
    (has_flag || !inner.iter().all(is_plain)).then_some(at + close + 2)
}

/// One past the `>` that closes a tag: `<b>`, `</li>`, `<a href="...">`, `<my-part>`. `<String>` of `List<String>` is no tag.
fn tag_end(chars: &[char], at: usize) -> Option<usize> {
    let inner: Vec<char> = chars.get(at + 1..)?.iter().copied().take(LONGEST).take_while(|c| !matches!(c, '<' | '>')).collect();
    let end = at + 1 + inner.len();
    let closes = inner.first() == Some(&'/');
    let name: String = inner.iter().skip(usize::from(closes)).take_while(|c| c.is_ascii_alphanumeric() || **c == '-').collect();
    let rest: String = inner.iter().skip(usize::from(closes) + name.len()).collect();
    let is_custom = name.contains('-') && name.starts_with(|c: char| c.is_ascii_lowercase());
    let is_known = ELEMENTS.contains(&name.to_ascii_lowercase().as_str()) || is_custom;
    // Attributes have values: `<b or c>` is a comparison.
    let is_whole = chars.get(end) == Some(&'>') && (matches!(rest.trim(), "" | "/") || rest.starts_with(' ') && rest.contains('='));
    (is_whole && is_known).then_some(end + 1)
}

/// The elements of HTML that people write into running text.
const ELEMENTS: [&str; 48] = [
    "a",
    "abbr",
    "article",
    "b",
    "blockquote",
    "body",
    "br",
    "button",
    "cite",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "img",
    "input",
    "kbd",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "small",
    "span",
    "strong",
    "style",
    "sub",
    "sup",
    "u",
    "ul",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        find(&chars).into_iter().map(|(start, end, _)| chars[start..end].iter().collect()).collect()
    }

    #[test]
    fn code_is_one_stretch_where_it_looks_like_code() {
        for code in ["`make --jobs 4`", "`GET /orders/{id}`", "`a == b`", "`reset()`", "`x::y`", "`-v`"] {
            assert_eq!(found(&format!("Ran {code}, twice")), [code]);
        }
        for plain in ["`Kafka`", "`order history`", "`node.js`", "``", "`open", "a ` b", "`two-phase commit`"] {
            assert_eq!(found(&format!("Ran {plain}, twice")), Vec::<String>::new(), "{plain}");
        }
    }

    #[test]
    fn tags_of_html_are_one_stretch_and_comparisons_are_not() {
        for tag in ["<b>", "</b>", "<br/>", "<br />", "<a href=\"https://example.org\">", "<LI>", "<my-part>"] {
            assert_eq!(found(&format!("Built {tag} it")), [tag]);
        }
        for plain in ["List<String>", "a < b and c > d", "latency <200 ms", "<Kafka>", "< b>", "<b", "<->", "p <b or a> x"] {
            assert_eq!(found(plain), Vec::<String>::new(), "{plain}");
        }
    }
}
