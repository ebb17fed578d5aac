//! One fixed report in every format: what people see, what programs read, and that foreign text stays harmless.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]
#![allow(clippy::assigning_clones, reason = "speed does not matter")]

#[path = "../support/mod.rs"]
mod support;

mod commands;
mod fixture;
mod junit;
mod lists;
mod markdown;
mod sarif;
mod together;

use clap::ValueEnum;
use fixture::{evidence, find, report, written};
use orgwarden::diagnostic::Diagnostic;
use orgwarden::finding::{Finding, Remediation, Subject};
use orgwarden::inventory::Origin;
use orgwarden::report::excerpt::{self, Mark};
use orgwarden::report::{Format, Report, Style, json, pretty, table, untrusted, write};
use orgwarden::source::{Location, SourceText, Span};
use proptest::prelude::*;

fn rendered(format: Format, style: Style) -> String {
    let mut out = Vec::new();
    write(&report(), format, &style, &mut out).expect("a Vec takes everything");
    String::from_utf8(out).expect("output is UTF-8")
}

fn plain(width: usize) -> Style {
    Style { width, colour: false }
}

#[test]
fn pretty_shows_each_finding_with_its_lines() {
    insta::assert_snapshot!("pretty", rendered(Format::Pretty, plain(100)));
}

#[test]
fn diagnostics_look_like_findings() {
    insta::assert_snapshot!("diagnostics", pretty::diagnostics(&report().diagnostics, plain(100)));
}

#[test]
fn table_fits() {
    insta::assert_snapshot!("table", rendered(Format::Table, plain(120)));
    for width in [0, 1, 10, 40, 80, 120, 200] {
        let shown = rendered(Format::Table, plain(width));
        if width >= 80 {
            let widest = shown.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= width, "{widest} columns for {width}:\n{shown}");
        }
    }
}

#[test]
fn a_narrow_table_says_all_of_a_waiver_too() {
    let shown = rendered(Format::Table, plain(80));
    let waived: Vec<&str> = shown.lines().skip_while(|line| !line.contains("Waived")).collect();
    for word in ["scope-full", "will-fix", "2026-12-31", "identity@example.com", "SEC-7"] {
        assert!(waived.iter().any(|line| line.contains(word)), "{word}:\n{shown}");
    }
}

#[test]
fn a_table_of_anything_has_harmless_cells() {
    let rows = [vec!["a\u{1b}[31m\nb".to_owned(), "c".to_owned()], vec!["short".to_owned()]];
    let shown = table::table(&["Name", "Label"], &rows, 80);
    assert!(shown.contains(r"a\u{1b}[31m\nb"), "{shown}");
    assert_eq!(table::table(&["Name"], &[], 40).lines().filter(|line| line.contains("Name")).count(), 1);
}

#[test]
fn json_keeps_its_keys() {
    insta::assert_snapshot!("json", rendered(Format::Json, Style::PLAIN));
}

#[test]
fn json_fits_its_own_schema() {
    let schema = json::schema();
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    for report in [rendered(Format::Json, Style::PLAIN), json::render(&Report::default()).unwrap()] {
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let other = serde_json::json!({ "schema": "orgwarden/report-v2" });
    assert!(!validator.is_valid(&other));
}

#[test]
fn the_order_of_input_does_not_matter() {
    let mut shuffled = report();
    shuffled.rules.reverse();
    shuffled.findings.reverse();
    shuffled.unknown.reverse();
    shuffled.diagnostics.reverse();
    let shuffled = shuffled.sorted();
    for format in Format::value_variants() {
        assert_eq!(written(&shuffled, *format), written(&report(), *format), "{format:?}");
    }
}

/// An excerpt of one place in a text, 60 columns wide.
fn excerpt_of(text: &str, part: &str, label: &str) -> String {
    let text = SourceText::new("a.xml", text);
    let location = find(&text, part);
    excerpt::render(&[Mark::primary(&location, label)], &annotate_snippets::Level::ERROR, plain(60))
}

#[test]
fn underlines_stay_where_they_belong() {
    let long = format!("<a>{}<b/>{}</a>", "left ".repeat(400), " right".repeat(400));
    let many = format!("<a>\n{}</a>", "  <x/>\n".repeat(30));
    let shown = [
        excerpt_of("<a>\u{1b}[31m<b/></a>", "<b/>", "after an escape"),
        excerpt_of("<a>\r\n\t<b>\u{202e}x</b>\r\n</a>", "<b>\u{202e}x</b>", "line ends, a tab, a hidden mark"),
        excerpt_of("\u{feff}<a>漢字<b/></a>", "<b/>", "wide characters"),
        excerpt_of(&long, "<b/>", "in a long line"),
        excerpt_of("<a>\n  <b>\n    <c/>\n  </b>\n</a>", "<b>\n    <c/>\n  </b>", "over lines"),
        excerpt_of(&many, &many, "over many lines"),
        excerpt_of("<a>", "<a>", &"a label that is longer than the line ".repeat(3)),
    ];
    insta::assert_snapshot!("excerpts", shown.join("\n"));
}

#[test]
fn an_excerpt_of_a_large_file_is_quick() {
    let line = "    <fieldPermissions><field>A.B__c</field></fieldPermissions>\n";
    let text = SourceText::new("a.xml", line.repeat(100_000));
    let location = Location::new(&text, Span::new(line.len() * 50_000 + 4, line.len() * 50_000 + 22));
    let began = std::time::Instant::now();
    for _ in 0..100 {
        assert!(
            excerpt::render(&[Mark::primary(&location, "here")], &annotate_snippets::Level::ERROR, plain(80)).contains("50001 |")
        );
    }
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}

#[test]
fn many_findings_do_not_repeat_their_remedy() {
    let mut report = report();
    let first = report.findings[0].clone();
    report.findings = (0..60)
        .map(|number| {
            let subject =
                Subject { name: format!("App_{number:02}"), path: format!("apps/{number:02}.xml"), ..first.subject.clone() };
            Finding { subject, ..first.clone() }
        })
        .collect();
    let shown = pretty::render(&report.sorted(), plain(100));
    assert_eq!(shown.matches("help, in Setup").count(), 1);
    assert_eq!(shown.matches("remedy: see the first").count(), 59);
}

#[test]
fn colour_is_only_where_it_is_asked_for() {
    assert!(!rendered(Format::Pretty, plain(100)).contains('\u{1b}'));
    let coloured = rendered(Format::Pretty, Style { width: 100, colour: true });
    assert!(coloured.contains("\u{1b}["));
    // What the hostile label tried stays visible text.
    assert!(coloured.contains(r"\u{1b}[2J"));
    assert!(!coloured.contains("\u{1b}[2J"));
}

#[test]
fn csv_cells_cannot_be_formulas() {
    let cases = [
        ("plain", "plain"),
        ("=cmd()", "'=cmd()"),
        (" +1", "' +1"),
        ("-1,5", "\"'-1,5\""),
        ("@a", "'@a"),
        ("\t=1", "' =1"),
        ("a\"b", "\"a\"\"b\""),
        ("two\r\nlines", "\"two\nlines\""),
        ("\u{1b}[2J", r"\u{1b}[2J"),
    ];
    for (text, cell) in cases {
        assert_eq!(untrusted::csv_cell(text), cell, "{text:?}");
    }
}

#[test]
fn logs_hold_no_commands() {
    let cases = [
        ("plain # ## [a] a::b ::1 fe80::a", "plain # ## [a] a::b ::1 fe80::a"),
        ("a ##vso[task.x]b", r"a #\u0023vso[task.x]b"),
        ("###[error]b", r"##\u0023[error]b"),
        ("a\n \t::error::b\n", "a\n \t\\u003a:error::b\n"),
        ("::1\n::stop-commands::", "::1\n\\u003a:stop-commands::"),
    ];
    for (text, shown) in cases {
        assert_eq!(untrusted::log(text), shown, "{text:?}");
    }
    let name = "##vso[a]##[b]";
    let document = serde_json::json!({ "name": name }).to_string();
    let read: serde_json::Value = serde_json::from_str(&untrusted::log(&document)).unwrap();
    assert_eq!(read["name"], name);
}

#[test]
fn markdown_is_text() {
    assert_eq!(untrusted::markdown("<b>[x](y) @all #1 |`"), r"&lt;b&gt;\[x\]\(y\) &#64;&#8203;all &#35;&#8203;1 \|\`");
}

#[test]
fn addresses_are_no_links() {
    assert_eq!(untrusted::markdown("https://a.example www.b.example a:b"), r"https&#58;&#8203;//a.example www\.b.example a&#58;b");
    assert_eq!(
        untrusted::html("<a href=\"https://a.example\">@b WWW.c"),
        "&lt;a href=&quot;https&#58;&#8203;//a.example&quot;&gt;&#64;&#8203;b WWW&#8203;.c"
    );
}

#[test]
fn labels_of_graphs_are_text() {
    assert_eq!(untrusted::dot("a\"]; b -> c \\N &lt; \n"), r#"a\"]; b -> c \\N &amp;lt; \\n"#);
    assert_eq!(untrusted::mermaid("a\"] & <b> `#`"), "a#34;#93; #38; #60;b#62; #96;#35;#96;");
}

/// The text of a label in DOT, as Graphviz reads it. Panics where the label would end early.
fn read_dot(label: &str) -> String {
    let mut text = String::new();
    let mut characters = label.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.push(characters.next().filter(|escaped| "\\\"".contains(*escaped)).unwrap()),
            '"' => panic!("the label ends: {label}"),
            other => text.push(other),
        }
    }
    text.replace("&amp;", "&")
}

/// The text of a label in Mermaid, which may be made of harmless characters and numbers of others alone.
fn read_mermaid(label: &str) -> String {
    let mut text = String::new();
    let mut rest = label;
    while let Some(character) = rest.chars().next() {
        if let Some(number) = rest.strip_prefix('#') {
            let (number, after) = number.split_once(';').unwrap();
            text.push(char::from_u32(number.parse().unwrap()).unwrap());
            rest = after;
        } else {
            assert!(character.is_alphanumeric() || " -_.,/()".contains(character), "{character:?} in {label}");
            text.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    text
}

/// Text with what does harm more often than chance would have it.
pub(crate) fn hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[a-z<>/ ]{0,40}",
        prop::sample::select(vec![
            "\u{1b}[31m",
            "\r\n",
            "\n",
            "\t",
            "\r",
            "\u{202e}",
            "\u{200b}",
            "\u{9b}",
            "\u{feff}",
            "😀",
            "漢字",
            "e\u{301}"
        ])
        .prop_map(str::to_owned),
        (1_usize..1000).prop_map(|length| "x".repeat(length)),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

pub(crate) fn harmless(shown: &str) -> bool {
    !shown.contains(|character| untrusted::is_harmful(character) && character != '\n')
}

/// The text without the escapes that set colours, and only those.
fn without_colour(shown: &str) -> String {
    let mut pieces = shown.split("\u{1b}[");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (codes, rest) = piece.split_once('m').expect("a colour ends with m");
        assert!(codes.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'), "{codes}");
        text.push_str(rest);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn nothing_harmful_reaches_a_terminal(text in hostile_text(), start in 0_usize..4000, length in 0_usize..200, width in 0_usize..200) {
        let source = SourceText::new(text.as_str(), text.as_str());
        let location = Location::new(&source, Span::new(start, start + length));
        let mut report = report();
        for finding in &mut report.findings {
            finding.rule.clone_from(&text);
            finding.message.clone_from(&text);
            finding.subject.name.clone_from(&text);
            finding.subject.label.clone_from(&text);
            finding.subject.path.clone_from(&text);
            finding.remediation = Remediation { setup: text.clone(), metadata: text.clone() };
            finding.evidence.push(evidence(&text, &text, Some(Origin::Stated(location.clone()))));
            finding.evidence.push(evidence(&text, &text, None));
        }
        report.findings[0].evidence = vec![evidence(&text, &text, Some(Origin::Absent(location.clone())))];
        report.waived[0].reason.clone_from(&text);
        report.waived[0].owner.clone_from(&text);
        report.waived[0].ticket.clone_from(&text);
        report.waived[0].finding.message.clone_from(&text);
        report.unknown[0].reason = text.as_str().into();
        report.unknown[0].rule.clone_from(&text);
        report.left_out[0].path.clone_from(&text);
        report.diagnostics.push(Diagnostic::error(text.as_str()).at(location).label(text.as_str()).help(text.as_str()));
        let report = report.sorted();
        for shown in [
            pretty::render(&report, plain(width)),
            table::render(&report, plain(width)),
            pretty::diagnostics(&report.diagnostics, plain(width)),
        ] {
            prop_assert!(harmless(&shown), "{shown:?}");
        }
        let coloured = pretty::render(&report, Style { width, colour: true });
        prop_assert!(harmless(&without_colour(&coloured)), "{coloured:?}");
    }

    #[test]
    fn labels_of_graphs_stay_labels(text in hostile_text(), quoted in "[\"\\\\&#;`<>%{}$n]{0,12}") {
        let text = format!("{text}{quoted}");
        for (label, read) in [
            (untrusted::dot(&text), read_dot as fn(&str) -> String),
            (untrusted::mermaid(&text), read_mermaid),
        ] {
            prop_assert!(harmless(&label) && !label.contains('\n'), "{label:?}");
            prop_assert_eq!(read(&label), untrusted::line(&text).into_owned());
        }
    }

    #[test]
    fn excerpts_stand_any_text_and_span(text in hostile_text(), spans in prop::collection::vec((0_usize..5000, 0_usize..3000), 1..5), width in 0_usize..160) {
        let source = SourceText::new("a.xml", text.as_str());
        let locations: Vec<Location> = spans.iter().map(|(start, length)| Location::new(&source, Span::new(*start, start + length))).collect();
        let marks: Vec<Mark<'_>> = locations
            .iter()
            .enumerate()
            .map(|(index, location)| Mark { location, label: "here".to_owned(), primary: index == 0, missing: index % 2 == 1 })
            .collect();
        let shown = excerpt::render(&marks, &annotate_snippets::Level::ERROR, plain(width));
        prop_assert!(harmless(&shown), "{shown:?}");
        prop_assert!(shown.contains("--> a.xml:"), "{shown}");
    }
}
