//! Words brought to a plain form and to a stem, roughly: enough to see that `partitioning` and `Partitioned` are the same word.

/// Forms that no rule of endings reaches, with the word they are forms of.
const IRREGULAR: &[(&str, &str)] = &[
    ("began", "begin"),
    ("brought", "bring"),
    ("built", "build"),
    ("chose", "choose"),
    ("did", "do"),
    ("done", "do"),
    ("drove", "drive"),
    ("found", "find"),
    ("gave", "give"),
    ("given", "give"),
    ("got", "get"),
    ("grew", "grow"),
    ("grown", "grow"),
    ("held", "hold"),
    ("kept", "keep"),
    ("led", "lead"),
    ("made", "make"),
    ("maintenance", "maintain"),
    ("met", "meet"),
    ("oversaw", "oversee"),
    ("ran", "run"),
    ("rebuilt", "rebuild"),
    ("rewritten", "rewrite"),
    ("rewrote", "rewrite"),
    ("sent", "send"),
    ("sped", "speed"),
    ("taught", "teach"),
    ("taken", "take"),
    ("took", "take"),
    ("troubleshot", "troubleshoot"),
    ("went", "go"),
    ("written", "write"),
    ("used", "use"),
    ("wrote", "write"),
];

/// Endings of forms; the first that fits is taken off.
const INFLECTIONS: &[&str] = &["ies", "ings", "ing", "ed", "es", "s"];

/// Endings of derivations; the first that fits is taken off after the form.
const DERIVATIONS: &[&str] = &["ation", "ate", "at", "ment", "ion", "er", "ly", "y", "e"];

const NUMBERS: &[(&str, &str)] = &[
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("eleven", "11"),
    ("twelve", "12"),
];

/// A token in lower case, without a plural `s`, and with digits for a number word.
pub(super) fn plain(token: &str) -> String {
    let lower = token.to_lowercase();
    if let Some((_, digits)) = NUMBERS.iter().find(|(word, _)| *word == lower) {
        return (*digits).to_owned();
    }
    match lower.strip_suffix('s') {
        Some(singular) if singular.chars().count() >= 3 && singular.chars().all(char::is_alphabetic) && !singular.ends_with('s') => {
            singular.to_owned()
        }
        _ => lower,
    }
}

/// Whether a word is a listed form of an irregular verb.
pub(super) fn is_irregular(word: &str) -> bool {
    IRREGULAR.iter().any(|(form, _)| *form == word)
}

/// The stem of a word: its base form without an inflection, a derivation and a doubled last consonant, with `s` for `z`.
pub(super) fn stem(word: &str) -> String {
    let lower = word.to_lowercase();
    let base = IRREGULAR.iter().find(|(form, _)| *form == lower).map_or(lower.as_str(), |(_, base)| *base);
    let mut stem = base.replace('z', "s");
    for endings in [INFLECTIONS, DERIVATIONS] {
        let rest = endings.iter().filter_map(|ending| stem.strip_suffix(ending)).find(|rest| rest.chars().count() >= 3).map(str::to_owned);
        stem = rest.unwrap_or(stem);
    }
    let mut back = stem.chars().rev();
    if back.next().is_some_and(|last| back.next() == Some(last) && !"aeiou".contains(last)) {
        stem.pop();
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_word_have_one_stem() {
        for forms in [
            &["partition", "partitioning", "Partitioned", "partitions"][..],
            &["write", "wrote", "written", "writing"],
            &["set", "setting"],
            &["integrate", "integrated", "integration", "integrations"],
            &["optimise", "optimized", "optimization"],
            &["develop", "development", "developed"],
            &["maintain", "maintained", "maintenance"],
            &["query", "queries", "querying"],
            &["process", "processes", "processing"],
            &["regular", "regularly"],
        ] {
            for form in forms {
                assert_eq!(stem(form), stem(forms[0]), "{form}");
            }
        }
    }

    #[test]
    fn other_words_have_other_stems() {
        for (one, other) in
            [("control", "contribute"), ("improve", "import"), ("report", "support"), ("container", "content"), ("user", "use")]
        {
            assert_ne!(stem(one), stem(other), "{one} {other}");
        }
    }

    #[test]
    fn a_number_word_is_its_digits_and_a_plural_is_its_singular() {
        for (token, expected) in
            [("Three", "3"), ("APIs", "api"), ("process", "process"), ("JS", "js"), ("30ms", "30ms"), ("class", "class")]
        {
            assert_eq!(plain(token), expected);
        }
    }
}
