//! Broken flow files, each with the complaint it must earn.

use super::*;

const GOOD: &str = r#"name = "setup"
title = { ja = "はじめの設定", en = "Set-up" }

[[stage]]
id = "usage"
title = { ja = "使い始める", en = "Start" }

[[stage.step]]
id = "users"
title = { ja = "登録する", en = "Register" }
why = { ja = "みんなで使うため", en = "So that all can use it" }
minutes = 5
done = { fact = "users", at_least = 5 }

[[stage.step]]
id = "report"
title = { ja = "見る", en = "Look" }
why = { ja = "成果が見える", en = "See results" }
minutes = 3
after = ["users"]
done = { all = [{ url = "/reports*" }, { step = "users" }] }
"#;

/// Checks `GOOD` with one change and returns `(tag, line)` of every problem.
fn complaints(from: &str, to: &str) -> Vec<(&'static str, usize)> {
    assert!(GOOD.contains(from), "{from}");
    let text = GOOD.replacen(from, to, 1);
    let problems = match read(&text) {
        Ok(checked) => checked.warnings,
        Err(problems) => problems,
    };
    problems.iter().map(|problem| (problem.tag, position(&text, problem.span.start).0)).collect()
}

#[test]
fn a_good_file_has_no_complaints() {
    let checked = read(GOOD).unwrap();
    assert_eq!(checked.warnings, []);
    assert_eq!(checked.flow.steps().count(), 2);
}

#[test]
fn every_mistake_is_named_with_its_line() {
    for (from, to, expected) in [
        ("minutes = 5", "minuets = 5", ("unknown-field", 12)),
        ("minutes = 5\n", "", ("missing-field", 8)),
        ("minutes = 5", "minutes = 90", ("bad-minutes", 12)),
        ("minutes = 5", "minutes = = 5", ("bad-toml", 12)),
        ("\"report\"", "\"users\"", ("duplicate-step", 16)),
        ("id = \"usage\"", "id = \"Usage!\"", ("bad-id", 5)),
        ("after = [\"users\"]", "after = [\"nobody\"]", ("unknown-step", 20)),
        ("{ url = \"/reports*\" }", "{ url = \"reports\" }", ("bad-url", 21)),
        ("{ url = \"/reports*\" }", "{ url = \"/reports?tab=1\" }", ("bad-url", 21)),
        ("{ url = \"/reports*\" }", "{ url = \"/reports \" }", ("bad-url", 21)),
        ("at_least = 5", "at_most = 5", ("unknown-field", 13)),
        ("at_least = 5", "at_least = inf", ("bad-bound", 13)),
        (
            "done = { fact = \"users\", at_least = 5 }",
            &format!("done{} = true", ".not".repeat(40)),
            ("too-deep", 13),
        ),
        ("fact = \"users\", at_least", "event = \"users\", at_least", ("bad-condition", 13)),
        ("done = { fact = \"users\", at_least = 5 }", "done = { step = \"report\" }", ("circle", 8)),
        ("{ url = \"/reports*\" }", "{ element = \"div[[\", state = \"visible\" }", ("bad-selector", 21)),
        ("after =", "link = \"javascript:alert(1)\"\nafter =", ("bad-link", 20)),
        (", en = \"Look\"", "", ("untranslated", 17)),
        ("ja = \"見る\", ", "", ("no-text", 17)),
        ("name = \"setup\"", "name = \"setup\"\nversion = 3", ("own-version", 2)),
    ] {
        let found = complaints(from, to);
        assert!(found.contains(&expected), "{to}: expected {expected:?}, found {found:?}");
    }
}

#[test]
fn mistakes_of_grammar_come_in_one_run_in_plain_words_and_with_the_nearest_word() {
    let text = GOOD
        .replacen("minutes = 5", "minuets = \"five\"", 1)
        .replacen("at_least = 5", "at_laest = 5", 1)
        .replacen("minutes = 3", "minutes = \"three\"", 1)
        .replacen("title = { ja = \"見る\", en = \"Look\" }", "title = \"Look\"\nneed = \"must-hav\"", 1)
        .replacen("after = [\"users\"]", "after = \"users\"", 1)
        .replacen("[[stage.step]]\nid = \"report\"", "[[stage.step.guide]]\ntarget = { hook = \"a\" }\ntext = { ja = \"押す\" }\nwait = \"inptu\"\nat_least = -1\n\n[[stage.step]]\nid = \"report\"", 1);
    let problems = read(&text).unwrap_err();
    let told: Vec<String> = problems.iter().map(|one| format!("{} / {}", one.message, one.help)).collect();
    for expected in [
        "there is no field minuets / did you mean minutes?",
        "there is no field at_laest / did you mean at_least?",
        "wait is one of \"click\", \"input\"",
        "/ did you mean input?",
        "minutes is a whole number / write a whole number",
        "title is a text for each language",
        "/ did you mean must-have?",
        "after is a list in [ ]",
    ] {
        assert!(told.iter().any(|one| one.contains(expected)), "{expected}: {told:#?}");
    }
    assert!(!told.iter().any(|one| one.contains("u32") || one.contains("minutes is missing")), "{told:#?}");
}

#[test]
fn a_flow_in_one_language_is_not_asked_for_another() {
    let japanese = GOOD.replace(", en = \"Set-up\"", "").replace(", en = \"Start\"", "");
    let tags = |text: &str| match read(text) {
        Ok(checked) => checked.warnings.into_iter().map(|problem| problem.tag).collect::<Vec<_>>(),
        Err(problems) => problems.into_iter().map(|problem| problem.tag).collect(),
    };
    assert_eq!(tags(&japanese), ["untranslated", "untranslated"]);
    let with = |line: &str| japanese.replacen("name = \"setup\"", &format!("name = \"setup\"\n{line}"), 1);
    assert_eq!(tags(&with("locales = [\"ja\"]")), Vec::<&str>::new());
    assert!(tags(&with("locales = [\"en\"]")).contains(&"bad-locale"));
}

#[test]
fn a_complaint_shows_the_place_and_the_way_out() {
    let text = GOOD.replacen("minutes = 5", "minutes = 90", 1);
    let problems = read(&text).unwrap_err();
    let shown = Shown { file: "flow.toml", text: &text, problem: &problems[0] }.to_string();
    assert_eq!(
        shown,
        "error[bad-minutes]: 90 minutes\n  --> flow.toml:12:11\n12 | minutes = 90\n   |           ^^\n   = give 1 to 60 minutes; split a step that takes longer\n"
    );
}

#[test]
fn a_stop_that_could_never_end_or_be_found_is_refused() {
    let stop = |stop: &str| {
        let text = r#"text = { ja = "押す", en = "Press" }"#;
        complaints(
            "[[stage.step]]\nid = \"report\"",
            &format!("[[stage.step.guide]]\n{stop}\n{text}\n\n[[stage.step]]\nid = \"report\""),
        )
    };
    for (given, expected) in [
        (r#"target = { hook = "new-user" }"#, None),
        (r#"target = { role = "button", name = { ja = "登録", en = "Register" } }"#, None),
        (r#"target = { css = "form > button" }"#, Some("frail-target")),
        (r#"target = { hook = "a", css = "div[[" }"#, Some("bad-selector")),
        (r#"target = { role = "button" }"#, Some("no-target")),
        (r#"target = { hook = " " }"#, Some("no-target")),
        ("target = { hook = \"a\" }\nwait = \"value\"", Some("bad-wait")),
        ("target = { hook = \"a\" }\nwait = \"fact\"\nfact = \"users\"", None),
        ("target = { hook = \"a\" }\nto = \"/deals\"", Some("bad-wait")),
        ("target = { hook = \"a\" }\npage = \"deals\"", Some("bad-url")),
        ("target = { hook = \"a\" }\npage = \"/deals?tab=1#new\"", Some("bad-url")),
        ("target = { hook = \"a\" }\npage = \"/#/deals?tab=1\"", None),
        ("target = { hook = \"a\" }\nwait = \"later\"", Some("bad-value")),
        ("target = { hook = \"a\" }\nrepeat_from = 1", None),
        ("target = { hook = \"a\" }\nrepeat_from = 1\nfact = \"users\"\nat_least = 2", None),
        ("target = { hook = \"a\" }\nrepeat_from = 2", Some("bad-repeat")),
        ("target = { hook = \"a\" }\nrepeat_from = 0", Some("bad-repeat")),
        ("target = { hook = \"a\" }\nrepeat_from = 1\nwait = \"input\"", Some("bad-repeat")),
    ] {
        let tags: Vec<&str> = stop(given).into_iter().map(|(tag, _)| tag).collect();
        assert_eq!(tags, expected.into_iter().collect::<Vec<_>>(), "{given}");
    }
}

/// `GOOD` whose first step is done inside the widget and is put in other words for a concern, with a
/// question at the stage's end.
fn asking(from: &str, to: &str) -> Vec<&'static str> {
    let more = r#"
[stage.step.here]
action = "users.create"
text = { ja = "貼り付けます", en = "Paste them" }
column = [{ id = "name", label = { ja = "名前", en = "Name" } }, { id = "mail", kind = "email", optional = true, label = { ja = "宛先", en = "Mail" } }]

[[stage.step.when]]
concern = ["難し"]
why = { ja = "三つだけです", en = "Only three things" }

[[stage.ask]]
id = "recommend"
scale = "nps"
"#;
    let text = format!("{GOOD}{more}");
    assert!(text.contains(from), "{from}");
    match read(&text.replacen(from, to, 1)) {
        Ok(checked) => checked.warnings.iter().map(|problem| problem.tag).collect(),
        Err(problems) => problems.iter().map(|problem| problem.tag).collect(),
    }
}

#[test]
fn what_a_flow_asks_is_checked_too() {
    assert_eq!(asking("name", "name"), Vec::<&str>::new());
    for (from, to, expected) in [
        ("users.create", "users create", "bad-action"),
        ("id = \"mail\"", "id = \"name\"", "duplicate-column"),
        ("{ id = \"name\", label", "{ id = \"name\", optional = true, label", "nothing-required"),
        ("[\"難し\"]", "[\" \"]", "no-concern"),
        ("why = { ja = \"三つだけです\", en = \"Only three things\" }", "", "no-difference"),
        ("id = \"recommend\"", "id = \"mood-usage\"", "reserved-question"),
        ("scale = \"nps\"", "scale = \"stars\"", "bad-value"),
    ] {
        assert_eq!(asking(from, to), [expected], "{from} -> {to}");
    }
}

#[test]
fn films_and_captions_are_looked_for_beside_the_flow() {
    let shelf = "[[clip]]\nid = \"first\"\ntitle = { ja = \"はじめ\", en = \"First\" }\n\n[[stage]]";
    let text = GOOD.replacen("[[stage]]", shelf, 1);
    let flow = read(&text).expect("a good flow").flow;
    let found = |files: &[&str]| {
        let files = files.iter().map(|file| (*file).to_owned()).collect();
        super::shelf(&text, &flow, &files).into_iter().map(|problem| problem.tag).collect::<Vec<_>>()
    };
    assert_eq!(found(&["first.mp4", "first.ja.vtt", "first.en.vtt"]), Vec::<&str>::new());
    assert_eq!(found(&["first.mp4", "first.ja.vtt"]), ["no-captions"]);
    assert_eq!(found(&["first.ja.vtt", "other.mp4"]), ["no-film", "stray-film"]);
}

/// A flow of so many steps, each with this beside its condition.
fn of_steps(count: usize, more: impl Fn(usize) -> String) -> String {
    let head = &GOOD[..GOOD.find("[[stage.step]]").unwrap()];
    let step = |n: usize| {
        format!(
            "[[stage.step]]\nid = \"s{n}\"\ntitle = {{ ja = \"題\", en = \"t\" }}\nwhy = {{ ja = \"理\", en = \"w\" }}\nminutes = 1\ndone = {{ fact = \"f\" }}\n{}\n",
            more(n)
        )
    };
    head.to_owned() + &(0..count).map(step).collect::<String>()
}

fn tags(text: &str) -> Vec<&'static str> {
    read(text).err().into_iter().flatten().map(|problem| problem.tag).collect()
}

/// S1: a reading is bounded by the text's length, whatever the text is made of.
#[test]
fn s1_of_a_file_with_very_many_mistakes_the_first_are_shown_and_of_one_that_is_too_long_nothing_is_read() {
    let long = format!("{GOOD}\n# {}", "x".repeat(MAX_BYTES));
    assert_eq!(tags(&long), ["too-large"]);
    for (mistakes, expected) in [
        (of_steps(500, |n| format!("after = [\"nobody-{n}\", \"nobody-either-{n}\"]")), "unknown-step"),
        (
            GOOD.to_owned() + &(0..5_000).map(|n| format!("titl{n} = 1\n")).collect::<String>(),
            "unknown-field",
        ),
        (of_steps(500, |n| format!("after = [\"s{}\"]", (n + 1) % 500)), "circle"),
    ] {
        let problems = read(&mistakes).unwrap_err();
        assert_eq!(problems.len(), MAX_PROBLEMS, "{expected}");
        assert!(problems.iter().all(|problem| problem.tag == expected), "{:?}", problems[0]);
        let said: usize = problems.iter().map(|problem| problem.message.len() + problem.help.len()).sum();
        assert!(said < MAX_BYTES, "{said} bytes of {expected}");
    }
    let locales = (0..40).map(|n| format!("\"l{n}\"")).collect::<Vec<_>>().join(", ");
    assert_eq!(tags(&format!("locales = [{locales}]\n{GOOD}")), ["too-many-locales"]);
}

#[test]
fn only_those_on_a_circle_wait_for_themselves() {
    // 0 waits for 1, which waits for itself by way of 2; 3 waits for them all and for 4; 4 and 5 wait for each other.
    let after = [vec![1], vec![2], vec![1], vec![0, 1, 2, 4], vec![5], vec![4], vec![6], vec![]];
    let list = |n: usize| after[n].iter().map(|k| format!("\"s{k}\"")).collect::<Vec<_>>().join(", ");
    let text = of_steps(after.len(), |n| format!("after = [{}]", list(n)));
    let said: Vec<String> = read(&text).unwrap_err().into_iter().map(|problem| problem.message).collect();
    let expected = [1, 2, 4, 5, 6].map(|n| format!("the step s{n} waits for itself"));
    assert_eq!(said, expected);
}
