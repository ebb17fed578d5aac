//! Suites and cases as elements.

use std::io;

use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::super::words::{short_line, short_lines};
use super::{Case, Outcome, Suite, Told, Totals};

/// Characters of an attribute other than a name.
const MAX_ATTRIBUTE: usize = 500;
/// Characters of what stands below it.
const MAX_BODY: usize = 5000;

pub(super) type Xml = Writer<Vec<u8>>;

pub(super) fn write_suite(xml: &mut Xml, suite: &Suite) -> io::Result<()> {
    let totals: Totals = suite.cases.iter().collect();
    let totals = totals.attributes();
    let mut element = xml.create_element("testsuite").with_attribute(("name", suite.name.as_str()));
    element = element.with_attributes(totals.iter().map(|(name, value)| (*name, value.as_str())));
    if !suite.file.is_empty() {
        element = element.with_attribute(("file", attribute(&suite.file).as_str()));
    }
    element.write_inner_content(|xml| {
        if !suite.properties.is_empty() {
            xml.create_element("properties").write_inner_content(|xml| {
                suite.properties.iter().try_for_each(|(name, value)| {
                    let property = xml.create_element("property").with_attribute(("name", *name));
                    property.with_attribute(("value", value.to_string().as_str())).write_empty().map(|_| ())
                })
            })?;
        }
        suite.cases.iter().try_for_each(|case| write_case(xml, &suite.name, case))
    })?;
    Ok(())
}

fn write_case(xml: &mut Xml, suite: &str, case: &Case) -> io::Result<()> {
    let class = format!("orgwarden.{suite}");
    let element = xml.create_element("testcase").with_attributes([("classname", class.as_str())]);
    let element = element.with_attribute(("name", case.name.as_str()));
    match &case.result {
        Outcome::Passed => element.write_empty()?,
        Outcome::Failure(told) => element.write_inner_content(|xml| write_told(xml, "failure", told))?,
        Outcome::Error(told) => element.write_inner_content(|xml| write_told(xml, "error", told))?,
        Outcome::Skipped(message) => element.write_inner_content(|xml| {
            xml.create_element("skipped").with_attribute(("message", attribute(message).as_str())).write_empty().map(|_| ())
        })?,
    };
    Ok(())
}

fn write_told(xml: &mut Xml, element: &str, told: &Told) -> io::Result<()> {
    let element = xml.create_element(element).with_attribute(("type", attribute(&told.kind).as_str()));
    let element = element.with_attribute(("message", attribute(&told.message).as_str()));
    let body = in_xml(short_lines(&told.body, MAX_BODY));
    element.write_text_content(BytesText::new(&body)).map(|_| ())
}

fn attribute(text: &str) -> String {
    in_xml(short_line(text.trim(), MAX_ATTRIBUTE))
}

/// The two characters that are harmless elsewhere and that no XML 1.0 may hold, as visible escapes.
pub(super) fn in_xml(text: String) -> String {
    if text.contains(['\u{fffe}', '\u{ffff}']) {
        text.replace('\u{fffe}', r"\u{fffe}").replace('\u{ffff}', r"\u{ffff}")
    } else {
        text
    }
}
