//! `fill`: from the JSON of a rewrite to a text, by flags or by talk.

use serde_json::json;

use crate::harness::{Binary, PROMPT, WEAK};

const BULLET: &str = WEAK[3].0;
const FULL: &str = "Implemented caching with Redis to improve API performance, cutting latency from 4 h to 20 min";

/// The rewrite of these bullets, as a file.
fn rewritten(binary: &Binary, bullets: &[&str]) -> String {
    let ended = binary.run(&[&["rewrite", "--prompt", PROMPT, "--engine", "rules", "--format", "json"], bullets].concat());
    assert_eq!(ended.code, Some(0), "{ended:?}");
    binary.file("rewrite.json", &ended.out)
}

#[test]
fn answers_by_flag_go_into_the_text_and_the_text_alone_to_stdout() {
    let binary = Binary::new();
    let file = rewritten(&binary, &[BULLET]);
    let ended = binary.run(&["fill", "--from", &file, "--answer", "s1=redis", "--answer", "s2=4 h", "--answer", "s3=20 min"]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(0), format!("{FULL}\n").as_str()), "{ended:?}");
    assert!(ended.err.contains("--accept change1-factor"), "{ended:?}");
    let accepted = ["--answer", "s1=redis", "--answer", "s2=4 h", "--answer", "s3=20 min", "--accept", "change1-factor"];
    let ended = binary.run(&[&["fill", "--from", &file][..], &accepted].concat());
    assert_eq!((ended.out, ended.err.as_str()), (format!("{FULL} (12x as fast)\n"), ""));
    let piped = std::fs::read_to_string(&file).expect("written");
    let ended = binary.feed(&["fill", "--answer", "s1=redis", "--format", "json"], &piped);
    assert_eq!(ended.json()["text"], "Implemented caching with Redis to improve API performance", "{ended:?}");
}

#[test]
fn without_answers_the_questions_are_asked_and_a_bad_line_is_asked_for_again() {
    let binary = Binary::new();
    let file = rewritten(&binary, &[BULLET]);
    let ended = binary.feed(&["fill", "--from", &file], "Redis\nfast\n4 h\n20 min\nn\ny\n");
    assert_eq!((ended.code, ended.out), (Some(0), format!("{FULL} (12x as fast)\n")));
    for told in ["s1 Which cache did you use?", "\"fast\" holds no number", "Add \"92% less\"? 4 h : 20 min = 12 : 1"] {
        assert!(ended.err.contains(told), "{}", ended.err);
    }
    let quiet = binary.feed(&["fill", "--from", &file], "\nskip\n\n");
    assert_eq!((quiet.code, quiet.out.as_str()), (Some(0), "Implemented caching to improve API performance\n"));
    assert!(quiet.err.contains("open      Implemented caching with [cache tool]"), "{}", quiet.err);
    assert_eq!(binary.run(&["fill", "--from", &file]).out, quiet.out, "nobody answers");
    let stubborn = binary.feed(&["fill", "--from", &file], "40\n41\n42\n4 h\n20 min\n");
    assert_eq!(stubborn.out, "Implemented caching to improve API performance, cutting latency from 4 h to 20 min\n", "{}", stubborn.err);
}

#[test]
fn flags_can_stand_for_the_file() {
    let slots = json!([{"id": "s1", "label": "saving", "kind": "percent", "units": ["%"], "question": "By how much?"}]).to_string();
    let flags = ["--bullet", "Reduced costs", "--with-slots", "Reduced costs by [saving]", "--slots", &slots];
    let binary = Binary::new();
    let ended = binary.run(&[&["fill"], &flags[..], &["--answer", "s1=30"]].concat());
    assert_eq!((ended.code, ended.out.as_str()), (Some(0), "Reduced costs by 30%\n"), "{ended:?}");
    let ended = binary.feed(&[&["fill"], &flags[..]].concat(), "30\n");
    assert_eq!((ended.code, ended.out.as_str()), (Some(0), "Reduced costs by 30%\n"), "{ended:?}");
}

#[test]
fn what_cannot_be_filled_is_the_inputs_fault() {
    let binary = Binary::new();
    let file = rewritten(&binary, &[BULLET, WEAK[1].0]);
    let broken = binary.file("broken.json", "{\"results\": 1}");
    for (args, told) in [
        (&["fill", "--from", &file, "--answer", "s1=x"][..], "--result 1 to 2"),
        (&["fill", "--from", &file, "--result", "3", "--answer", "s1=x"], "holds 2 bullets"),
        (&["fill", "--from", &file, "--result", "1", "--variant", "2", "--answer", "s1=x"], "has 1 versions"),
        (&["fill", "--from", &file, "--result", "1", "--answer", "s1=40 ms"], "/answers/s1"),
        (&["fill", "--from", &file, "--result", "1", "--answer", "Redis"], "ID=ANSWER"),
        (&["fill", "--from", &file, "--result", "1", "--answer", "s1=a", "--answer", "s1=b"], "given twice"),
        (&["fill", "--from", &broken, "--answer", "s1=x"], "not the JSON of a rewrite"),
        (&["fill", "--from", "nowhere.json", "--answer", "s1=x"], "could not read nowhere.json"),
        (&["fill", "--bullet", "x"], "--with-slots"),
    ] {
        let ended = binary.run(args);
        assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""), "{args:?}: {ended:?}");
        assert!(ended.err.contains(told), "{args:?}: {ended:?}");
    }
    let second = binary.run(&["fill", "--from", &file, "--result", "2", "--answer", "s1=flask"]);
    assert!(second.out.contains("using Flask"), "{second:?}");
}

#[test]
fn a_service_fills_the_same_way() {
    let binary = Binary::new();
    let file = rewritten(&binary, &[BULLET]);
    let serving = binary.serve(&[]);
    let args = ["fill", "--from", &file, "--answer", "s1=redis", "--answer", "s2=4 h", "--answer", "s3=20 min", "--format", "json"];
    let (here, there) = (binary.run(&args), binary.run(&[&args[..], &["--server", &serving.url]].concat()));
    assert_eq!((here.code, here.out), (there.code, there.out));
    let talked = binary.feed(&["fill", "--from", &file, "--server", &serving.url], "Redis\nfast\n4 h\n20 min\n");
    assert_eq!((talked.code, talked.out), (Some(0), format!("{FULL}\n")));
}
