//! A guide is data: a second one is a file, and a broken one is told with every fault.

use serde_json::json;

use crate::harness::{Binary, PROMPT};

const BUILT_IN: &str = include_str!("../../../guides/backend-developer.toml");

/// The guide that is baked in, under another id.
fn second() -> String {
    BUILT_IN.replacen("id = \"backend-developer\"", "id = \"platform-developer\"", 1)
}

#[test]
fn the_guide_is_listed_shown_and_found_sound() {
    let binary = Binary::new();
    let list = binary.run(&["guide", "list", "--format", "json"]).json();
    assert_eq!((&list["guides"][0]["id"], list["guides"][0]["skills"].as_array().map(Vec::len)), (&json!("backend-developer"), Some(15)));
    assert!(binary.run(&["guide", "list"]).out.contains("caching"));
    let whole = binary.run(&["guide", "show", "--format", "json"]).json();
    assert_eq!(whole["skills"].as_array().map(Vec::len), Some(15));
    let skill = binary.run(&["guide", "show", "--skill", "caching", "--format", "json"]).json();
    assert_eq!(skill["id"], "caching");
    assert_eq!(binary.run(&["guide", "show", "--skill", "juggling"]).code, Some(1));
    let file = binary.file("good.toml", BUILT_IN);
    let ended = binary.run(&["guide", "lint", &file]);
    assert_eq!((ended.code, ended.out.starts_with("ok ")), (Some(0), true), "{ended:?}");
}

#[test]
fn a_broken_guide_is_told_with_its_file_and_key() {
    let binary = Binary::new();
    let file = binary.file("broken.toml", &second().replacen("tier = \"must-have\"", "tier = \"vital\"", 1));
    let good = binary.file("good.toml", BUILT_IN);
    let ended = binary.run(&["guide", "lint", &file, &good]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.err.contains("broken.toml") && ended.err.contains("tier"), "{ended:?}");
    assert!(ended.out.starts_with("ok ") && ended.out.contains("good.toml"), "the sound one is still read: {ended:?}");
    assert_eq!(binary.run(&["guide", "lint", "nowhere.toml"]).code, Some(1));
}

#[test]
fn a_second_guide_in_a_folder_is_served_without_a_change_of_code() {
    let binary = Binary::new().with("BULLETSMITH__GUIDES__DIR", "guides");
    binary.file("guides/platform.toml", &second());
    let list = binary.run(&["guide", "list", "--format", "json"]).json();
    let ids: Vec<_> = list["guides"].as_array().expect("guides").iter().map(|guide| guide["id"].clone()).collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    let bullet = "Added caching to improve API performance.";
    let order = ["rewrite", "--prompt", PROMPT, "--engine", "rules", "--format", "json", bullet];
    let other = binary.run(&[&order[..], &["--guide", "platform-developer"]].concat());
    assert_eq!((other.code, &other.json()["results"][0]["skill"]["id"]), (Some(0), &json!("caching")), "{other:?}");
    assert_eq!(binary.run(&order).json()["results"], other.json()["results"], "the same guide writes the same");
    assert_eq!(binary.run(&["guide", "show"]).code, Some(1), "with two guides one must be named");
}

#[test]
fn a_broken_guide_in_the_folder_stops_the_start() {
    let binary = Binary::new().with("BULLETSMITH__GUIDES__DIR", "guides");
    binary.file("guides/broken.toml", &second().replacen("tier = \"must-have\"", "tier = \"vital\"", 1));
    for args in [&["serve"][..], &["match", "x"], &["config", "check"]] {
        let ended = binary.run(args);
        assert_eq!(ended.code, Some(1), "{args:?}: {ended:?}");
        assert!(ended.err.contains("broken.toml") && ended.err.contains("tier"), "{args:?}: {ended:?}");
    }
    let binary = Binary::new().with("BULLETSMITH__GUIDES__DIR", "guides");
    binary.file("guides/copy.toml", BUILT_IN);
    let ended = binary.run(&["config", "check"]);
    assert!(ended.code == Some(1) && ended.err.contains("backend-developer"), "{ended:?}");
}
