//! What can be said of a certificate in metadata, without its key.
//!
//! The `certificate` element should hold the base64 of a DER certificate. Repositories hold more than that: PEM, the base64 of
//! a whole PEM file, template variables, names of certificates, and now and then a private key.

use serde::{Deserialize, Serialize};

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest as _, Sha256};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;
use x509_parser::signature_algorithm::RsaSsaPssParams;
use x509_parser::time::ASN1Time;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo};

use super::template::holds_variable;

/// What a `certificate` element holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// A template variable, not a certificate.
    pub placeholder: bool,
    /// Whether private key material stands there; `details` is then a problem even if there is a certificate too.
    pub private_key: bool,
    /// The certificate, or why it could not be read: a clause that reads well after "the certificate cannot be read:". It never
    /// quotes what was read.
    pub details: Result<X509, String>,
}

/// A certificate that could be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct X509 {
    /// Subject name, such as `O=Example, CN=billing.example.com`.
    pub subject: String,
    /// First day (UTC).
    pub not_before: Date,
    /// Last day (UTC).
    pub not_after: Date,
    /// Kind of key.
    pub key_algorithm: KeyAlgorithm,
    /// Key size in bits: of the modulus for RSA, of the curve's field for EC.
    pub key_bits: i64,
    /// Signed with MD2, MD4, MD5 or SHA-1.
    pub weak_signature: bool,
    /// Size of the DER form in bytes.
    pub bytes: i64,
    /// SHA-256 of the DER form, lower-case hexadecimal.
    pub fingerprint: String,
}

/// Kind of a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum KeyAlgorithm {
    /// RSA, RSASSA-PSS included.
    Rsa,
    /// Elliptic curve (ECDSA).
    Ec,
    /// Anything else, such as Ed25519 or DSA.
    Other,
}

impl KeyAlgorithm {
    /// The word conditions and output use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ec => "ec",
            Self::Other => "other",
        }
    }
}

impl Certificate {
    /// Reads the text of a `certificate` element. Never fails and never panics, whatever stands there.
    #[must_use]
    pub fn read(text: &str) -> Self {
        match certificate_der(text).and_then(|der| X509::read(&der)) {
            Ok(details) => Self { placeholder: false, private_key: false, details: Ok(details) },
            Err(problem) => Self {
                placeholder: problem != Problem::PrivateKey && holds_variable(text),
                private_key: problem == Problem::PrivateKey,
                details: Err(problem.clause().to_owned()),
            },
        }
    }
}

impl X509 {
    /// Whether it ended before `today`.
    #[must_use]
    pub fn expired(&self, today: Date) -> bool {
        self.not_after < today
    }

    /// Whether it begins after `today`.
    #[must_use]
    pub fn not_yet_valid(&self, today: Date) -> bool {
        self.not_before > today
    }

    /// Days from `today` until its last day; negative when expired.
    #[must_use]
    pub fn days_left(&self, today: Date) -> i64 {
        days_between(today, self.not_after)
    }

    /// Days from first to last day.
    #[must_use]
    pub fn validity_days(&self) -> i64 {
        days_between(self.not_before, self.not_after)
    }

    fn read(der: &[u8]) -> Result<Self, Problem> {
        let (_, certificate) = X509Certificate::from_der(der).map_err(|_| Problem::of_der(der))?;
        let (key_algorithm, key_bits) = key(certificate.public_key());
        let der = certificate.as_raw();
        Ok(Self {
            subject: certificate.subject().to_string(),
            not_before: date(certificate.validity().not_before)?,
            not_after: date(certificate.validity().not_after)?,
            key_algorithm,
            key_bits,
            weak_signature: is_weak(&certificate.signature_algorithm),
            bytes: count(der.len()),
            fingerprint: hexadecimal(&Sha256::digest(der)),
        })
    }
}

/// Whole days from one day to another, negative where that is earlier.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

fn date(time: ASN1Time) -> Result<Date, Problem> {
    let moment = Timestamp::from_second(time.timestamp()).map_err(|_| Problem::Dates)?;
    Ok(TimeZone::UTC.to_datetime(moment).date())
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xF)]).collect()
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Why there are no details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Problem {
    Empty,
    NotBase64,
    NotCertificate,
    OtherPem,
    PrivateKey,
    KeyStore,
    Dates,
}

impl Problem {
    const fn clause(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotBase64 => "not base64",
            Self::NotCertificate => "base64, but not an X.509 certificate",
            Self::OtherPem => "PEM, but not of an X.509 certificate",
            Self::PrivateKey => "it holds a private key, which must not be there",
            Self::KeyStore => "a key store, not a certificate; a key store may hold a private key",
            Self::Dates => "an X.509 certificate with dates that do not exist",
        }
    }

    /// What bytes are that are no certificate. A certificate begins with two SEQUENCEs; private keys and PKCS #12 stores with a
    /// SEQUENCE and a version number.
    fn of_der(der: &[u8]) -> Self {
        const JAVA_KEY_STORE: &[u8] = b"\xFE\xED\xFE\xED";
        if der.starts_with(JAVA_KEY_STORE) {
            return Self::KeyStore;
        }
        let Some(body) = body_of_sequence(der) else { return Self::NotCertificate };
        match body {
            // PKCS #8 (algorithm), PKCS #1 (modulus) and SEC 1 (key) after the version.
            [0x02, 0x01, 0x00 | 0x01, 0x30 | 0x02 | 0x04, ..] => Self::PrivateKey,
            [0x02, 0x01, 0x03, 0x30, ..] => Self::KeyStore,
            _ => Self::NotCertificate,
        }
    }
}

fn body_of_sequence(der: &[u8]) -> Option<&[u8]> {
    match der {
        [0x30, length, body @ ..] if *length < 0x80 => Some(body),
        [0x30, long, rest @ ..] => rest.get(usize::from(*long & 0x7F)..),
        _ => None,
    }
}

/// The DER form in what a `certificate` element holds.
fn certificate_der(text: &str) -> Result<Vec<u8>, Problem> {
    if text.trim().is_empty() {
        return Err(Problem::Empty);
    }
    if is_pem(text) {
        return pem_certificate(text);
    }
    let bytes = base64(text).ok_or(Problem::NotBase64)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) if is_pem(text) => pem_certificate(text),
        _ => Ok(bytes),
    }
}

fn is_pem(text: &str) -> bool {
    text.contains("-----BEGIN ")
}

/// The first certificate in a PEM text, whatever stands around it and wherever its lines break.
fn pem_certificate(text: &str) -> Result<Vec<u8>, Problem> {
    let blocks = || {
        text.split("-----BEGIN ").skip(1).filter_map(|block| {
            let (label, rest) = block.split_once("-----")?;
            Some((label, rest.split_once("-----").map_or(rest, |(body, _)| body)))
        })
    };
    if blocks().any(|(label, _)| label.contains("PRIVATE KEY")) {
        return Err(Problem::PrivateKey);
    }
    let is_certificate = |label: &str| matches!(label, "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE");
    let (_, body) = blocks().find(|(label, _)| is_certificate(label)).ok_or(Problem::OtherPem)?;
    base64(body).ok_or(Problem::NotBase64)
}

/// Decodes base64 with white space anywhere, with or without padding.
fn base64(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true);
    let letters: String = text.split_whitespace().collect();
    GeneralPurpose::new(&alphabet::STANDARD, LENIENT).decode(letters).ok()
}

fn key(info: &SubjectPublicKeyInfo<'_>) -> (KeyAlgorithm, i64) {
    const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";
    if info.algorithm.algorithm.to_id_string() == RSASSA_PSS {
        let modulus =
            x509_parser::public_key::RSAPublicKey::from_der(&info.subject_public_key.data).map(|(_, key)| bits(key.modulus));
        return (KeyAlgorithm::Rsa, modulus.unwrap_or_default());
    }
    match info.parsed() {
        Ok(PublicKey::RSA(key)) => (KeyAlgorithm::Rsa, bits(key.modulus)),
        Ok(PublicKey::EC(point)) => (KeyAlgorithm::Ec, curve_bits(&info.algorithm).unwrap_or_else(|| count(point.key_size()))),
        Ok(PublicKey::DSA(number)) => (KeyAlgorithm::Other, bits(number)),
        _ => (KeyAlgorithm::Other, count(info.subject_public_key.data.len()) * 8),
    }
}

/// Length of a big-endian number, without the zeros before it.
fn bits(number: &[u8]) -> i64 {
    let digits: &[u8] = number.iter().position(|byte| *byte != 0).and_then(|start| number.get(start..)).unwrap_or_default();
    digits.first().map_or(0, |first| count(digits.len()) * 8 - i64::from(first.leading_zeros()))
}

/// Bits of the curves of RFC 5480 and SEC 2 that are in use.
fn curve_bits(algorithm: &AlgorithmIdentifier<'_>) -> Option<i64> {
    match algorithm.parameters.as_ref()?.as_oid().ok()?.to_id_string().as_str() {
        "1.2.840.10045.3.1.1" => Some(192),
        "1.3.132.0.33" => Some(224),
        "1.2.840.10045.3.1.7" | "1.3.132.0.10" => Some(256),
        "1.3.132.0.34" => Some(384),
        "1.3.132.0.35" => Some(521),
        _ => None,
    }
}

/// Signature algorithms over MD2, MD4, MD5 or SHA-1 (RFC 3279, OIW).
const WEAK_SIGNATURES: &[&str] = &[
    "1.2.840.113549.1.1.2",
    "1.2.840.113549.1.1.3",
    "1.2.840.113549.1.1.4",
    "1.2.840.113549.1.1.5",
    "1.2.840.10045.4.1",
    "1.2.840.10040.4.3",
    "1.3.14.3.2.3",
    "1.3.14.3.2.27",
    "1.3.14.3.2.29",
];

fn is_weak(algorithm: &AlgorithmIdentifier<'_>) -> bool {
    const RSASSA_PSS: &str = "1.2.840.113549.1.1.10";
    const WEAK_HASHES: &[&str] = &["1.3.14.3.2.26", "1.2.840.113549.2.2", "1.2.840.113549.2.5"];
    let id = algorithm.algorithm.to_id_string();
    if id != RSASSA_PSS {
        return WEAK_SIGNATURES.contains(&id.as_str());
    }
    // Its hash is a parameter, and SHA-1 where the parameter is left out (RFC 4055).
    let parameters = algorithm.parameters.as_ref().map(RsaSsaPssParams::try_from);
    !matches!(parameters, Some(Ok(given)) if !WEAK_HASHES.contains(&given.hash_algorithm_oid().to_id_string().as_str()))
}
