//! The private key that signs for the JWT bearer flow.

use std::path::Path;

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::ExposeSecret;

use super::{LoginError, file};

const BEGIN: &str = "-----BEGIN ";

/// Reads a private RSA key in PEM form, PKCS#8 or PKCS#1, and tries it.
///
/// # Errors
///
/// The file cannot be read, or holds something else; the error says what.
pub(super) fn read(path: &Path) -> Result<EncodingKey, LoginError> {
    let text = file::read_text("the private key", path)?;
    parse(text.expose_secret()).map_err(|problem| LoginError::PrivateKey { path: path.to_owned(), problem })
}

fn parse(text: &str) -> Result<EncodingKey, &'static str> {
    // A file may hold the certificate before the key, or a heading; the reader of PEM would take the first block.
    let key = blocks(text).find(|block| matches!(block.label, "PRIVATE KEY" | "RSA PRIVATE KEY"));
    let Some(key) = key else { return Err(other_kind(text)) };
    if key.text.contains("Proc-Type: 4,ENCRYPTED") {
        return Err(ENCRYPTED);
    }
    let parsed = EncodingKey::from_rsa_pem(key.text.as_bytes()).map_err(|_| BROKEN)?;
    // Only signing shows that the numbers in it make a key that is long enough.
    jsonwebtoken::encode(&Header::new(Algorithm::RS256), &serde_json::Map::new(), &parsed).map_err(|_| BROKEN)?;
    Ok(parsed)
}

const BROKEN: &str = "it holds no RSA key of 2048 bits or more; the key must be the one whose certificate the app has, \
                      in PEM form (PKCS#8 or PKCS#1)";
const ENCRYPTED: &str = "the key is encrypted, and there is nowhere to ask for its passphrase; decrypt it into a protected file with \
                         `openssl pkey -in FILE -out KEYFILE`";

/// What a file without a private RSA key holds.
fn other_kind(text: &str) -> &'static str {
    match blocks(text).next().map(|block| block.label) {
        Some("ENCRYPTED PRIVATE KEY") => ENCRYPTED,
        Some("CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE") => {
            "it is a certificate, which the app has; name the file of the private key that belongs to it"
        }
        Some("CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST") => "it is a certificate request; name the file of the private key",
        Some("PUBLIC KEY" | "RSA PUBLIC KEY") => "it is a public key; name the file of the private key that belongs to it",
        Some("EC PRIVATE KEY") => "it is an elliptic curve key; Salesforce takes RSA keys for this (RS256)",
        Some("OPENSSH PRIVATE KEY") => {
            "the key is in the form of OpenSSH; write it as PEM with `ssh-keygen -p -m PEM -f KEYFILE` on a copy of it"
        }
        _ => {
            "it is no private key in PEM form, which begins with `-----BEGIN PRIVATE KEY-----` or `-----BEGIN RSA PRIVATE KEY-----`"
        }
    }
}

struct Block<'a> {
    label: &'a str,
    /// From its first line on.
    text: &'a str,
}

fn blocks(text: &str) -> impl Iterator<Item = Block<'_>> {
    text.match_indices(BEGIN).filter_map(|(start, _)| {
        let block = text.get(start..)?;
        let (label, _) = block.strip_prefix(BEGIN)?.split_once("-----")?;
        let end = format!("-----END {label}-----");
        let length = block.find(&end).map_or(block.len(), |at| at + end.len());
        Some(Block { label, text: block.get(..length)? })
    })
}
