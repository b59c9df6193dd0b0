//! Is a word of a bullet only a misspelling of a word of its rewrite? `writting` and `writing` are one word.

/// The fewest letters of a word that may be misspelled: in short words one letter makes another word.
const FEWEST: usize = 6;

/// Whether one letter was left out, added, exchanged or swapped with its neighbour; the first letter is always right.
pub(super) fn is_misspelled(bullet: &str, rewrite: &str) -> bool {
    let plain = |word: &str| word.len() >= FEWEST && word.bytes().all(|byte| byte.is_ascii_lowercase());
    if bullet == rewrite || !plain(bullet) || !plain(rewrite) || bullet.len().abs_diff(rewrite.len()) > 1 {
        return false;
    }
    let same_head = bullet.bytes().zip(rewrite.bytes()).take_while(|(one, other)| one == other).count();
    let tail = |word: &str, skipped: usize| word.get(same_head + skipped..).map(str::to_owned);
    if same_head == 0 {
        return false;
    }
    let swapped = || {
        let (one, other) = (bullet.as_bytes(), rewrite.as_bytes());
        one.get(same_head) == other.get(same_head + 1)
            && one.get(same_head + 1) == other.get(same_head)
            && tail(bullet, 2) == tail(rewrite, 2)
    };
    match bullet.len().cmp(&rewrite.len()) {
        std::cmp::Ordering::Greater => tail(bullet, 1) == tail(rewrite, 0),
        std::cmp::Ordering::Less => tail(bullet, 0) == tail(rewrite, 1),
        std::cmp::Ordering::Equal => swapped(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_misspelled;

    #[test]
    fn one_wrong_letter_is_a_misspelling_and_another_word_is_not() {
        for (bullet, rewrite) in [("writting", "writing"), ("comparision", "comparison"), ("recieved", "received")] {
            assert!(is_misspelled(bullet, rewrite), "{bullet}");
        }
        for (bullet, rewrite) in
            [("tested", "rested"), ("stored", "stores"), ("posting", "hosting"), ("form", "from"), ("unlocked", "locked")]
        {
            assert!(!is_misspelled(bullet, rewrite), "{bullet}");
        }
    }
}
