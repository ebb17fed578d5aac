//! P3 and P4: how the client proves itself, and what its assertion says.

use super::Person;
use super::forecast::{Step, Topic};
use super::trial::Trial;
use crate::access::errors::Cause;
use crate::inventory::app::{AppCertificate, CertificateRole};
use crate::inventory::callback::Callback;
use crate::inventory::certificate::{KeyAlgorithm, X509};
use crate::inventory::flow::Flow;
use crate::inventory::oauth::RefreshTokenPolicy;
use crate::inventory::template::holds_variable;
use crate::inventory::{Fact, Origin};

const STEP: Step = Step::ClientProof;

/// Bytes that a certificate of an app may have at most (Salesforce Help, JWT bearer flow).
const LARGEST_CERTIFICATE: i64 = 4096;

pub(super) fn run(trial: &mut Trial<'_, '_>, person: &Person<'_>) {
    match trial.request.flow {
        Flow::JwtBearer | Flow::SamlBearer => {
            certificate(trial);
            assertion(trial, person);
        }
        Flow::WebServer | Flow::HybridWebServer => {
            redirect(trial);
            let secret = trial.app().tokens.secret_optional.map(|optional| !optional);
            secret_is_sent(trial, &secret, "when it exchanges the code");
            challenge_is_sent(trial);
        }
        Flow::UserAgent | Flow::HybridUserAgent => redirect(trial),
        Flow::CodeCredentials => {
            redirect(trial);
            trial.premise("the client posts the user's credentials as the flow wants them, and they are right");
            let secret = trial.app().tokens.secret_optional.map(|optional| !optional);
            secret_is_sent(trial, &secret, "when it exchanges the code");
            challenge_is_sent(trial);
        }
        Flow::RefreshToken | Flow::HybridRefresh => {
            trial.premise("the refresh token is the client's latest, and nobody has revoked it");
            trial.premise(
                "the app has no refresh token IP allowlist, which no API tells, or the request comes from an address on it",
            );
            refresh_policy(trial);
            let secret = trial.app().tokens.secret_required_for_refresh.clone();
            secret_is_sent(trial, &secret, "with the refresh token, also where the code exchange does without");
        }
        Flow::ClientCredentials => trial.premise("the client sends the app's consumer key and secret"),
        Flow::UsernamePassword => {
            trial.premise("the client sends the app's consumer key and secret, and the user's name, password and, where the org wants one, security token");
        }
        Flow::TokenExchange => {
            let secret = trial.app().flows.secret_required_for_token_exchange.clone();
            secret_is_sent(trial, &secret, "with the identity provider's token");
        }
        Flow::Device => trial.premise("the user types the code in before it ends and allows access"),
        Flow::SamlAssertion | Flow::AssetToken => {}
    }
}

/// What a policy that is not known leaves open.
const WHETHER_ENDED: &str = "whether the app's policy has ended the refresh token";

/// When the app's policy ends refresh tokens.
fn refresh_policy(trial: &mut Trial<'_, '_>) {
    let policy = trial.app().tokens.refresh_policy.clone();
    match policy.value() {
        Some(RefreshTokenPolicy::Infinite) => {}
        Some(RefreshTokenPolicy::Zero) => {
            let because = format!("The policy of {} expires refresh tokens at once.", trial.app().name);
            trial.fail(STEP, Cause::RefreshTokenEnded, because, &policy.origins);
        }
        Some(policy @ (RefreshTokenPolicy::Lifetime(..) | RefreshTokenPolicy::Inactivity(..))) => {
            trial.premise(format!("the refresh token has not ended by the app's policy {policy}"));
        }
        Some(RefreshTokenPolicy::Unrecognised(_)) => trial.undecided(
            STEP,
            Topic::RefreshPolicy,
            WHETHER_ENDED,
            "the policy is a value that is not documented".into(),
            "Look at the refresh token policy of the app in Setup.",
        ),
        None => drop(trial.known(&policy, STEP, Topic::RefreshPolicy, WHETHER_ENDED, "the app's policies")),
    }
}

fn secret_is_sent(trial: &mut Trial<'_, '_>, required: &Fact<bool>, when: &str) {
    match required.value() {
        Some(false) => {}
        Some(true) => trial.premise(format!("the client sends the app's consumer secret {when}")),
        None => trial.premise(format!("the client sends the app's consumer secret {when}, which the app may require")),
    }
}

/// PKCE is of the request, not of the app: where it is not known to be optional, it is a premise.
fn challenge_is_sent(trial: &mut Trial<'_, '_>) {
    let of_app = trial.app().tokens.pkce_required.value().copied();
    let of_org = trial.setting(|settings| &settings.pkce_required, "OauthOidc.settings").value().copied();
    if of_app == Some(true) || of_org == Some(true) {
        trial.premise("the request has a PKCE code challenge (S256), which is required here, and the code exchange its verifier");
    } else if of_app.is_none() || of_org.is_none() {
        trial.premise("the request has a PKCE code challenge (S256), should the app or the org require one");
    }
}

fn redirect(trial: &mut Trial<'_, '_>) {
    let callbacks = trial.app().oauth.callbacks.clone();
    let Some(asked) = trial.request.redirect_uri.as_deref() else {
        trial.premise("the redirect URI is one of the app's callback URLs, letter for letter");
        return;
    };
    let what = "whether the redirect URI is one of the app's callback URLs";
    let Some(known) = trial.known(&callbacks, STEP, Topic::Callbacks, what, "the app's OAuth settings") else { return };
    if known.iter().any(|(callback, _)| callback.url == asked) {
        return;
    }
    if known.iter().any(|(callback, _)| holds_variable(&callback.url)) {
        let reason = "a template variable stands in one of them".into();
        trial.undecided(STEP, Topic::Callbacks, what, reason, "Ask about the files that are deployed, with the variable replaced.");
        return;
    }
    trial.fail(STEP, Cause::RedirectUriMismatch, mismatch(asked, &known), &callbacks.origins);
}

fn mismatch(asked: &str, known: &[(Callback, Origin)]) -> String {
    let urls: Vec<&str> = known.iter().map(|(callback, _)| callback.url.as_str()).collect();
    match urls.as_slice() {
        [] => format!("The redirect URI is {asked}, and the app has no callback URL."),
        [only] => format!("The redirect URI is {asked}, and the app's only callback URL is {only}."),
        several => format!("The redirect URI is {asked}, which is none of the app's {} callback URLs.", several.len()),
    }
}

fn certificate(trial: &mut Trial<'_, '_>) {
    let app = trial.app();
    let what = "whether the app has the certificate that verifies the assertion";
    let part = "the app's OAuth settings";
    match trial.known(&app.flows.certificate, STEP, Topic::Certificate, what, part) {
        Some(false) => {
            let because = format!("{} has no certificate, so that no assertion can be verified.", app.name);
            trial.fail(STEP, Cause::InvalidAssertion, because, &app.flows.certificate.origins);
        }
        Some(true) => {
            let Some(all) = trial.known(&app.certificates, STEP, Topic::Certificate, what, part) else { return };
            for certificate in all.iter().filter(|entry| entry.role == CertificateRole::OAuth) {
                usable(trial, certificate);
            }
        }
        None => {}
    }
}

/// Whether the certificate can verify something.
fn usable(trial: &mut Trial<'_, '_>, entry: &AppCertificate) {
    if entry.certificate.placeholder {
        trial.premise("the certificate that is put in the place of the template variable is valid and has an RSA key");
        return;
    }
    let origins = [entry.origin.clone()];
    match &entry.certificate.details {
        Err(problem) => trial.undecided(
            STEP,
            Topic::Certificate,
            "whether the app's certificate verifies anything",
            format!("it cannot be read: {problem}").into(),
            "Put a valid certificate with an RSA key into the app.",
        ),
        Ok(details) => {
            if details.expired(trial.subject.today) {
                trial.fail(
                    STEP,
                    Cause::InvalidAssertion,
                    format!("The app's certificate expired on {}.", details.not_after),
                    &origins,
                );
            } else if details.not_yet_valid(trial.subject.today) {
                let because = format!("The app's certificate is valid from {} on.", details.not_before);
                trial.fail(STEP, Cause::InvalidAssertion, because, &origins);
            }
            key(trial, details, &origins);
        }
    }
}

fn key(trial: &mut Trial<'_, '_>, details: &X509, origins: &[Origin]) {
    if details.key_algorithm != KeyAlgorithm::Rsa && trial.request.flow == Flow::JwtBearer {
        let because = format!("The app's certificate has {} key, and only RSA keys are accepted.", article(details.key_algorithm));
        trial.fail(STEP, Cause::InvalidAssertion, because, origins);
    } else if details.key_algorithm != KeyAlgorithm::Rsa {
        trial.undecided(
            STEP,
            Topic::Certificate,
            "whether a certificate without an RSA key verifies SAML assertions",
            "only RSA keys are known to be accepted".into(),
            "Use a certificate with an RSA key.",
        );
    }
    if details.bytes > LARGEST_CERTIFICATE {
        trial.undecided(
            STEP,
            Topic::Certificate,
            "whether the org takes the app's certificate",
            format!("it has {} bytes, and {LARGEST_CERTIFICATE} are documented as the most", details.bytes).into(),
            "Use a smaller certificate.",
        );
    }
}

const fn article(algorithm: KeyAlgorithm) -> &'static str {
    match algorithm {
        KeyAlgorithm::Ec => "an elliptic curve",
        KeyAlgorithm::Rsa | KeyAlgorithm::Other => "another kind of",
    }
}

fn assertion(trial: &mut Trial<'_, '_>, person: &Person<'_>) {
    trial.premise(
        "the assertion is signed with the private key of the app's certificate and names the app's consumer key as its issuer",
    );
    let subject = match person.name() {
        Some(name) => format!("the subject of the assertion is the user name {name}"),
        None => "the subject of the assertion is the user's name in this org, sandbox suffix included".to_owned(),
    };
    trial.premise(subject);
    trial.premise("its audience is the login host of this org, it is fresh, and it was not sent before");
}
