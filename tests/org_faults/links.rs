//! Addresses that an answer points to: nothing of it goes to another host.

use crate::fake_org::seed::acme;
use crate::fake_org::{FakeOrg, Fault, Running};
use crate::live::{audit, audit_by, differences};

/// Acme, changed with the address of a host that is not its own; that host, which must hear nothing.
fn lured(change: impl FnOnce(&mut FakeOrg, &str)) -> (Running, Running) {
    let elsewhere = FakeOrg::new().start();
    let mut org = acme();
    change(&mut org, &elsewhere.url());
    (org.start(), elsewhere)
}

#[test]
fn a_next_page_elsewhere_is_not_asked_for() {
    let (org, elsewhere) = lured(|org, url| {
        org.page_size = 4;
        org.links_to = url.to_owned();
    });
    let heard = audit(&org, &[]);
    assert_eq!(heard.run.code, 3);
    assert!(heard.gaps().contains("which is not the host of the org; not followed"), "{}", heard.gaps());
    assert!(elsewhere.received().is_empty());
}

#[test]
fn a_next_page_that_names_the_host_of_the_org_is() {
    let org = acme().start();
    let right = audit(&org, &[]).report;
    let url = org.url();
    org.set(|org| (org.page_size, org.links_to) = (4, url));
    assert_eq!(differences(&audit(&org, &[]).report, &right), [""; 0]);
}

#[test]
fn a_redirect_elsewhere_is_not_followed() {
    let places = ["/services/data?", "/services/data/v", "/services/Soap", "userinfo"];
    for (place, status) in places.into_iter().zip([301, 302, 307, 308]) {
        let (org, elsewhere) = lured(|org, url| org.fault(Fault::redirect(status, &format!("{url}/services/data")).on(place)));
        let heard = audit(&org, &[]);
        assert_eq!(heard.run.code, 3, "{status} at {place}");
        assert!(elsewhere.received().is_empty(), "{status} at {place}");
    }
}

#[test]
fn an_instance_url_elsewhere_gets_no_token() {
    for instance in
        ["https://acme.my.salesforce.com.example.com", "http://203.0.113.9", "https://user@203.0.113.9/", "ftp://127.0.0.1"]
    {
        let mut org = acme();
        org.instance_url = Some(instance.to_owned());
        let org = org.start();
        let secret = ("ORGWARDEN_CLIENT_SECRET", "FAKE-CLIENT-SECRET-DO-NOT-LEAK".to_owned());
        let heard = audit_by(&org, &[secret], &["--client-id", "FakeConsumerKey0001", "--login-url", &org.url()]);
        assert!(matches!(heard.run.code, 2 | 3), "{instance}: {:?}", heard.run);
        // The token endpoint alone was asked.
        assert_eq!(org.received().len(), 1, "{instance}");
    }
}
