//! From one reply for several bullets to what it says of each: every element is read by itself, so that a bad one spoils no other.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::reply::{Bare, NoDraft, bare, read, reason_of};
use crate::contract::rewrite::Stripped;
use crate::domain::draft::Draft;
use crate::domain::group_draft::GroupElement;

/// A reply, taken apart by the numbers that its elements claim; nothing in them is believed, or even well formed, yet.
#[derive(Debug)]
pub(in crate::service) struct GroupReply {
    elements: BTreeMap<u32, Vec<String>>,
    /// What stood around the JSON of the whole.
    pub(in crate::service) stripped: Vec<Stripped>,
}

/// What a reply says of one bullet.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::service) enum Element {
    /// The answer that the bullet would have got alone: a draft as JSON, which is still to be read and checked like any other.
    Answer(String),
    /// Something else under its number.
    Malformed {
        /// What.
        text: String,
        /// Why it is no draft.
        why: NoDraft,
    },
    /// Nothing, or several things, of which none is to be chosen here.
    Lacking(NoDraft),
}

/// The outer shape alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole<'a> {
    #[serde(borrow)]
    results: Vec<&'a RawValue>,
}

/// The number of an element, whatever else stands in it.
#[derive(Deserialize)]
struct Numbered {
    id: u32,
}

impl GroupReply {
    /// Takes a reply apart. An element without a number belongs to no bullet; the bullet that it was meant for is found to lack one.
    pub(in crate::service) fn parse(text: &str) -> Result<Self, NoDraft> {
        let Bare { object, stripped } = bare(text)?;
        // What the parser says is not quoted: nobody is asked for the whole again.
        let Whole { results } = serde_json::from_str(object).map_err(|error| NoDraft::because(reason_of(&error)))?;
        let mut elements: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for element in results.iter().map(|element| element.get()) {
            if let Ok(Numbered { id }) = serde_json::from_str(element) {
                elements.entry(id).or_default().push(element.to_owned());
            }
        }
        Ok(Self { elements, stripped })
    }

    /// What it says under this number.
    pub(in crate::service) fn of(&self, id: u32) -> Element {
        let text = match self.elements.get(&id).map(Vec::as_slice) {
            Some([text]) => text,
            Some(_) => return Element::Lacking(NoDraft::because("several results for one bullet")),
            None => return Element::Lacking(NoDraft::because("no result for this bullet")),
        };
        let written = |element| serde_json::to_string(&Draft::from(element)).map_err(|_| NoDraft::because("broken JSON"));
        match read::<GroupElement>(text).and_then(written) {
            Ok(draft) => Element::Answer(draft),
            Err(why) => Element::Malformed { text: text.clone(), why },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn element(id: &str) -> String {
        format!(r#"{{"id":{id},"variants":[{{"text":"Built {id}","with_slots":"Built {id}"}}]}}"#)
    }

    fn reply(elements: &[String]) -> GroupReply {
        GroupReply::parse(&format!(r#"{{"results":[{}]}}"#, elements.join(","))).expect("well formed")
    }

    #[test]
    fn each_bullet_gets_the_answer_that_it_would_have_got_alone_whatever_the_order() {
        let reply = reply(&[element("1"), element("0")]);
        for id in [0, 1] {
            let alone = format!(r#"{{"variants":[{{"text":"Built {id}","with_slots":"Built {id}"}}]}}"#);
            assert_eq!(reply.of(id), Element::Answer(alone));
        }
    }

    #[test]
    fn a_bad_element_spoils_no_other() {
        for bad in
            [r#"{"id":0}"#, r#"{"id":0,"variants":"x"}"#, r#"{"id":0,"variants":[],"more":1}"#, r#"{"id":0,"variants":[{"text":"x"}]}"#]
        {
            let reply = reply(&[bad.to_owned(), element("1")]);
            let Element::Malformed { text, why } = reply.of(0) else { panic!("{bad}") };
            assert_eq!((text.as_str(), why.reason), (bad, "other fields than asked for"));
            assert!(matches!(reply.of(1), Element::Answer(_)), "{bad}");
        }
    }

    #[test]
    fn what_is_missing_doubled_or_without_a_number_of_ours_is_guessed_for_nobody() {
        let texts = [r#"{"id":"0","variants":[]}"#, r#"{"id":0,"id":0,"variants":[]}"#, r#"{"variants":[]}"#, "3"]
            .map(|text| vec![text.to_owned()]);
        let missing = [vec![], vec![element("7")]];
        for others in texts.into_iter().chain(missing).chain([vec![element("0"), element("0")]]) {
            let reply = reply(&[others.as_slice(), &[element("1")]].concat());
            assert!(matches!(reply.of(0), Element::Lacking(_)), "{others:?}");
            assert!(matches!(reply.of(1), Element::Answer(_)), "{others:?}");
        }
    }

    #[test]
    fn what_is_no_list_of_results_is_refused_as_a_whole() {
        for (text, reason) in [
            ("", "no JSON object in it"),
            (r#"{"results":[{"id":0"#, "no JSON object in it"),
            (r#"{"results":[{"id":0}"#, "broken JSON"),
            (r#"{"variants":[]}"#, "other fields than asked for"),
            (r#"{"results":[],"more":1}"#, "other fields than asked for"),
        ] {
            assert_eq!(GroupReply::parse(text).expect_err(text).reason, reason, "{text}");
        }
        let fenced = format!("```json\n{{\"results\":[{}]}}\n```", element("0"));
        assert_eq!(GroupReply::parse(&fenced).expect("one object").stripped, [Stripped::Fence]);
    }

    proptest! {
        #[test]
        fn a_reply_cut_anywhere_is_refused(at in 0..100_usize) {
            let whole = format!(r#"{{"results":[{},{}]}}"#, element("0"), element("1"));
            prop_assert!(GroupReply::parse(&whole[..at.min(whole.len() - 1)]).is_err());
        }
    }
}
