//! Edits of metadata files: the change is made, and nothing else moves.
#![allow(clippy::format_push_string, clippy::format_collect, reason = "short test code; speed does not matter")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

use std::sync::Arc;

use orgwarden::fix::{Change, Obstacle, apply, edits};
use orgwarden::metadata::connected_app::CONNECTED_APP;
use orgwarden::metadata::external_client_app::EXTL_CLNT_APP_OAUTH_CONFIGURABLE_POLICIES;
use orgwarden::metadata::{ComplexType, Record};
use orgwarden::source::SourceText;
use orgwarden::source::xml::{Element, Keep, comments, parse};
use proptest::prelude::*;

fn record(text: &str, ty: &'static ComplexType) -> Record {
    let source = SourceText::new("app.xml", text);
    let root = parse(&source, Keep::All).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    Record::new(Arc::clone(&source), root, ty)
}

/// The text after a change, which holds then.
fn changed(text: &str, ty: &'static ComplexType, change: &Change) -> String {
    let after = apply(text, &edits(&record(text, ty), change).unwrap()).unwrap();
    assert_eq!(edits(&record(&after, ty), change), Ok(Vec::new()), "the change is still to be made:\n{after}");
    after
}

fn set(path: &str, text: &str) -> Change {
    Change::Set { path: path.to_owned(), text: text.to_owned() }
}

fn add(path: &str, text: &str) -> Change {
    Change::Add { path: path.to_owned(), text: text.to_owned() }
}

fn remove(path: &str, text: Option<&str>) -> Change {
    Change::Remove { path: path.to_owned(), text: text.map(str::to_owned) }
}

const APP: &str = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<ConnectedApp xmlns=\"http://soap.sforce.com/2006/04/metadata\">
    <contactEmail>ops@example.com</contactEmail> <!-- the team -->
    <label>ERP &amp; Co</label>
    <oauthConfig>
        <!-- one of many -->
        <callbackUrl>https://erp.example.com/cb</callbackUrl>
        <scopes>Api</scopes> <!-- all
             of it -->
    </oauthConfig>
    <oauthPolicy>
        <ipRelaxation>BYPASS</ipRelaxation>
    </oauthPolicy>
</ConnectedApp>
";

/// The lines that differ: those that went, those that came.
fn difference(before: &str, after: &str) -> String {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (mut old, mut new) = (lines(before), lines(after));
    while !old.is_empty() && !new.is_empty() && old[0] == new[0] {
        old.remove(0);
        new.remove(0);
    }
    while !old.is_empty() && !new.is_empty() && old.last() == new.last() {
        old.pop();
        new.pop();
    }
    let side = |sign: &str, lines: Vec<String>| lines.into_iter().map(|line| format!("{sign}{line}\n")).collect::<String>();
    side("-", old) + &side("+", new)
}

#[test]
fn a_change_goes_where_the_order_of_the_wsdl_wants_it() {
    for (change, difference_of_lines) in [
        (
            set("oauthPolicy/ipRelaxation", "ENFORCE"),
            "-        <ipRelaxation>BYPASS</ipRelaxation>\n+        <ipRelaxation>ENFORCE</ipRelaxation>\n",
        ),
        (add("oauthConfig/scopes", "RefreshToken"), "+        <scopes>RefreshToken</scopes>\n"),
        (add("oauthConfig/scopes", "Api"), ""),
        (set("oauthConfig/isAdminApproved", "true"), "+        <isAdminApproved>true</isAdminApproved>\n"),
        (add("permissionSetName", "A & B"), "+    <permissionSetName>A &amp; B</permissionSetName>\n"),
        (
            set("sessionPolicy/sessionTimeout", "60"),
            "+    <sessionPolicy>\n+        <sessionTimeout>60</sessionTimeout>\n+    </sessionPolicy>\n",
        ),
        (remove("oauthConfig/callbackUrl", None), "-        <callbackUrl>https://erp.example.com/cb</callbackUrl>\n"),
        (remove("oauthConfig/scopes", Some("Web")), ""),
        (set("label", "ERP"), "-    <label>ERP &amp; Co</label>\n+    <label>ERP</label>\n"),
    ] {
        let after = changed(APP, &CONNECTED_APP, &change);
        assert_eq!(difference(APP, &after), difference_of_lines, "{change:?}\n{after}");
        assert!(in_order(record(&after, &CONNECTED_APP).root(), &CONNECTED_APP));
    }
}

#[test]
fn a_list_keeps_its_separator() {
    let file = |list: &str| {
        format!(
            "<ExtlClntAppOauthConfigurablePolicies><commaSeparatedPermissionSet>{list}</commaSeparatedPermissionSet></ExtlClntAppOauthConfigurablePolicies>"
        )
    };
    let path = || "commaSeparatedPermissionSet".to_owned();
    let item = |item: &str| {
        (Change::AddItem { path: path(), item: item.to_owned() }, Change::RemoveItem { path: path(), item: item.to_owned() })
    };
    for (list, with_c, without_a) in [
        ("A, B", "A, B, C", "B"),
        ("A,B", "A,B,C", "B"),
        (" A , B ", " A , B, C ", " B "),
        ("A", "A, C", ""),
        ("", "C", ""),
        ("A,", "A, C", ""),
    ] {
        let ty = &EXTL_CLNT_APP_OAUTH_CONFIGURABLE_POLICIES;
        assert_eq!(changed(&file(list), ty, &item("C").0), file(with_c));
        assert_eq!(changed(&file(list), ty, &item("A").1), file(without_a));
    }
}

#[test]
fn what_cannot_be_edited_says_why() {
    let file = |elements: &str| record(&format!("<ConnectedApp>{elements}</ConnectedApp>"), &CONNECTED_APP);
    for (elements, change, obstacle) in [
        ("<label>a</label><label>b</label>", set("label", "c"), Obstacle::Repeated("label".to_owned())),
        ("<label>a<!-- b --></label>", set("label", "c"), Obstacle::NotPlain("label".to_owned())),
        ("<label>a</label>", set("oauthConfig/isAdminApproved", "true"), Obstacle::NoParent("oauthConfig".to_owned())),
        (
            "<label>a</label>",
            set("oauthConfig/isAdmin", "true"),
            Obstacle::NoElement("oauthConfig/isAdmin".to_owned(), "ConnectedApp"),
        ),
    ] {
        assert_eq!(edits(&file(elements), &change), Err(obstacle));
    }
}

#[test]
fn attributes_and_instructions_stay_whole() {
    for (file, change, wanted) in [
        (
            "<ConnectedApp xmlns:xsi=\"x\">\n  <label xsi:nil=\"true\"/>\n</ConnectedApp>",
            set("label", "c"),
            "<ConnectedApp xmlns:xsi=\"x\">\n  <label>c</label>\n</ConnectedApp>",
        ),
        (
            "<ConnectedApp><label a='>' x:nil='true'></label></ConnectedApp>",
            set("label", "c"),
            "<ConnectedApp><label a='>'>c</label></ConnectedApp>",
        ),
        ("<ConnectedApp xmlns=\"n\" />", set("label", "c"), "<ConnectedApp xmlns=\"n\">\n    <label>c</label>\n</ConnectedApp>"),
        (
            "<ConnectedApp>\n  <label>a</label><?b\nc?>\n</ConnectedApp>",
            add("permissionSetName", "d"),
            "<ConnectedApp>\n  <label>a</label><?b\nc?>\n  <permissionSetName>d</permissionSetName>\n</ConnectedApp>",
        ),
    ] {
        assert_eq!(changed(file, &CONNECTED_APP, &change), wanted);
    }
}

fn in_order(element: &Element, ty: &ComplexType) -> bool {
    element.children.is_sorted_by_key(|child| ty.rank(&child.name))
}

/// How a file is laid out.
#[derive(Clone, Debug)]
struct Style {
    line_end: &'static str,
    step: &'static str,
    lines: bool,
    mark: bool,
    prefix: &'static str,
}

fn style() -> impl Strategy<Value = Style> {
    (
        prop::sample::select(vec!["\n", "\r\n"]),
        prop::sample::select(vec!["    ", "  ", "\t"]),
        any::<bool>(),
        any::<bool>(),
        prop::sample::select(vec!["", "m:"]),
    )
        .prop_map(|(line_end, step, lines, mark, prefix)| Style { line_end, step, lines, mark, prefix })
}

/// Elements of an app with where comments stand: before it, behind it, nowhere.
fn elements(pool: &'static [(&'static str, &'static str)]) -> impl Strategy<Value = Vec<(&'static str, &'static str, u8)>> {
    prop::collection::vec((prop::sample::select(pool), 0..4_u8), 0..6).prop_map(move |chosen| {
        let mut chosen: Vec<_> = chosen.into_iter().map(|((name, text), comment)| (name, text, comment)).collect();
        chosen.sort_by_key(|(name, ..)| pool.iter().position(|(it, _)| it == name));
        chosen.dedup_by_key(|(name, text, _)| (*name, if *name == "scopes" || *name == "permissionSetName" { *text } else { "" }));
        chosen
    })
}

/// The byte order mark.
const MARK: char = '\u{feff}';

const OUTER: &[(&str, &str)] = &[
    ("contactEmail", "a@example.com"),
    ("label", "A &amp; B"),
    ("permissionSetName", "One"),
    ("permissionSetName", "Two"),
    ("startUrl", ""),
];
const INNER: &[(&str, &str)] = &[
    ("callbackUrl", "https://a.example.com\nhttps://b.example.com"),
    ("consumerKey", "3MVG"),
    ("isAdminApproved", "false"),
    ("scopes", "Api"),
    ("scopes", "Web"),
    ("scopes", ""),
];

fn write(elements: &[(&str, &str, u8)], indent: &str, style: &Style) -> String {
    let mut text = String::new();
    let (line_end, indent) = if style.lines { (style.line_end, indent) } else { ("", "") };
    for (name, value, comment) in elements {
        if *comment == 1 {
            text += &format!("{indent}<!-- before {name} -->{line_end}");
        }
        let p = style.prefix;
        let value = value.replace('\n', style.line_end);
        text += &match (value.is_empty(), *comment) {
            (true, 0) => format!("{indent}<{p}{name}/>"),
            _ => format!("{indent}<{p}{name}>{value}</{p}{name}>"),
        };
        match *comment {
            2 => text += " <!-- behind -->",
            3 => text += &format!("<!-- behind,{}two lines -->", style.line_end),
            _ => {}
        }
        text += line_end;
    }
    text
}

fn file() -> impl Strategy<Value = (String, Style)> {
    (style(), elements(OUTER), elements(INNER), any::<bool>()).prop_map(|(style, outer, inner, has_oauth)| {
        let (line_end, step) = if style.lines { (style.line_end, style.step) } else { ("", "") };
        let p = style.prefix;
        let (before, after): (Vec<_>, Vec<_>) = outer.into_iter().partition(|(name, ..)| *name < "oauthConfig");
        let oauth = if has_oauth {
            format!("{step}<{p}oauthConfig>{line_end}{}{step}</{p}oauthConfig>{line_end}", write(&inner, &step.repeat(2), &style))
        } else {
            String::new()
        };
        let mark = if style.mark { MARK.to_string() } else { String::new() };
        let body = write(&before, step, &style) + &oauth + &write(&after, step, &style);
        (format!("{mark}<{p}ConnectedApp>{line_end}{body}</{p}ConnectedApp>{line_end}"), style)
    })
}

fn change() -> impl Strategy<Value = Change> {
    let path = prop::sample::select(vec![
        "label",
        "startUrl",
        "oauthConfig/isAdminApproved",
        "oauthConfig/isPkceRequired",
        "oauthPolicy/ipRelaxation",
        "sessionPolicy/sessionTimeout",
    ]);
    let many = prop::sample::select(vec!["permissionSetName", "oauthConfig/scopes", "profileName"]);
    let text = prop::sample::select(vec!["true", "Api", "One", "a & <b> \"c\""]);
    prop_oneof![
        (path.clone(), text.clone()).prop_map(|(path, text)| set(path, text)),
        (many.clone(), text.clone()).prop_map(|(path, text)| add(path, text)),
        (many, prop::option::of(text)).prop_map(|(path, text)| remove(path, text)),
        path.prop_map(|path| remove(path, None)),
    ]
}

/// Every element but those of a path, with its text. A parent that is made may hold defaults beside it.
fn others(record: &Record, path: &str, made: bool) -> Vec<(String, String)> {
    fn walk(element: &Element, at: &str, found: &mut Vec<(String, String)>) {
        for child in &element.children {
            let path = if at.is_empty() { child.name.clone() } else { format!("{at}/{}", child.name) };
            if child.children.is_empty() {
                found.push((path.clone(), child.text.trim().to_owned()));
            }
            walk(child, &path, found);
        }
    }
    let mut found = Vec::new();
    walk(record.root(), "", &mut found);
    let parent = path.split('/').next().unwrap();
    found.retain(|(it, text)| it != path && !(it == parent && text.is_empty()) && !(made && it.starts_with(&format!("{parent}/"))));
    found
}

fn remarks(record: &Record) -> Vec<String> {
    let source = record.source();
    comments(source, record.root()).iter().map(|comment| source.slice(comment.inner).to_owned()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_but_the_change_moves((text, style) in file(), change in change()) {
        let before = record(&text, &CONNECTED_APP);
        let Ok(made) = edits(&before, &change) else { return Ok(()) };
        let after_text = apply(&text, &made).unwrap();
        let after = record(&after_text, &CONNECTED_APP);
        prop_assert_eq!(edits(&after, &change), Ok(Vec::new()), "{}", after_text);
        let path = change.path();
        let made = !before.has(path.split('/').next().unwrap());
        prop_assert_eq!(others(&before, path, made), others(&after, path, made));
        prop_assert_eq!(remarks(&before), remarks(&after));
        if in_order(before.root(), &CONNECTED_APP) {
            prop_assert!(in_order(after.root(), &CONNECTED_APP), "{}", after_text);
        }
        let mixed = after_text.matches('\n').count() != after_text.matches(style.line_end).count();
        prop_assert!(!mixed || style.line_end == "\n" || !text.contains('\n'), "{:?}", after_text);
        prop_assert_eq!(text.starts_with(MARK), after_text.starts_with(MARK));
        if style.lines {
            prop_assert!(after_text.lines().all(|line| !line.trim().is_empty()), "{}", after_text);
        }
        if let Change::Set { path, text } = &change {
            let stated = after.text(path);
            prop_assert_eq!(stated.value(), Some(text));
        }
    }
}
