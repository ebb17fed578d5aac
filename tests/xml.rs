//! The XML reader from outside: what it makes of good documents, and what it says about bad ones.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

use std::fmt::Write as _;

use orgwarden::source::SourceText;
use orgwarden::source::xml::{DecodeError, Element, Keep, MAX_DEPTH, XmlError, decode, parse};
use proptest::prelude::*;

fn read(text: &str) -> Element {
    parse(&SourceText::new("app.xml", text), Keep::All).unwrap_or_else(|error| panic!("{error} in {text:?}"))
}

fn refuse(text: &str) -> XmlError {
    parse(&SourceText::new("app.xml", text), Keep::All).expect_err(text)
}

/// `line:column message`.
fn complaint(text: &str) -> String {
    let source = SourceText::new("app.xml", text);
    let error = parse(&source, Keep::All).expect_err(text);
    let position = source.position(error.span.start);
    format!("{}:{} {error}", position.line, position.column)
}

#[test]
fn what_is_refused_and_how_it_is_said() {
    let deep = "<a>".repeat(MAX_DEPTH + 1);
    let cases: &[(&str, &str)] = &[
        ("", "1:1 the file is empty"),
        ("\u{feff} \n", "1:1 the file is empty"),
        ("<?xml version=\"1.0\"?><!-- nothing -->", "1:1 there is no element in the file"),
        ("{\"a\": 1}", "1:1 there is text outside of the outermost element"),
        ("<a/>\n  more", "2:3 there is text outside of the outermost element"),
        ("<a/>&amp;", "1:5 there is text outside of the outermost element"),
        ("<a/>&", "1:5 there is text outside of the outermost element"),
        ("<a/><![CDATA[ ]]>", "1:5 there is text outside of the outermost element"),
        ("\u{feff}\u{feff}<a/>", "1:1 there is text outside of the outermost element"),
        ("version https://git-lfs.github.com/spec/v1\noid", "1:1 the file is a Git LFS pointer; its content is not here"),
        ("<a/>\n<b/>", "2:1 there is a second outermost element, `<b>`"),
        ("<!DOCTYPE a>\n<a/>", "1:1 there is a DOCTYPE, which is not read"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "1:1 there is a DOCTYPE, which is not read"),
        ("<a>&nbsp;</a>", "1:4 `&nbsp;` is not known"),
        ("<a>&AMP;</a>", "1:4 `&AMP;` is not known"),
        ("<a b=\"&nbsp;\"/>", "1:7 `&nbsp;` is not known"),
        ("<a>&#0;</a>", "1:4 `&#0;` stands for no character that XML allows"),
        ("<a>&#x1B;</a>", "1:4 `&#x1B;` stands for no character that XML allows"),
        ("<a>&#xD800;</a>", "1:4 `&#xD800;` stands for no character that XML allows"),
        ("<a>&#xFFFF;</a>", "1:4 `&#xFFFF;` stands for no character that XML allows"),
        ("<a>&#x110000;</a>", "1:4 `&#x110000;` stands for no character that XML allows"),
        ("<a>&#99999999999;</a>", "1:4 `&#99999999999;` stands for no character that XML allows"),
        ("<a>&#+65;</a>", "1:4 `&#+65;` stands for no character that XML allows"),
        ("<a>&#;</a>", "1:4 `&#;` stands for no character that XML allows"),
        ("<a>\nR&D</a>", "2:2 an `&` stands alone"),
        ("<a>R & D; more</a>", "1:6 an `&` stands alone"),
        ("<a b='?x=1&y=2'/>", "1:11 an `&` stands alone"),
        ("<a>\n\u{1b}[31m</a>", "2:1 the character U+001B is not allowed in XML"),
        ("<a b='\u{8}'/>", "1:7 the character U+0008 is not allowed in XML"),
        ("<a><!-- \u{0} --></a>", "1:9 the character U+0000 is not allowed in XML"),
        ("<a>é\u{ffff}</a>", "1:5 the character U+FFFF is not allowed in XML"),
        ("<a b='1' c='2'\n   b='3'/>", "2:4 the attribute `b` is given twice"),
        ("<a b/>", "1:4 the attribute `b` is not written as name=\"value\""),
        ("<a b=1/>", "1:4 the attribute `b` is not written as name=\"value\""),
        ("<a b='1'c='2'/>", "1:9 the attribute `c` is not written as name=\"value\""),
        ("<a b='<'/>", "1:7 the attribute `b` is not written as name=\"value\""),
        ("<a 1='2'/>", "1:4 `1` is not a name for an element or attribute"),
        ("<1/>", "1:2 `1` is not a name for an element or attribute"),
        ("<a:/>", "1:2 `a:` is not a name for an element or attribute"),
        ("<a><b></a>", "1:7 `</a>` stands where `</b>` is due; `<b>` was opened in line 1"),
        ("<a>\n <b>\n </c>\n</a>", "3:2 `</c>` stands where `</b>` is due; `<b>` was opened in line 2"),
        ("<x:a></a>", "1:6 `</a>` stands where `</x:a>` is due; `<x:a>` was opened in line 1"),
        ("<a></a b='1'>", "1:4 `</a b='1'>` stands where `</a>` is due; `<a>` was opened in line 1"),
        ("</a>", "1:1 `</a>` closes nothing"),
        ("<a/></a>", "1:5 `</a>` closes nothing"),
        ("<a>\n<b>", "2:1 `<b>` is never closed"),
        ("<a>\n<b>text</b>", "1:1 `<a>` is never closed"),
        ("<a>\n<b", "2:1 the tag does not end with `>`"),
        ("<a>\n<b c='d></b></a>", "2:1 the attribute value does not end with `'`"),
        ("<a>\n<b <c>text</c></a>", "2:1 the tag `<b` has no `>`"),
        ("<a>\n<b<c>text</c></a>", "2:1 the tag `<b` has no `>`"),
        ("<a>\n<!-- </a>", "2:1 the comment does not end with `-->`"),
        ("<a>\n<!-- one-two -- three --></a>", "2:14 `--` is not allowed inside a comment"),
        ("<a>\n<![CDATA[ </a>", "2:1 the CDATA section does not end with `]]>`"),
        ("<a>\n<?pi </a>", "2:1 the processing instruction does not end with `?>`"),
        ("<?xml version='1.0'", "1:1 the XML declaration does not end with `?>`"),
        ("<a>]]></a>", "1:4 `]]>` is not allowed in text"),
        ("<a/>\n<??>", "2:1 this is no comment, CDATA section, tag or processing instruction"),
        ("<a><?]]>?></a>", "1:4 this is no comment, CDATA section, tag or processing instruction"),
        ("<a><!x></a>", "1:4 this is no comment, CDATA section, tag or processing instruction"),
        ("<a>< b/></a>", "1:4 this is no comment, CDATA section, tag or processing instruction"),
        ("\n<?xml version='1.0'?><a/>", "2:1 the XML declaration is not the first thing in the file"),
        ("<a><?xml version='1.0'?></a>", "1:4 the XML declaration is not the first thing in the file"),
        ("<?xml encoding='UTF-8'?><a/>", "1:1 the XML declaration does not begin with version=\"1.0\""),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "1:31 the file declares the encoding `ISO-8859-1`; only UTF-8 is read"),
        ("\u{feff}<?xml version='1.0' encoding='UTF-16'?><a/>", "1:31 the file declares the encoding `UTF-16`; only UTF-8 is read"),
        ("<a>\n<<<<<<< HEAD\n<b/>\n=======\n</a>", "2:1 there is an unresolved merge conflict"),
        ("<a>\n<<<<<<< HEAD", "2:1 there is an unresolved merge conflict"),
        (&deep, "1:385 elements are nested more than 128 deep"),
    ];
    for (text, expected) in cases {
        assert_eq!(complaint(text), *expected, "{text:?}");
    }
}

#[test]
fn a_problem_becomes_a_diagnostic_with_place_and_help() {
    let source = SourceText::new("apps/A.xml", "<a>\n  R&D\n</a>");
    let diagnostic = parse(&source, Keep::All).unwrap_err().diagnostic(&source);
    assert_eq!(diagnostic.title, "an `&` stands alone");
    assert_eq!(diagnostic.location.unwrap().to_string(), "apps/A.xml:2:4");
    assert_eq!(diagnostic.help.as_deref(), Some("write `&amp;`"));
}

#[test]
fn long_names_are_cut_in_messages() {
    let name = "é".repeat(5000);
    assert_eq!(refuse(&format!("<{name}>")).to_string(), format!("`<{}…>` is never closed", "é".repeat(60)));
}

#[test]
fn what_is_read() {
    let cases: &[(&str, &str)] = &[
        ("<a>text</a>", "text"),
        ("<a> text\n</a>", " text\n"),
        ("<a>one\r\ntwo\rthree&#13;</a>", "one\ntwo\nthree\r"),
        ("<a><![CDATA[<b>&amp;\r\n]]></a>", "<b>&amp;\n"),
        ("<a>R&amp;D &lt;&gt;&quot;&apos;&#228;&#xe4;&#x1F600;</a>", "R&D <>\"'ää😀"),
        ("<a>https://example.com/<!-- not this -->callback<?nor this?></a>", "https://example.com/callback"),
        ("<a>one<b>two</b>three</a>", "onethree"),
        ("<a\n  b = '>'\n\tc=\"/>\">text</a\n>", "text"),
        ("<?xml version=\"1.0\" encoding=\"utf-8\" standalone='yes'?>\n<!-- c -->\n<a>text</a>\n<!-- d -->\n", "text"),
        ("<?xml version='1.0' encoding='US-ASCII'?><a>text</a>", "text"),
        ("\u{feff}<a>text</a>", "text"),
        ("<a>\u{a0}\u{85}\u{7f}</a>", "\u{a0}\u{85}\u{7f}"),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text).text, *expected, "{text:?}");
    }
}

#[test]
fn names_lose_their_prefix() {
    let root = read("<md:a xmlns:md='urn:x'><md:b/><c/></md:a>");
    assert_eq!((root.name.as_str(), root.children[0].name.as_str(), root.children[1].name.as_str()), ("a", "b", "c"));
    assert_eq!(root.children_named("b").count(), 1);
}

#[test]
fn spans_count_the_byte_order_mark_and_the_raw_line_ends() {
    for mark in ["", "\u{feff}"] {
        let text = format!("{mark}<?xml version='1.0'?>\r\n<a>\r\n  <b c='é'>ü&amp;\r\n</b><d/>\r\n</a>");
        let source = SourceText::new("app.xml", text);
        let root = parse(&source, Keep::All).unwrap();
        let [b, d] = &root.children[..] else { panic!("two children") };
        assert_eq!(source.slice(root.name_span), "a");
        assert_eq!(source.slice(b.span), "<b c='é'>ü&amp;\r\n</b>");
        assert_eq!(source.slice(b.name_span), "b");
        assert_eq!(source.slice(b.inner), "ü&amp;\r\n");
        assert_eq!(b.text, "ü&\n");
        assert_eq!(source.slice(d.span), "<d/>");
        assert!(d.inner.is_empty() && d.inner.start == d.span.end);
        let position = source.position(b.span.start);
        assert_eq!((position.line, position.column), (3, 3));
    }
}

#[test]
fn top_level_keeps_the_named_children_whole_and_checks_the_rest() {
    let text = "<Profile>\n<a><b>1</b></a><c><a>2</a></c><a/>x</Profile>";
    let root = parse(&SourceText::new("p.xml", text), Keep::TopLevel(&["a"])).unwrap();
    assert_eq!(root.children, read(text).children_named("a").cloned().collect::<Vec<_>>());
    assert_eq!(root.text, "\nx");

    for bad in ["<p><c><d></c></p>", "<p><c>&x;</c></p>", "<p><c b b/></p>", "<p><c>&#0;</c></p>"] {
        let error = parse(&SourceText::new("p.xml", bad), Keep::TopLevel(&["a"])).unwrap_err();
        assert_eq!(error, refuse(bad));
    }
}

#[test]
fn depth_is_counted_from_the_outermost_element() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(parse(&SourceText::new("d.xml", nested(MAX_DEPTH)), Keep::All).is_ok());
    assert!(parse(&SourceText::new("d.xml", nested(MAX_DEPTH + 1)), Keep::All).is_err());
}

#[test]
fn bytes_that_are_not_utf_8_say_what_they_are() {
    let cases: &[(&[u8], &str)] = &[
        (b"\xFF\xFE<\0a\0", "the file is UTF-16 (little endian), not UTF-8"),
        (b"\xFE\xFF\0<\0a", "the file is UTF-16 (big endian), not UTF-8"),
        (b"\xFF\xFE\0\0<\0\0\0", "the file is UTF-32 (little endian), not UTF-8"),
        (b"\0\0\xFE\xFF\0\0\0<", "the file is UTF-32 (big endian), not UTF-8"),
        (b"<\0a\0", "the file holds a NUL byte at offset 1: it is UTF-16 or no text at all"),
        (b"<a>caf\xE9</a>", "the file is not UTF-8: byte 0xE9 at offset 6 cannot stand there"),
        (b"<a>\xED\xA0\x80</a>", "the file is not UTF-8: byte 0xED at offset 3 cannot stand there"),
        (b"<a>\xC3", "the file is not UTF-8: byte 0xC3 at offset 3 cannot stand there"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(decode(bytes.to_vec()).unwrap_err().to_string(), *expected);
    }
    assert_eq!(decode(b"ab\0".to_vec()).map_err(DecodeError::offset), Err(2));
    assert_eq!(decode("\u{feff}<a/>".into()).unwrap(), "\u{feff}<a/>");
}

/// Names, ranges and texts of all elements, in file order.
type Shape = Vec<(String, std::ops::Range<usize>, String)>;

fn shape(element: &Element, into: &mut Shape) {
    into.push((element.name.clone(), element.span.range(), element.text.clone()));
    element.children.iter().for_each(|child| shape(child, into));
}

/// The same from another parser.
fn oracle(text: &str) -> Shape {
    let document = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{error} in {text:?}"));
    let own_text = |node: roxmltree::Node| node.children().filter(roxmltree::Node::is_text).filter_map(|t| t.text()).collect();
    let elements = document.descendants().filter(roxmltree::Node::is_element);
    elements.map(|node| (node.tag_name().name().to_owned(), node.range(), own_text(node))).collect()
}

/// White space has no lone `\r` here: roxmltree leaves one that follows a reference as it is, against XML 1.0 section 2.11.
fn content() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z A-Zäöü€😀.:/?=\"'-]{0,8}",
        "([ \t\n]|\r\n){0,4}",
        Just("&amp;".to_owned()),
        Just("&#228;".to_owned()),
        Just("&#xD;".to_owned()),
        "<!\\[CDATA\\[([a-z<&]|\r\n){0,6}\\]\\]>",
        "<!--[a-z <&>]{0,6}-->",
        "<\\?[a-z]{1,2}y [a-z<]{0,4}\\?>",
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn element() -> impl Strategy<Value = String> {
    let tag = ("[a-zA-Zé_][a-zA-Z0-9é._-]{0,4}", "|[ \n]{1,2}x='[a-z>/ ]{0,4}'|\r\n y = \"&lt;'\" ");
    let leaf = (tag, content(), any::<bool>()).prop_map(|((name, attributes), content, empty)| {
        if empty { format!("<{name}{attributes}/>") } else { format!("<{name}{attributes}>{content}</{name} >") }
    });
    leaf.prop_recursive(4, 40, 5, move |inner| {
        (tag, prop::collection::vec((content(), inner), 0..5), content()).prop_map(|((name, attributes), children, last)| {
            let mut text = format!("<{name}{attributes}>");
            for (before, child) in children {
                write!(text, "{before}{child}").unwrap();
            }
            text + &last + "</" + &name + ">"
        })
    })
}

fn document() -> impl Strategy<Value = String> {
    let before = prop_oneof![
        Just(""),
        Just("\u{feff}"),
        Just("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"),
        Just("\u{feff}<?xml version='1.0'?>\n<!-- c -->"),
    ];
    (before, element(), "[ \n]{0,2}").prop_map(|(before, element, after)| format!("{before}{element}{after}"))
}

/// Pieces of markup in any order: mostly bad, sometimes good.
const RUBBLE: &str =
    "(<a>|</a>|<b c='|'|\"|/>|>|<|&|amp;|#|;|<!--|-->|<!\\[CDATA\\[|\\]\\]>|<\\?|xml |\\?>|\r\n|[a-c :=\n\u{feff}\u{b}é]){0,24}";

proptest! {
    #[test]
    fn agrees_with_another_parser(text in document()) {
        let root = read(&text);
        let mut ours = Shape::new();
        shape(&root, &mut ours);
        prop_assert_eq!(ours, oracle(&text));

        let wanted: Vec<&str> = root.children.iter().map(|child| child.name.as_str()).step_by(2).collect();
        let some = parse(&SourceText::new("app.xml", text.as_str()), Keep::TopLevel(&wanted)).unwrap();
        let expected: Vec<&Element> = root.children.iter().filter(|child| wanted.contains(&child.name.as_str())).collect();
        prop_assert_eq!(some.children.iter().collect::<Vec<_>>(), expected);
        prop_assert_eq!(some.text, root.text);
    }

    #[test]
    fn what_is_read_another_parser_reads_too(text in RUBBLE) {
        let source = SourceText::new("app.xml", text.as_str());
        match parse(&source, Keep::All) {
            Ok(root) => {
                let mut ours = Shape::new();
                shape(&root, &mut ours);
                prop_assert_eq!(ours, oracle(&text));
            }
            Err(error) => {
                prop_assert!(error.span.end <= text.len());
                prop_assert!(text.is_char_boundary(error.span.start) && text.is_char_boundary(error.span.end));
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(text) = decode(bytes) {
            let source = SourceText::new("app.xml", text);
            let _ = parse(&source, Keep::All).map_err(|error| error.diagnostic(&source));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}", cut in any::<prop::sample::Index>(), document in document()) {
        let _ = parse(&SourceText::new("app.xml", text.as_str()), Keep::All);
        let start: String = document.chars().take(cut.index(document.chars().count() + 1)).collect();
        let _ = parse(&SourceText::new("app.xml", start + &text), Keep::All);
    }
}
