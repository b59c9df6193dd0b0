//! Letters and digits that look like Latin ones and are not, so that no name or number can hide behind them.

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use unicode_normalization::UnicodeNormalization;

/// A digit of any script as the plain one.
pub(super) fn plain_digit(c: char) -> char {
    let is_digit = |c: char| CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::DecimalNumber;
    if c.is_ascii() || !c.is_numeric() || !is_digit(c) {
        return c;
    }
    // The digits of a script stand in a row from its zero on; a few rows of ten touch each other.
    let before = (1..).map_while(|value| u32::from(c).checked_sub(value).and_then(char::from_u32)).take_while(|c| is_digit(*c)).count();
    u32::try_from(before % 10).ok().and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
}

/// A mark that stands over or under the letter before it.
pub(super) const fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// A lower-case word without accents; in a word that mixes alphabets, or that is made of look-alikes alone, those as Latin letters.
pub(super) fn unmask(lower: String) -> String {
    if lower.is_ascii() {
        return lower;
    }
    let bare: String = lower.nfd().filter(|c| !is_accent(*c)).nfc().collect();
    let hides = bare.chars().all(|c| c.is_ascii() || latin(c).is_some());
    if hides { bare.chars().map(|c| latin(c).unwrap_or(c)).collect() } else { bare }
}

/// The Latin letter that a Cyrillic or Greek one looks like.
const fn latin(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'є' | 'ε' => 'e',
        'ɡ' => 'g',
        'н' | 'һ' | 'η' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' | 'ϳ' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' => 'm',
        'п' | 'ν' => 'n',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' => 'u',
        'ѵ' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' => 'y',
        'ʐ' | 'ζ' => 'z',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_disguise_reads_as_the_name() {
        for (disguised, plain) in
            [("rеdis", "redis"), ("rédis", "redis"), ("re\u{301}dis", "redis"), ("каfка", "kafka"), ("résumé", "resume")]
        {
            assert_eq!(unmask(disguised.to_owned()), plain, "{disguised}");
        }
        assert_eq!(unmask("данные".to_owned()), "данные");
        assert_eq!(plain_digit('٣'), '3');
        assert_eq!(plain_digit('Ⅷ'), 'Ⅷ');
    }

    #[test]
    fn every_digit_of_unicode_has_its_value() {
        let digits = CodePointMapData::<GeneralCategory>::new().iter_ranges_for_value(GeneralCategory::DecimalNumber);
        for row in digits {
            assert_eq!(row.clone().count() % 10, 0, "{row:x?}");
            for (at, c) in row.filter_map(char::from_u32).enumerate() {
                assert_eq!(plain_digit(c).to_digit(10), u32::try_from(at % 10).ok(), "{c}");
            }
        }
    }
}
