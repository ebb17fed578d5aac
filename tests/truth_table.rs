//! The truth table of preflight itself: complete, without a dead line, and changed only on purpose.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "support/truth_table/mod.rs"]
mod truth_table;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use orgwarden::access::errors::{Cause, Confidence};
use orgwarden::inventory::flow::Flow;
use truth_table::{Approval, Assigned, Combination, Outcome, Permitted, Refresh, Switch, Table, User, folder, tables};

#[test]
fn each_flow_has_a_file_and_no_file_is_left_over() {
    let names = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let files: BTreeSet<String> = names.filter(|name| name != "README.md").collect();
    let flows: BTreeSet<String> = Flow::ALL.iter().map(|flow| format!("{flow}.txt")).collect();
    assert_eq!(files, flows);
    assert_eq!(tables().len(), 15);
}

#[test]
fn each_combination_has_one_expectation() {
    for table in tables() {
        let flow = table.flow;
        let combinations: BTreeSet<String> = table.combinations().iter().map(ToString::to_string).collect();
        let switches = if combinations.iter().any(|text| text.ends_with("switch=off")) { 2 } else { 1 };
        assert_eq!(combinations.len(), 2 * 2 * 6 * 3 * 2 * switches, "{flow}");
        assert_eq!(table.combinations().len(), combinations.len(), "{flow}");
        for (combination, expected) in table.rows() {
            let refused = expected.outcome == Outcome::Refuse;
            assert_eq!(!expected.causes.is_empty(), refused, "{combination}");
            assert_eq!(expected.confidence.is_some(), refused, "{combination}");
            assert_eq!(!expected.undecided.is_empty(), expected.outcome == Outcome::CannotTell, "{combination}");
            assert!(expected.causes.is_sorted_by(|a, b| a < b), "{combination}: {:?}", expected.causes);
        }
    }
}

#[test]
fn nothing_in_a_file_is_dead() {
    let mut dead = Vec::new();
    for table in tables() {
        let expected = |table: &Table| -> Vec<_> { table.combinations().iter().map(|row| table.expected(*row)).collect() };
        let whole = expected(&table);
        let idle = table.with_less().into_iter().filter(|(_, less)| expected(less) == whole);
        dead.extend(idle.map(|(gone, _)| format!("{}.txt:{gone} changes nothing", table.flow)));
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn outcomes_change_only_on_purpose() {
    let mut counts = format!("{:<20}{:>6}{:>8}{:>13}\n", "", "issue", "refuse", "cannot-tell");
    for table in tables() {
        let rows = table.rows();
        let count = |outcome| rows.iter().filter(|(_, expected)| expected.outcome == outcome).count();
        let [issue, refuse, cannot_tell] = [Outcome::Issue, Outcome::Refuse, Outcome::CannotTell].map(count);
        writeln!(counts, "{:<20}{issue:>6}{refuse:>8}{cannot_tell:>13}", table.flow).unwrap();
    }
    insta::assert_snapshot!(counts, @r"
                         issue  refuse  cannot-tell
    web-server              36     104            4
    user-agent              36     248            4
    jwt-bearer              12     274            2
    saml-bearer             12     274            2
    saml-assertion           0      96           48
    refresh-token            9     124           11
    device                  36     248            4
    username-password       36     248            4
    client-credentials      36     248            4
    token-exchange          12     260           16
    code-credentials        18     260           10
    hybrid-web-server       18     124            2
    hybrid-user-agent       18     268            2
    hybrid-refresh           9     124           11
    asset-token             36     240           12
    ");
}

/// The case that started the project: a SAML bearer request for a user who has not approved the app, which lets all users self-authorize.
#[test]
fn the_first_case_is_in_the_table() {
    let table = tables().into_iter().find(|table| table.flow == Flow::SamlBearer).unwrap();
    let first = Combination {
        flow: Flow::SamlBearer,
        refresh: Refresh::Yes,
        permitted: Permitted::SelfAuthorize,
        assigned: Assigned::Set,
        user: User::Active,
        approval: Approval::No,
        switch: Switch::On,
    };
    let expected = table.expected(first).unwrap();
    assert_eq!((expected.outcome, expected.causes), (Outcome::Refuse, vec![Cause::NotApproved]));
    let answer = expected.answer.unwrap();
    assert_eq!(
        (&answer.errors[..], answer.description.as_str()),
        (&["invalid_grant".to_owned()][..], "user hasn't approved this consumer")
    );
    assert_eq!(expected.confidence, Some(Confidence::High));
    let approved = table.expected(Combination { permitted: Permitted::Admin, ..first }).unwrap();
    assert_eq!(approved.outcome, Outcome::Issue);
}

#[test]
fn mistakes_are_told_with_their_line() {
    let cases = [
        ("# nothing", "1: the file is empty"),
        ("causes:", "1: the file must begin with `switch: …`; `switch: none` if the flow has none"),
        ("switch: none\nuser-frozen: when always", "2: this stands in no section; they are causes: undecided: answers:"),
        ("switch: none\nanswers:\ncauses:", "3: the sections are causes: undecided: answers:, in this order, each once"),
        ("switch: none\ncauses:\ncauses:", "3: the sections are causes: undecided: answers:, in this order, each once"),
        ("switch: none\ncause:", "2: this stands in no section; they are causes: undecided: answers:"),
        ("switch: none\ncauses:\nundecidd:", "3: a line here is `word: when column=value …`"),
        ("switch: none\n\n# more\ncauses:\n  user-frozen", "5: a line here is `word: when column=value …`"),
        ("switch: none\ncauses:\nfrozen: when always", "3: `frozen` is no cause; src/access/errors/cause.rs names them"),
        ("switch: none\ncauses:\nuser-frozen: when #", "3: a line here is `word: when column=value …`"),
        ("switch: none\ncauses:\nuser-frozen: when frozen", "3: `frozen` is not `column=value`"),
        (
            "switch: none\ncauses:\nuser-frozen: when usr=frozen",
            "3: `usr` is no column of this file; they are refresh, permitted, assigned, user, approval",
        ),
        (
            "switch: none\ncauses:\nflow-switched-off: when switch=off",
            "3: `switch` is no column of this file; they are refresh, permitted, assigned, user, approval",
        ),
        (
            "switch: none\ncauses:\nuser-frozen: when user=frozn",
            "3: `frozn` is no value of `user`; they are active, frozen, inactive",
        ),
        ("switch: none\ncauses:\nuser-frozen: when user=frozen/frozen", "3: `frozen` stands twice"),
        ("switch: none\ncauses:\nuser-frozen: when user=frozen user=active", "3: `user` stands twice; write `user=a/b`"),
        ("switch: none\ncauses:\nuser-frozen: when refresh=no/yes", "3: these are all values of `refresh`; leave the column out"),
        (
            "switch: none\ncauses:\nuser-frozen: when always\nuser-inactive: when always",
            "4: `user-inactive` is of an earlier step than the line before; causes stand in the order of the steps",
        ),
        (
            "switch: none\nundecided:\n?mutng: when always",
            "3: `?mutng` is nothing undecided; known are ?access, ?approval, ?muting, ?refresh-scope, ?sso",
        ),
        ("switch: none\nanswers:\nuser-frozen", "3: an answer is `cause -> error: description | confidence`"),
        ("switch: none\nanswers:\nuser-frozen -> - | low", "3: `user-frozen` is none of the causes above"),
        ("switch: none\ncauses:\nuser-frozen: when always\nanswers:\nuser-frozen -> -", "5: the confidence is missing: ` | high`"),
        (
            "switch: none\ncauses:\nuser-frozen: when always\nanswers:\nuser-frozen -> - | sure",
            "5: `sure` is no confidence; they are high, medium, low",
        ),
        (
            "switch: none\ncauses:\nuser-frozen: when always\nanswers:\nuser-frozen -> frozen | low",
            "5: an answer is `error: description`, or `-`",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(Table::read(Flow::WebServer, text).map(|_| ()), Err(message.to_owned()), "{text}");
    }
}

#[test]
fn a_refusal_without_an_answer_is_told() {
    let table = Table::read(Flow::WebServer, "switch: none\ncauses:\nuser-frozen: when user=frozen").unwrap();
    let errors: Vec<String> = table.combinations().iter().filter_map(|row| table.expected(*row).err()).collect();
    assert_eq!(errors.len(), 48);
    assert_eq!(
        errors[0],
        "web-server refresh=yes permitted=admin assigned=profile user=frozen approval=yes switch=on: no line answers `user-frozen`"
    );
}
