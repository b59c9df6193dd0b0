//! A resume comes back as it was sent, with stronger bullets in it.

use crate::harness::Binary;

const RESUME: &str = r#"{
  "basics": { "name": "A. Writer", "x-unknown": [1.0, 2e3] },
  "work": [ { "name": "Z", "highlights": ["Responsible for adding caching to the API.", "Led 4 engineers"], "x-more": {"kept": true} } ]
}
"#;

#[test]
fn a_json_resume_is_rewritten_in_its_place() {
    let binary = Binary::new();
    let file = binary.file("resume.json", RESUME);
    let out = binary.file("out.json", "");
    let ended = binary.run(&["rewrite", "--engine", "rules", "--file", &file, "--out", &out, "--format", "json"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let results = ended.json()["results"].clone();
    let written = std::fs::read_to_string(&out).expect("written");
    let mut expected = RESUME.to_owned();
    for result in results.as_array().expect("results") {
        let (bullet, text) = (result["bullet"].as_str().expect("a bullet"), result["variants"][0]["text"].as_str().expect("a text"));
        expected = expected.replace(bullet, text);
    }
    assert_ne!(written, RESUME);
    assert_eq!(written, expected, "all but the bullets is as it was");
}

#[test]
fn a_markdown_list_keeps_its_marks_and_out_needs_a_document() {
    let binary = Binary::new();
    let file = binary.file("bullets.md", "# Work\n\n- Responsible for adding caching to the API.\n");
    let out = binary.file("out.md", "");
    let ended = binary.run(&["rewrite", "--engine", "rules", "--file", &file, "--out", &out]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let written = std::fs::read_to_string(&out).expect("written");
    assert!(written.starts_with("# Work\n\n- ") && !written.contains("Responsible for") && written.ends_with('\n'), "{written}");
    assert_eq!(binary.run(&["rewrite", "Added caching.", "--out", &out]).code, Some(1));
}

#[test]
fn json_that_is_no_resume_is_told() {
    let binary = Binary::new();
    let file = binary.file("other.json", "{\"work\": []}");
    let ended = binary.run(&["rewrite", "--file", &file]);
    assert!(ended.code == Some(1) && ended.err.contains("highlights"), "{ended:?}");
}
