//! The values that facts are made of: callback URLs, IP ranges, certificates, template variables.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::date;
use orgwarden::inventory::callback::{AppUrl, Callback, UrlRole, split_lines, split_list};
use orgwarden::inventory::certificate::{Certificate, KeyAlgorithm, X509};
use orgwarden::inventory::ip_range::IpRange;
use orgwarden::inventory::template::holds_variable;
use proptest::prelude::*;

/// Scheme, host and the flags that are set.
fn describe(written: &str) -> String {
    let callback = Callback::parse(written);
    let flags = [
        (callback.loopback, "loopback"),
        (callback.clear_text, "clear_text"),
        (callback.custom_scheme, "custom_scheme"),
        (callback.pattern, "pattern"),
        (callback.placeholder, "placeholder"),
        (callback.invalid, "invalid"),
    ];
    let set: Vec<&str> = flags.iter().filter(|(set, _)| *set).map(|(_, name)| *name).collect();
    format!("{}|{}|{}", callback.scheme, callback.host, set.join(" "))
}

#[test]
fn callbacks() {
    let cases: &[(&str, &str)] = &[
        ("https://app.acme.internal/oauth/callback", "https|app.acme.internal|"),
        ("  https://app.acme.internal/cb\n", "https|app.acme.internal|"),
        ("HTTPS://App.Acme.INTERNAL/cb", "https|app.acme.internal|"),
        ("https://app.acme.internal:8443/cb?x=1", "https|app.acme.internal|"),
        ("https://müller.internal/cb", "https|xn--mller-kva.internal|"),
        // Clear text (CB-01).
        ("http://app.acme.internal/cb", "http|app.acme.internal|clear_text"),
        ("HTTP://APP.Acme.internal", "http|app.acme.internal|clear_text"),
        ("http://203.0.113.7/cb", "http|203.0.113.7|clear_text"),
        ("http://localhost@acme.internal/cb", "http|acme.internal|clear_text"),
        ("http://localhost.acme.internal/cb", "http|localhost.acme.internal|clear_text"),
        // Loopback (CB-02), however the address is spelt.
        ("http://localhost:1717/OauthRedirect", "http|localhost|loopback"),
        ("https://localhost/callback", "https|localhost|loopback"),
        ("http://LOCALHOST.:8080", "http|localhost.|loopback"),
        ("http://127.0.0.1:8080/cb", "http|127.0.0.1|loopback"),
        ("http://127.5.0.1", "http|127.5.0.1|loopback"),
        ("http://2130706433/", "http|127.0.0.1|loopback"),
        ("http://0x7f.1/", "http|127.0.0.1|loopback"),
        ("http://[::1]:8080", "http|[::1]|loopback"),
        ("https://acme.internal@127.0.0.1/", "https|127.0.0.1|loopback"),
        // Patterns (CB-03).
        ("https://*.acme.internal/cb", "https|*.acme.internal|pattern"),
        ("https://acme.internal/cb#token", "https|acme.internal|pattern"),
        ("https://acme.internal/a/../cb", "https|acme.internal|pattern"),
        // Custom schemes (CB-04).
        ("sfdc://oauth", "sfdc|oauth|custom_scheme"),
        ("SFDC://Oauth", "sfdc|oauth|custom_scheme"),
        ("com.example.app:/cb", "com.example.app||custom_scheme"),
        ("myapp:callback", "myapp||custom_scheme"),
        ("urn:ietf:wg:oauth:2.0:oob", "urn||custom_scheme"),
        ("testsfdc:///mobilesdk/detect/oauth/done", "testsfdc||custom_scheme"),
        // Placeholders and tools (CB-05).
        ("https://example.com/cb", "https|example.com|placeholder"),
        ("https://app.example.org/cb", "https|app.example.org|placeholder"),
        ("https://a.b.example.net", "https|a.b.example.net|placeholder"),
        ("https://app.example", "https|app.example|placeholder"),
        ("https://app.test/", "https|app.test|placeholder"),
        ("https://app.invalid/", "https|app.invalid|placeholder"),
        ("https://notexample.com/cb", "https|notexample.com|"),
        ("https://example.com.acme.internal/cb", "https|example.com.acme.internal|"),
        ("https://acme.internal/example.com", "https|acme.internal|"),
        ("https://EXAMPLE.COM./cb", "https|example.com.|placeholder"),
        ("https://oauth.pstmn.io/v1/callback", "https|oauth.pstmn.io|placeholder"),
        ("https://1a2b.ngrok.io/cb", "https|1a2b.ngrok.io|placeholder"),
        ("https://1a2b.ngrok-free.app/cb", "https|1a2b.ngrok-free.app|placeholder"),
        ("https://1a2b.ngrok.app/cb", "https|1a2b.ngrok.app|placeholder"),
        ("https://a-b-c.trycloudflare.com", "https|a-b-c.trycloudflare.com|placeholder"),
        ("https://openidconnect.herokuapp.com/callback", "https|openidconnect.herokuapp.com|placeholder"),
        ("https://workbench.developerforce.com/oauth", "https|workbench.developerforce.com|placeholder"),
        ("https://login.salesforce.com/services/oauth2/success", "https|login.salesforce.com|placeholder"),
        ("https://test.salesforce.com/services/oauth2/callback", "https|test.salesforce.com|placeholder"),
        ("https://acme.my.salesforce.com/services/authcallback/Acme", "https|acme.my.salesforce.com|"),
        // Template variables: neither host nor validity is known.
        ("{CALLBACK_URL}", "||placeholder"),
        ("{{CALLBACK_URL}}", "||placeholder"),
        ("https://${HOST}/cb", "https||placeholder"),
        ("http://${HOST}/cb", "http||placeholder"),
        ("https://%HOST%/cb", "https||placeholder"),
        ("https://__HOST__/cb", "https||placeholder"),
        ("https://acme.internal/{PATH}", "https|acme.internal|placeholder"),
        // No URLs.
        ("", "||invalid"),
        ("localhost:3000/salesforce/callback", "||invalid"),
        ("localhost:3000", "||invalid"),
        ("acme.internal/cb", "||invalid"),
        ("/services/oauth2/callback", "||invalid"),
        ("//acme.internal/cb", "||invalid"),
        ("https://", "https||invalid"),
        ("https://[::1/cb", "https||invalid"),
        ("http//acme.internal", "||invalid"),
        ("1a:b", "||invalid"),
        ("not a URL", "||invalid"),
    ];
    for (written, expected) in cases {
        assert_eq!(describe(written), *expected, "{written:?}");
    }
}

#[test]
fn one_element_holds_several_callbacks() {
    let lines = "https://a.acme.internal/cb\r\n\n  https://b.acme.internal/cb \rsfdc://x, y\n";
    let found: Vec<_> = split_lines(lines).map(|(_, url)| url).collect();
    assert_eq!(found, ["https://a.acme.internal/cb", "https://b.acme.internal/cb", "sfdc://x, y"]);

    let list = " https://a.acme.internal/cb,https://b.acme.internal/ü\thttps://c.acme.internal/cb\r\n,\n sfdc://x";
    let found: Vec<_> = split_list(list).map(|(_, url)| url).collect();
    assert_eq!(found, ["https://a.acme.internal/cb", "https://b.acme.internal/ü", "https://c.acme.internal/cb", "sfdc://x"]);

    assert_eq!(split_lines(" \r\n ").count() + split_list(" ,\n").count(), 0);
}

#[test]
fn urls_of_an_app() {
    let cases: &[(&str, bool)] = &[
        ("https://acme.internal/start", true),
        ("HTTPS://acme.internal/start", true),
        ("/apex/Start", true),
        ("http://acme.internal/start", false),
        ("//acme.internal/start", false),
        ("/\\acme.internal/start", false),
        ("acme.internal/start", false),
        ("javascript:alert(1)", false),
        ("https://", false),
        ("", false),
    ];
    for (url, https) in cases {
        assert_eq!(AppUrl::parse(UrlRole::Start, url), AppUrl { role: UrlRole::Start, url: (*url).into(), https: *https });
    }
    assert_eq!(UrlRole::MobileStart.as_str(), "mobile-start");
}

#[test]
fn template_variables() {
    for text in ["{X}", "{{CERT}}", "${env.CERT}", "a%SECRET%b", "__SECRET__", "x__A_B__y", "%CA_CERT%"] {
        assert!(holds_variable(text), "{text}");
    }
    for text in ["", "{}", "{ }", "{a b}", "a__b", "____", "100%", "%41%42%43", "caf%C3%A9", "50% of 10%", "__1__"] {
        assert!(!holds_variable(text), "{text}");
    }
}

#[test]
fn ip_ranges() {
    let cases: &[(&str, &str, i64, bool, bool)] = &[
        ("203.0.113.0", "203.0.113.255", 256, false, false),
        (" 203.0.113.7 ", "203.0.113.7\n", 1, false, false),
        ("10.0.0.0", "10.255.255.255", 1 << 24, false, false),
        ("0.0.0.0", "255.255.255.255", 1 << 32, true, false),
        ("0.0.0.0", "127.255.255.255", 1 << 31, true, false),
        ("0.0.0.0", "127.255.255.254", (1 << 31) - 1, false, false),
        ("2001:db8::", "2001:db8::ffff", 1 << 16, false, false),
        ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", 1 << 62, false, false),
        ("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1 << 62, true, false),
        ("8000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 1 << 62, true, false),
        // IPv4 as IPv6 writes it.
        ("::ffff:203.0.113.0", "::ffff:203.0.113.255", 256, false, false),
        ("::ffff:0.0.0.0", "::ffff:255.255.255.255", 1 << 32, true, false),
        ("::", "::ffff:ffff:ffff", 1 << 48, true, false),
        // Not two addresses of one family in order.
        ("203.0.113.9", "203.0.113.8", 0, false, true),
        ("203.0.113.0", "2001:db8::", 0, false, true),
        ("203.0.113.0", "", 0, false, true),
        ("203.0.113.0/24", "203.0.113.255", 0, false, true),
        ("203.0.113.256", "203.0.113.255", 0, false, true),
        ("203.000.113.001", "203.0.113.255", 0, false, true),
        ("{IP}", "{IP}", 0, false, true),
    ];
    for (start, end, addresses, whole_internet, invalid) in cases {
        let range = IpRange::parse(start, end);
        assert_eq!(
            (range.addresses, range.whole_internet, range.invalid),
            (*addresses, *whole_internet, *invalid),
            "{start} {end}"
        );
        assert_eq!((range.start.as_str(), range.end.as_str()), (start.trim(), end.trim()));
    }
}

#[test]
fn an_address_lies_in_a_range_or_not_or_there_is_no_range() {
    let cases = [
        ("203.0.113.0", "203.0.113.63", "203.0.113.0", Some(true)),
        ("203.0.113.0", "203.0.113.63", "203.0.113.63", Some(true)),
        ("203.0.113.0", "203.0.113.63", "203.0.113.64", Some(false)),
        ("203.0.113.0", "203.0.113.63", "::ffff:203.0.113.7", Some(true)),
        ("::ffff:203.0.113.0", "::ffff:203.0.113.63", "203.0.113.7", Some(true)),
        ("2001:db8::", "2001:db8::ffff", "2001:db8::1", Some(true)),
        ("2001:db8::", "2001:db8::ffff", "203.0.113.7", Some(false)),
        ("203.0.113.63", "203.0.113.0", "203.0.113.7", None),
        ("203.0.113.0", "everywhere", "203.0.113.7", None),
    ];
    for (start, end, address, expected) in cases {
        assert_eq!(IpRange::parse(start, end).contains(address.parse().unwrap()), expected, "{address} in {start}-{end}");
    }
}

const RSA: &str = include_str!("data/certificates/rsa-2048.pem");

/// The base64 lines of a PEM file.
fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with("-----")).collect()
}

fn details(text: &str) -> X509 {
    Certificate::read(text).details.unwrap_or_else(|problem| panic!("{problem}: {text}"))
}

#[test]
fn what_is_said_of_a_certificate() {
    let rsa = details(RSA);
    assert_eq!(rsa.subject, "O=Example, CN=billing.example.com");
    assert_eq!((rsa.not_before, rsa.not_after), (date(2025, 1, 1), date(2120, 1, 1)));
    assert_eq!((rsa.key_algorithm, rsa.key_bits, rsa.weak_signature), (KeyAlgorithm::Rsa, 2048, false));
    assert_eq!(i64::try_from(STANDARD.decode(body(RSA)).unwrap().len()).unwrap(), rsa.bytes);
    assert_eq!(rsa.validity_days(), 34_697);

    let small = details(include_str!("data/certificates/rsa-1024.pem"));
    assert_eq!((small.key_algorithm, small.key_bits), (KeyAlgorithm::Rsa, 1024));
    let curve = details(include_str!("data/certificates/ec-p256.pem"));
    assert_eq!((curve.key_algorithm, curve.key_bits, curve.weak_signature), (KeyAlgorithm::Ec, 256, false));
    let edwards = details(include_str!("data/certificates/ed25519.pem"));
    assert_eq!((edwards.key_algorithm, edwards.key_bits, edwards.weak_signature), (KeyAlgorithm::Other, 256, false));
    assert!(details(include_str!("data/certificates/sha1.pem")).weak_signature);
}

#[test]
fn the_fingerprint_is_of_the_der_form() {
    // As `openssl x509 -fingerprint -sha256` prints it.
    assert_eq!(details(RSA).fingerprint, FINGERPRINT.replace(':', "").to_lowercase());
}

const FINGERPRINT: &str = "AD:AB:9E:FA:31:DA:87:74:74:E9:3D:9C:24:CF:9B:73:45:2C:2A:28:BC:69:34:10:17:A7:20:1D:98:6B:11:3E";

#[test]
fn days_are_counted_from_the_day_of_the_audit() {
    let expired = details(include_str!("data/certificates/expired.pem"));
    assert_eq!((expired.not_before, expired.not_after), (date(2020, 1, 1), date(2021, 1, 2)));
    for (today, gone, early, left) in [
        (date(2021, 1, 3), true, false, -1),
        (date(2021, 1, 2), false, false, 0),
        (date(2020, 12, 31), false, false, 2),
        (date(2020, 1, 1), false, false, 367),
        (date(2019, 12, 31), false, true, 368),
    ] {
        assert_eq!(
            (expired.expired(today), expired.not_yet_valid(today), expired.days_left(today)),
            (gone, early, left),
            "{today}"
        );
    }
}

#[test]
fn every_form_found_in_repositories_is_the_same_certificate() {
    let expected = Certificate::read(RSA);
    let body = body(RSA);
    let bags = include_str!("data/certificates/with-bag-attributes.pem");
    let wrapped =
        |width: usize, end: &str| body.as_bytes().chunks(width).map(|c| String::from_utf8_lossy(c) + end).collect::<String>();
    let forms = [
        body.clone(),
        body.trim_end_matches('=').to_owned(),
        wrapped(64, "\n"),
        wrapped(76, "\r\n"),
        format!("\n        {}\n    ", wrapped(64, "\n        ")),
        RSA.replace('\n', "\r\n"),
        RSA.replace('\n', " "),
        RSA.replace('\n', ""),
        bags.to_owned(),
        STANDARD.encode(RSA),
        STANDARD.encode(bags),
        format!("{RSA}{}", include_str!("data/certificates/ec-p256.pem")),
    ];
    for form in forms {
        assert_eq!(Certificate::read(&form), expected, "{form}");
    }
}

#[test]
fn what_is_no_certificate() {
    let cut = body(RSA)[..400].to_owned();
    let cases: &[(&str, bool, &str)] = &[
        ("", false, "empty"),
        (" \n", false, "empty"),
        ("{CERTIFICATE}", true, "not base64"),
        ("{{CERTIFICATE}}", true, "not base64"),
        ("${CERTIFICATE}", true, "not base64"),
        ("__CERTIFICATE__", true, "not base64"),
        ("-----BEGIN CERTIFICATE-----\n${BODY}\n-----END CERTIFICATE-----", true, "not base64"),
        ("SelfSignedCert_01Jan2025_120000", false, "not base64"),
        ("TWFueSBoYW5kcw==", false, "base64, but not an X.509 certificate"),
        ("MIIFcXVpY2sgYnJvd24gZm94IGp1bXBzIG92ZXI=", false, "base64, but not an X.509 certificate"),
        (&cut, false, "base64, but not an X.509 certificate"),
        ("-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----", false, "PEM, but not of an X.509 certificate"),
        ("-----BEGIN CERTIFICATE-----\n§\n-----END CERTIFICATE-----", false, "not base64"),
        ("-----BEGIN CERTIFICATE-----", false, "base64, but not an X.509 certificate"),
        ("/u3+7QAAAAIAAAAB", false, "a key store, not a certificate; a key store may hold a private key"),
        ("MIIKAgIBAzCCCcg=", false, "a key store, not a certificate; a key store may hold a private key"),
    ];
    for (text, placeholder, problem) in cases {
        let certificate = Certificate::read(text);
        assert_eq!((certificate.placeholder, certificate.private_key), (*placeholder, false), "{text}");
        assert_eq!(certificate.details.unwrap_err(), *problem, "{text}");
    }
}

#[test]
fn a_private_key_is_noticed_and_not_quoted() {
    // No keys: only what keys begin with.
    let pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----\n";
    let forms = [
        pem.to_owned(),
        pem.replace("PRIVATE", "RSA PRIVATE"),
        pem.replace("PRIVATE", "ENCRYPTED PRIVATE"),
        format!("{RSA}{pem}"),
        STANDARD.encode(format!("{RSA}{pem}")),
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC".to_owned(),
        "MIIEpAIBAAKCAQEA".to_owned(),
        "MHcCAQEEIAAAAAAAAAAA".to_owned(),
    ];
    for form in forms {
        let certificate = Certificate::read(&form);
        assert!(certificate.private_key && !certificate.placeholder, "{form}");
        assert_eq!(certificate.details.unwrap_err(), "it holds a private key, which must not be there");
    }
}

proptest! {
    #[test]
    fn nothing_makes_values_panic(text in "(\\PC|\n|%|\\{|\\}|__|:|/|\\.){0,40}", other in "[0-9a-f:.]{0,20}") {
        let callback = Callback::parse(&text);
        prop_assert!(!callback.clear_text || !callback.loopback && !callback.custom_scheme);
        let _ = AppUrl::parse(UrlRole::Info, &text);
        let _ = IpRange::parse(&text, &other);
        prop_assert!(Certificate::read(&text).details.is_err());
        for (range, url) in split_lines(&text).chain(split_list(&text)) {
            prop_assert_eq!(&text[range], url);
            prop_assert!(!url.is_empty() && url.trim() == url);
        }
    }

    #[test]
    fn ranges_count_their_addresses(first in any::<u32>(), more in 0..=u32::MAX) {
        let last = first.saturating_add(more);
        let range = IpRange::parse(&std::net::Ipv4Addr::from(first).to_string(), &std::net::Ipv4Addr::from(last).to_string());
        prop_assert!(!range.invalid);
        prop_assert_eq!(range.addresses, i64::from(last) - i64::from(first) + 1);
        prop_assert_eq!(range.whole_internet, range.addresses >= 1 << 31);
    }

    #[test]
    fn a_damaged_certificate_makes_no_panic(at in any::<prop::sample::Index>(), byte in any::<u8>(), end in any::<prop::sample::Index>()) {
        let mut der = STANDARD.decode(body(RSA)).unwrap();
        let at = at.index(der.len());
        der[at] = byte;
        let _ = Certificate::read(&STANDARD.encode(&der));
        der.truncate(end.index(der.len()));
        prop_assert!(Certificate::read(&STANDARD.encode(&der)).details.is_err());
    }

    #[test]
    fn bytes_make_no_certificate(bytes in prop::collection::vec(any::<u8>(), 1..100)) {
        let certificate = Certificate::read(&STANDARD.encode(&bytes));
        prop_assert!(certificate.details.is_err() && !certificate.placeholder);
    }
}
