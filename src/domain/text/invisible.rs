//! Characters that nobody can see: they can carry words past a reader, so they are noted, never shown again and never sent to a model.
//!
//! What is invisible is told by the tables of Unicode (general category, `Default_Ignorable_Code_Point`, `Noncharacter_Code_Point`).

use std::borrow::Cow;

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, NoncharacterCodePoint};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Looks like a blank and is a sign with no dots.
const BRAILLE_BLANK: char = '\u{2800}';

/// Control characters that no text may hold: general category Cc but for tab, line feed and carriage return.
pub fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

/// Whether nobody can see a character: controls but for tab and line ends, format characters, variation selectors, tags, fillers,
/// private use, noncharacters, the blank of Braille. Spaces of any width are none, and neither are combining marks.
pub fn is_invisible(c: char) -> bool {
    if c.is_ascii() {
        return is_control(c);
    }
    matches!(
        CodePointMapData::<GeneralCategory>::new().get(c),
        GeneralCategory::Control | GeneralCategory::Format | GeneralCategory::PrivateUse
    ) || c == BRAILLE_BLANK
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || CodePointSetData::new::<NoncharacterCodePoint>().contains(c)
}

/// Whether an invisible character takes the room of a blank, so that the words beside it are two: line ends, fillers, the blank of Braille.
pub(super) fn takes_room(c: char) -> bool {
    c.is_whitespace() || matches!(c, BRAILLE_BLANK | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}

/// A text as a reader sees it on one line: without invisible characters, every run of tabs and line ends a single blank.
///
/// This is how the text of a user is put into a prompt.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| is_invisible(c) || ends_line(c)) {
        return Cow::Borrowed(text);
    }
    let mut seen = String::with_capacity(text.len());
    let mut parted = false;
    for c in text.chars() {
        if ends_line(c) || is_invisible(c) && takes_room(c) {
            parted = true;
        } else if !(is_invisible(c) || parted && c == ' ') {
            if parted && !seen.is_empty() && !seen.ends_with(' ') {
                seen.push(' ');
            }
            parted = false;
            seen.push(c);
        }
    }
    Cow::Owned(seen)
}

/// Tab, and whatever ends a line in some system.
const fn ends_line(c: char) -> bool {
    matches!(c, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One of every kind, by the name that Unicode gives it.
    const INVISIBLE: &[(char, &str)] = &[
        ('\0', "null"),
        ('\u{b}', "line tabulation"),
        ('\u{1b}', "escape"),
        ('\u{7f}', "delete"),
        ('\u{85}', "next line"),
        ('\u{9f}', "application program command"),
        ('\u{ad}', "soft hyphen"),
        ('\u{34f}', "combining grapheme joiner"),
        ('\u{61c}', "arabic letter mark"),
        ('\u{115f}', "hangul choseong filler"),
        ('\u{17b4}', "khmer vowel inherent aq"),
        ('\u{180b}', "mongolian free variation selector one"),
        ('\u{180e}', "mongolian vowel separator"),
        ('\u{200b}', "zero width space"),
        ('\u{200d}', "zero width joiner"),
        ('\u{202e}', "right-to-left override"),
        ('\u{2060}', "word joiner"),
        ('\u{2065}', "reserved, default ignorable"),
        ('\u{2069}', "pop directional isolate"),
        ('\u{2800}', "braille pattern blank"),
        ('\u{3164}', "hangul filler"),
        ('\u{e000}', "private use"),
        ('\u{fdd0}', "noncharacter"),
        ('\u{fe0f}', "variation selector-16"),
        ('\u{feff}', "zero width no-break space"),
        ('\u{ffa0}', "halfwidth hangul filler"),
        ('\u{fff9}', "interlinear annotation anchor"),
        ('\u{fffe}', "noncharacter"),
        ('\u{1bca0}', "shorthand format letter overlap"),
        ('\u{1d173}', "musical symbol begin beam"),
        ('\u{e0001}', "language tag"),
        ('\u{e0041}', "tag latin capital letter a"),
        ('\u{e01ef}', "variation selector-256"),
        ('\u{f0000}', "private use plane"),
        ('\u{10ffff}', "noncharacter"),
    ];

    #[test]
    fn every_kind_of_invisible_character_is_known() {
        for (c, name) in INVISIBLE {
            assert!(is_invisible(*c), "U+{:04X} {name}", u32::from(*c));
            assert!(!visible(&format!("a{c}b")).contains(*c), "U+{:04X} {name}", u32::from(*c));
        }
    }

    #[test]
    fn what_can_be_seen_is_kept() {
        for c in [
            'a', 'é', '\u{301}', 'Ж', 'ع', '语', '🚀', '½', '٪', '\u{a0}', '\u{2009}', '\u{3000}', '—', '•', '\t', '\n', '\r', '\u{fffd}',
            '\u{2028}',
        ] {
            assert!(!is_invisible(c), "U+{:04X}", u32::from(c));
        }
        let family = "Built a chat for families \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
        assert_eq!(visible(family), "Built a chat for families \u{1f468}\u{1f469}\u{1f467}");
        assert!(matches!(visible("Réduit le coût de 40\u{a0}%"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_text_is_one_line_and_words_stay_apart() {
        for (text, seen) in [
            ("Used Redis\r\n  for caching\n", "Used Redis for caching"),
            ("\u{feff}\n- a\tb", "- a b"),
            ("a \n b", "a b"),
            ("a\u{2028}b\u{85}c\u{b}d", "a b c d"),
            ("a\u{2800}b\u{3164}c", "a b c"),
            ("Kuber\u{ad}netes \u{202e}xe\u{202c}", "Kubernetes xe"),
            ("\u{e0049}\u{e0067}\u{e006e}ok", "ok"),
            ("\u{200b}\u{2060}", ""),
        ] {
            assert_eq!(visible(text), seen, "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_invisible_is_left_and_nothing_visible_is_lost(text in "(\\PC|\\p{C}|[ \t\n]){0,40}") {
            let seen = visible(&text);
            prop_assert!(!seen.contains(|c| is_invisible(c) || ends_line(c)), "{seen:?}");
            prop_assert_eq!(visible(&seen), seen.as_ref());
            let letters = |text: &str| text.chars().filter(|c| !is_invisible(*c) && !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&text), letters(&seen));
        }
    }
}
