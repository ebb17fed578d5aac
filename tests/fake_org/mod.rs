//! A Salesforce org that exists only in memory: what the REST and Metadata API would answer, over HTTP on a loopback port.
//!
//! It holds to Salesforce's documentation and WSDL and not to what any client would like: it knows nothing of the program that
//! is tested against it. A test builds a [`FakeOrg`], or takes [`seed::acme`], changes it, starts it and asks the
//! [`Running`] org in the end what it was asked.
#![allow(dead_code, unused_imports, reason = "every user of this needs a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::struct_excessive_bools,
    clippy::too_many_lines,
    clippy::needless_pass_by_value,
    reason = "a panic is how a test fails; speed of small things does not matter"
)]

pub(crate) mod faults;
pub(crate) mod large;
pub(crate) mod metadata;
pub(crate) mod record;
pub(crate) mod seed;
pub(crate) mod table;
pub(crate) mod wsdl;

mod composite;
mod error;
mod metadata_xml;
mod oauth;
mod objects;
mod org;
mod reply;
mod rest;
mod retrieve;
mod server;
mod soap;
mod soql;
mod xml;

pub(crate) use faults::Fault;
pub(crate) use org::FakeOrg;
pub(crate) use record::{Received, Record};
pub(crate) use server::Running;
