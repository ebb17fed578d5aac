//! The comment for pull requests: its size, and that nothing in it that others wrote is mark-up.

use orgwarden::finding::{BaselineState, Finding};
use orgwarden::report::{Format, Report};
use proptest::prelude::*;

use crate::fixture::{everywhere, many, of_rule, report, written};
use crate::{harmless, hostile_text};

/// GitHub refuses a comment of more than 65,536 characters.
const LIMIT: usize = 65_000;

fn comment(report: &Report) -> String {
    written(report, Format::Markdown)
}

fn size(text: &str) -> usize {
    text.encode_utf16().count()
}

#[test]
fn a_comment() {
    insta::assert_snapshot!("markdown", comment(&report()));
    insta::assert_snapshot!(comment(&Report::default()), @r"
    ## orgwarden: no findings

    0 apps, 0 rules.
    ");
}

/// All findings are either told or counted.
fn told(text: &str, findings: &[Finding]) -> usize {
    let named = findings.iter().filter(|finding| text.contains(&format!("{}`: ", finding.subject.name))).count();
    let counted = |line: &str| {
        line.strip_prefix("and ")
            .and_then(|rest| rest.split_once(" more of "))
            .map(|(count, rest)| (count.parse::<usize>().unwrap(), rest.to_owned()))
    };
    // What is told in full only because there is no room is told below.
    named + text.lines().filter_map(counted).filter(|(_, rest)| !rest.starts_with("them")).map(|(count, _)| count).sum::<usize>()
}

#[test]
fn hundreds_of_findings_fit_and_none_is_forgotten() {
    let plain = |number| format!("wrong {number}");
    let wide = |number| format!("falsch 漢字 😀 {number} {}", "😀 [x](https://evil.example.com) ".repeat(number % 9));
    for (count, words) in [(1, &plain as &dyn Fn(usize) -> String), (60, &plain), (500, &wide), (5000, &wide)] {
        let report = many(count, words);
        let text = comment(&report);
        assert!(size(&text) <= LIMIT, "{} for {count}", size(&text));
        assert_eq!(told(&text, &report.findings), count, "{count}:\n{text}");
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        assert_eq!(text.matches("#### ").count(), count.min(10), "{text}");
        // The worst come first.
        let worst = report.findings.iter().map(|finding| finding.severity).max().unwrap();
        assert!(text.contains(&format!("#### {worst}: ")));
        if count >= 500 {
            assert!(size(&text) > 30_000, "{} for {count}: there was room", size(&text));
        }
    }
}

#[test]
fn a_single_entry_that_is_too_long_does_not_break_it() {
    let text = comment(&many(300, |_| "<😀>".repeat(5000)));
    assert!(size(&text) <= LIMIT, "{}", size(&text));
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
}

#[test]
fn what_is_known_waived_undecided_or_unread_is_told_apart() {
    let mut report = report();
    of_rule(&mut report, "refresh-token-scope-missing").baseline = Some(BaselineState::Known);
    report.unknown[0].baseline = Some(BaselineState::Known);
    let text = comment(&report);
    for words in [
        "## orgwarden: 4 findings (1 critical, 2 medium, 1 info)",
        "1 known to the baseline, 1 undecided and known to the baseline, 1 waived.",
        "**1 verdict undecided**",
        "**Incomplete: 2 problems kept something from being read.**",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let nothing = Report { findings: Vec::new(), ..report };
    assert!(comment(&nothing).starts_with("## orgwarden: incomplete, no findings in what could be read\n"));
}

/// The text without code in backticks, where nothing is mark-up.
fn without_code(text: &str) -> String {
    text.lines().map(|line| line.split('`').step_by(2).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_text(text in hostile_text(), more in "(@all|#1|<b>|</details>|`|\\[x\\]\\(y\\)|https://a.example|www\\.a|!|\\||\\*|_|~|\\$|\n# |&lt;|\\\\){0,8}") {
        let text = comment(&everywhere(&format!("{text}{more}")));
        prop_assert!(harmless(&text), "{text:?}");
        prop_assert!(size(&text) <= LIMIT);
        for line in text.lines() {
            // What stands in a summary is HTML, where only a few signs mean something.
            let is_html = line.starts_with("<details>");
            let mut rest = if is_html { line.to_owned() } else { without_code(&line.replace("\\`", "")) };
            for tag in ["<details>", "</details>", "<summary>", "</summary>", "<code>", "</code>"] {
                rest = rest.replace(tag, "");
            }
            prop_assert!(!rest.contains(['<', '@']), "{line}");
            prop_assert!(!rest.contains("://") && !rest.contains("www."), "{line}");
            // The program itself writes bold headings and the marks of tables.
            let rest = rest.replace("\\\\", "").replace("**", "");
            for mark in ["[", "]", "*", "_", "!", "~", "$"] {
                prop_assert!(is_html || !rest.replace(&format!("\\{mark}"), "").contains(mark), "{mark} in {line}");
            }
        }
    }
}
