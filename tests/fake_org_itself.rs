//! The fake org keeps to what Salesforce documents: refusals, pages, limits, the WSDL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod fake_org;

#[test]
fn starts() {
    let org = fake_org::seed::acme().start();
    assert!(org.url().starts_with("http://127.0.0.1:"));
}
