//! Any bytes, as an XML file: no panic, and places that lie on characters of the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use orgwarden::source::SourceText;
use orgwarden::source::xml::{Keep, decode, parse};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = decode(bytes.to_vec()) else { return };
    let source = SourceText::new("fuzz.xml", text);
    match parse(&source, Keep::All) {
        Ok(root) => {
            assert!(source.slice(root.span).starts_with('<') && source.slice(root.span).ends_with('>'));
            assert!(parse(&source, Keep::TopLevel(&[])).is_ok_and(|root| root.children.is_empty()));
        }
        Err(error) => {
            assert!(source.text().get(error.span.range()).is_some());
            assert!(!error.diagnostic(&source).title.is_empty());
        }
    }
});
