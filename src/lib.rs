//! Audits how a Salesforce org lets applications in.
#![forbid(unsafe_code)]

pub mod collect;
pub mod diagnostic;
pub mod finding;
pub mod inventory;
pub mod report;
pub mod policy;
pub mod rules;
pub mod source;
