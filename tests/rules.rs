//! The built-in rules: every file is sound, and every example comes out as it says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)] // a panic is how a test fails

use std::fmt::Write as _;

use orgwarden::rules::test::{Outcome, run};
use orgwarden::rules::{Condition, Entry, Judgement, Rule, RuleSet, builtin, builtin_files, judge, load};
use orgwarden::tag;
use regex::Regex;

fn rules() -> Vec<Rule> {
    builtin().0.rules
}

#[test]
fn every_file_loads_without_diagnostics() {
    // Not `builtin()`, which leaves out the examples.
    let (set, diagnostics) = load(builtin_files(), &RuleSet::default());
    let mut complaints = String::new();
    for diagnostic in &diagnostics {
        let place = diagnostic.location.as_ref().map_or_else(String::new, ToString::to_string);
        let help = diagnostic.help.as_ref().map_or_else(String::new, |help| format!("\n    help: {help}"));
        writeln!(complaints, "{place}: {}{help}", diagnostic.title).unwrap();
    }
    assert!(diagnostics.is_empty(), "\n{complaints}");
    assert!(!set.rules.is_empty() && !set.manual.is_empty());
}

/// For speed the examples are left out, so they have to come last in a file, and what only a finding needs is compiled when there is one:
/// neither may be noticed.
#[test]
fn loading_for_a_command_and_loading_whole_give_the_same_rules() {
    let conditions = |rule: &Rule| -> Vec<String> {
        let severities = rule.severity_if().iter().map(|(severity, when)| format!("{severity} if {}", when.text()));
        let evidence = rule
            .evidence()
            .iter()
            .map(|spec| format!("{} where {:?} missing {:?}", spec.fact, spec.keep.as_ref().map(Condition::text), spec.missing));
        severities.chain(evidence).collect()
    };
    let in_words = |rule: &Rule| {
        let (when, message) = (rule.when().map(Condition::text), rule.message().text());
        let names: Vec<&str> = rule.examples().iter().map(|example| example.name.as_str()).collect();
        let fix = rule.fix().map(|fix| (&fix.risk, &fix.needs, fix.in_words()));
        format!("{:?} {when:?} {} {message} {:?} {fix:?} {names:?}", rule.info(), rule.check().text(), conditions(rule))
    };
    let (quick, diagnostics) = builtin();
    assert_eq!(diagnostics, []);
    for (quick, whole) in quick.rules.iter().zip(&load(builtin_files(), &RuleSet::default()).0.rules) {
        assert_eq!(in_words(quick), in_words(whole));
        for example in whole.examples() {
            // Judgements hold severity, message and evidence: everything that is compiled late.
            let facts = example.facts();
            assert_eq!(judge(quick, &facts), judge(whole, &facts), "{}: {}", whole.id(), example.name);
        }
    }
}

#[test]
fn every_example_comes_out_as_it_says() {
    let rules = rules();
    let mut complaints = String::new();
    for run in run(&rules).iter().filter(|run| run.outcome != Outcome::Expected) {
        writeln!(complaints, "{run}").unwrap();
    }
    assert!(complaints.is_empty(), "\n{complaints}");
}

#[test]
fn every_rule_says_where_to_read_on_and_which_controls_it_serves() {
    for info in builtin().0.entries().map(Entry::info) {
        assert!(!info.references.is_empty(), "{} has no references", info.id);
        assert!(info.controls.values().any(|ids| !ids.is_empty()), "{} has no controls", info.id);
    }
}

/// A user's own rule is of the preset `recommended` when it does not say; a built-in one shall have been thought about.
#[test]
fn every_built_in_rule_states_its_preset() {
    for file in builtin_files() {
        assert!(file.text().contains("\npreset: "), "{} states no preset", file.name());
    }
}

#[test]
fn every_tag_is_on_a_rule_and_says_what_is_known_of_it() {
    let (set, _) = builtin();
    for tag in tag::catalogue().unwrap() {
        assert!(set.rules.iter().any(|rule| rule.info().tags.contains(&tag.id)), "no rule has the tag {}", tag.id);
        assert!(!tag.reservations.is_empty() && !tag.references.is_empty(), "{}", tag.id);
    }
}

/// How benchmarks number what they ask for, where their controls are not listed one by one: OWASP ASVS 5.0, RFC 9700, CWE, NIST SP 800-53.
const NUMBERINGS: &[(&str, &str)] = &[
    ("asvs", r"^V\d{1,2}(\.\d{1,2}){1,2}$"),
    ("rfc9700", r"^[1-4](\.\d{1,2}){0,2}$"),
    ("cwe", r"^CWE-\d{1,4}$"),
    ("nist", r"^[A-Z]{2}-\d{1,2}(\(\d{1,2}\))?$"),
];

#[test]
fn every_control_is_numbered_as_its_benchmark_does() {
    let numberings: Vec<(&str, Regex)> = NUMBERINGS.iter().map(|(name, pattern)| (*name, Regex::new(pattern).unwrap())).collect();
    for entry in builtin().0.entries() {
        for (benchmark, ids) in &entry.info().controls {
            let Some((_, numbering)) = numberings.iter().find(|(name, _)| name == benchmark) else { continue };
            for id in ids {
                assert!(numbering.is_match(id), "{}: {benchmark} has no `{id}`", entry.info().id);
            }
        }
    }
}

#[test]
fn no_example_runs_into_an_internal_error() {
    let rules = rules();
    for run in run(&rules) {
        if let Judgement::Unknown(reason) = &run.got {
            assert!(!reason.contains("internal error"), "{}: {reason}", run.rule.id());
        }
    }
}

#[test]
fn judging_twice_gives_the_same() {
    for rule in rules() {
        for example in rule.examples() {
            let facts = example.facts();
            assert_eq!(judge(&rule, &facts), judge(&rule, &facts), "{}", rule.id());
        }
    }
}
