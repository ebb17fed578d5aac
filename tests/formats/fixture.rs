//! One report with everything that can be in a report, and names somebody chose to do harm.

use std::collections::BTreeMap;
use std::sync::Arc;

use orgwarden::compare::fingerprint;
use orgwarden::diagnostic::Diagnostic;
use orgwarden::finding::{Advice, Advised, Effect, Evidence, Finding, Preset, Remediation, RuleInfo, Severity, Subject, Undecided};
use orgwarden::inventory::Origin;
use orgwarden::inventory::blast_radius::{BlastLevel, BlastRadius};
use orgwarden::inventory::contract::{Criticality, Governance};
use orgwarden::inventory::waiver::Status;
use orgwarden::report::{Asked, Counts, Format, LeftOut, Report, Source, Style, Waived, write};
use orgwarden::source::{Location, SourceText, Span};

pub(crate) const APP: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<ConnectedApp xmlns="http://soap.sforce.com/2006/04/metadata">
    <contactEmail>owner@example.com</contactEmail>
    <label>Acme Portal</label>
    <oauthConfig>
        <callbackUrl>http://portal.example.com/callback</callbackUrl>
        <certificate>CERTIFICATE</certificate>
        <scopes>Full</scopes>
        <scopes>Api</scopes>
    </oauthConfig>
</ConnectedApp>
"#;

pub(crate) fn app_text() -> Arc<SourceText> {
    SourceText::new(
        "force-app/main/default/connectedApps/Acme_Portal.connectedApp-meta.xml",
        APP.replace("CERTIFICATE", &"MIIC+/9a".repeat(250)),
    )
}

pub(crate) fn find(text: &Arc<SourceText>, part: &str) -> Location {
    let start = text.text().find(part).expect("the part is in the text");
    Location::new(text, Span::new(start, start + part.len()))
}

pub(crate) fn evidence(fact: &str, value: &str, origin: Option<Origin>) -> Evidence {
    Evidence { fact: fact.to_owned(), value: value.to_owned(), missing: None, origin }
}

pub(crate) fn rule(id: &str, title: &str, severity: Severity, effect: Effect) -> RuleInfo {
    RuleInfo {
        id: id.to_owned(),
        title: title.to_owned(),
        why: "A token with the scope `full` can do everything its user can.\n\nSee <b>RFC 9700</b>.".to_owned(),
        category: "flows".to_owned(),
        severity,
        effect,
        preset: Preset::Minimal,
        tags: Vec::new(),
        remediation: Advised { setup: Advice::Same(remedy().setup), metadata: Advice::Same(remedy().metadata) },
        controls: BTreeMap::from([
            ("cwe".to_owned(), vec!["CWE-862".to_owned()]),
            ("sbs".to_owned(), vec!["SBS-OAUTH-002".to_owned()]),
        ]),
        references: vec!["https://help.example.com/oauth_scopes".to_owned()],
    }
}

pub(crate) fn remedy() -> Remediation {
    Remediation {
        setup: "1. Open App Manager and choose Edit for the app.\n2. Under Selected OAuth Scopes remove what the app does not need, and keep \
                refresh_token where it uses the JWT or SAML bearer flow."
            .to_owned(),
        metadata: "  <scopes>RefreshToken</scopes>".to_owned(),
    }
}

pub(crate) fn finding(rule: &RuleInfo, subject: &Subject, message: &str, evidence: Vec<Evidence>, number: u8) -> Finding {
    Finding {
        rule: rule.id.clone(),
        title: rule.title.clone(),
        severity: rule.severity,
        effect: rule.effect,
        subject: subject.clone(),
        message: message.to_owned(),
        evidence,
        remediation: remedy(),
        fingerprint: format!("{number:02x}").repeat(32),
        baseline: None,
        new_values: Vec::new(),
    }
}

pub(crate) fn hostile_governance() -> Governance {
    Governance {
        owner: "\u{1b}[31mnobody\n".to_owned(),
        criticality: Some(Criticality::High),
        vendor: "=evil() [x](https://evil.example.com)".to_owned(),
    }
}

/// What is certain; there may be everything.
pub(crate) fn radius(least: BlastLevel) -> BlastRadius {
    let reasons = vec!["the scope `\u{1b}[2J<api>` opens whatever the user may do".to_owned()];
    BlastRadius {
        least,
        most: BlastLevel::Org,
        reasons,
        unknown: (least != BlastLevel::Org).then(|| "nobody\u{1b}[2J looked".into()),
    }
}

/// What was asked about two apps, of which one certainly opens the org, and nothing found.
pub(crate) fn asked(portal: &Subject, hostile: &Subject) -> Report {
    Report {
        asked: Asked { preset: "recommended", left_out: 3, ..Asked::default() },
        blast_radius: BTreeMap::from([(portal.clone(), radius(BlastLevel::Org)), (hostile.clone(), radius(BlastLevel::Partial))]),
        ..Report::default()
    }
}

/// An app whose every text was written by somebody who means harm.
pub(crate) fn hostile() -> Subject {
    Subject {
        kind: "external-client-app",
        name: "=cmd()|<script>alert(1)</script>".to_owned(),
        label: "\u{1b}[2J\u{202e}evil\n[click](https://evil.example.com)".to_owned(),
        path: "force-app/ECA #1/häßlich.eca-meta.xml".to_owned(),
        path_in_source: "ECA #1/häßlich.eca-meta.xml".to_owned(),
        org: String::new(),
        governance: hostile_governance(),
        org_id: String::new(),
    }
}

/// Everything that can be in a report, once, and names somebody chose to do harm.
pub(crate) fn report() -> Report {
    let text = app_text();
    let portal = Subject {
        kind: "connected-app",
        name: "Acme_Portal".to_owned(),
        label: "Acme Portal".to_owned(),
        path: text.name().to_string(),
        path_in_source: text.name().to_string(),
        org: String::new(),
        governance: Governance::default(),
        org_id: String::new(),
    };
    let hostile = hostile();
    let missing =
        rule("refresh-token-scope-missing", "Bearer-assertion app lacks the refresh_token scope", Severity::High, Effect::Broken);
    let full = rule("scope-full", "App can do everything", Severity::Critical, Effect::Unsafe);
    let plain = rule("callback-plain-http", "Callback URL without TLS", Severity::Medium, Effect::Unsafe);
    let owner = rule("owner-missing", "Nobody is named for the app", Severity::Info, Effect::Unsafe);
    let end_of_config = text.text().find("    </oauthConfig>").unwrap();
    let profile = SourceText::new("force-app/main/default/profiles/Admin.profile-meta.xml", "<Profile>\n  <x/>\n</Profile>\n");
    let certificate = find(&text, "<certificate>");
    let certificate = Location::new(&text, Span::new(certificate.span().start + 900, certificate.span().start + 920));
    Report {
        source: Source::of_paths(vec!["force-app".to_owned()]),
        apps: 2,
        rules: vec![plain.clone(), full.clone(), missing.clone(), owner.clone()],
        counts: Counts { pass: 2, fail: 5, unknown: 2, not_applicable: 1, waived: 1 },
        findings: vec![
            finding(
                &missing,
                &portal,
                "Acme Portal allows JWT or SAML bearer requests but its scopes lack refresh_token",
                vec![
                    evidence(
                        "app.oauth.scopes",
                        "[full, api]",
                        Some(Origin::Absent(Location::new(&text, Span::at(end_of_config)))),
                    ),
                    evidence("app.oauth.certificate", "a certificate", Some(Origin::Stated(certificate))),
                    evidence("app.profiles", "[Admin]", Some(Origin::Stated(Location::without_text(&profile, Span::new(12, 16))))),
                    evidence("app.oauth.bearer_assertion", "true", None),
                ],
                1,
            ),
            finding(
                &full,
                &portal,
                "Acme Portal is given the scope full",
                vec![evidence("app.oauth.scopes", "Full", Some(Origin::Stated(find(&text, "<scopes>Full</scopes>"))))],
                2,
            ),
            finding(
                &plain,
                &portal,
                "http://portal.example.com/callback has no TLS",
                vec![evidence(
                    "app.oauth.callbacks",
                    "http://portal.example.com/callback",
                    Some(Origin::Stated(find(&text, "http://portal.example.com/callback"))),
                )],
                3,
            ),
            finding(
                &plain,
                &portal,
                "http://other.example.com has no TLS",
                vec![evidence(
                    "app.oauth.callbacks",
                    "http://other.example.com",
                    Some(Origin::Stated(Location::file("sfdx-project.json"))),
                )],
                4,
            ),
            finding(&owner, &hostile, &format!("{} has nobody; see [this](https://evil.example.com)", hostile.label), vec![], 5),
        ],
        waived: vec![Waived {
            finding: finding(&full, &hostile, "=cmd() is given the scope full", vec![], 6),
            reason: "Moves to a smaller scope\u{7}".to_owned(),
            owner: "identity@example.com".to_owned(),
            ticket: "SEC-7".to_owned(),
            status: Status::WillFix,
            until: "2026-12-31".to_owned(),
            inline: false,
        }],
        unknown: vec![undecided("owner-missing", &portal), undecided("callback-plain-http", &portal)],
        diagnostics: problems(&text),
        baseline: None,
        left_out: vec![LeftOut {
            path: "force-app/old.connectedApp".to_owned(),
            reason: ".forceignore:3 leaves it out".to_owned(),
        }],
        ..asked(&portal, &hostile)
    }
    .sorted()
}

pub(crate) fn undecided(rule: &str, subject: &Subject) -> Undecided {
    let reason = "only an org can tell".into();
    let fingerprint = fingerprint(rule, subject);
    Undecided { rule: rule.to_owned(), subject: subject.clone(), reason, fingerprint, baseline: None }
}

pub(crate) fn problems(text: &Arc<SourceText>) -> Vec<Diagnostic> {
    vec![
        Diagnostic::warning("unknown element `<zap>`")
            .at(find(text, "<label>Acme Portal</label>"))
            .label("not known to this version"),
        Diagnostic::error("the end tag does not match")
            .at(find(text, "</oauthConfig>"))
            .label("opened as <oauth>")
            .help("close it"),
        Diagnostic::error("cannot read force-app/secret").label("permission denied"),
    ]
}

/// A report in a format, for a file.
pub(crate) fn written(report: &Report, format: Format) -> String {
    let mut out = Vec::new();
    write(report, format, &Style::PLAIN, &mut out).expect("a Vec takes everything");
    String::from_utf8(out).expect("output is UTF-8")
}

/// So many findings on an app each, the least severe first, in the words that a function makes of their number.
pub(crate) fn many(count: usize, words: impl Fn(usize) -> String) -> Report {
    let report = report();
    let model = report.findings[0].clone();
    let findings = (0..count).map(|number| {
        let severity = Severity::ALL[4 - number * 5 / count];
        let name = format!("App_{number:05}");
        let subject =
            Subject { path: format!("apps/{name}.connectedApp"), path_in_source: String::new(), name, ..model.subject.clone() };
        let rule = format!("rule-{:02}", number % 40);
        Finding {
            fingerprint: fingerprint(&rule, &subject),
            message: words(number),
            evidence: Vec::new(),
            severity,
            subject,
            rule,
            ..model.clone()
        }
    });
    Report { findings: findings.collect(), unknown: Vec::new(), waived: Vec::new(), diagnostics: Vec::new(), ..report }.sorted()
}

/// The same text wherever others can choose one.
pub(crate) fn everywhere(text: &str) -> Report {
    let mut report = report();
    let location = Location::file(text);
    for finding in report.findings.iter_mut().chain(report.waived.iter_mut().map(|waived| &mut waived.finding)) {
        finding.rule = text.to_owned();
        finding.title = text.to_owned();
        finding.message = text.to_owned();
        finding.remediation = Remediation { setup: text.to_owned(), metadata: text.to_owned() };
        finding.evidence = vec![evidence(text, text, Some(Origin::Stated(location.clone())))];
        hostile_subject(&mut finding.subject, text);
    }
    for waived in &mut report.waived {
        for part in [&mut waived.reason, &mut waived.owner, &mut waived.ticket, &mut waived.until] {
            *part = text.to_owned();
        }
    }
    for undecided in &mut report.unknown {
        undecided.rule = text.to_owned();
        undecided.reason = text.into();
        hostile_subject(&mut undecided.subject, text);
    }
    for diagnostic in &mut report.diagnostics {
        *diagnostic =
            Diagnostic { title: text.to_owned(), label: text.to_owned(), help: Some(text.to_owned()), ..diagnostic.clone() };
        diagnostic.location = Some(location.clone());
    }
    report.blast_radius.clear();
    report.sorted()
}

fn hostile_subject(subject: &mut Subject, text: &str) {
    for part in [&mut subject.name, &mut subject.label, &mut subject.path, &mut subject.path_in_source] {
        *part = text.to_owned();
    }
}

/// The finding of a rule.
pub(crate) fn of_rule<'r>(report: &'r mut Report, rule: &str) -> &'r mut Finding {
    report.findings.iter_mut().find(|finding| finding.rule == rule).unwrap()
}
