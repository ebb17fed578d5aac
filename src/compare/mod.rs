//! What is new, gone or the same between two audits. Pure: two values in, one out.

pub mod baseline;
mod fingerprint;
pub mod pair;

pub use fingerprint::{fingerprint, fingerprint_of};
