//! Audits how a Salesforce org lets applications in: connected apps and External Client Apps.
//!
//! ```text
//!  SFDX tree ─┐
//!  package  ──┼─ collect ─▶ Inventory ─▶ facts ─▶ rules ─▶ verdicts ─▶ policy ─▶ Report ─▶ pretty · json · sarif · …
//!  live org ──┤                                                  │
//!  snapshot ──┘                         of two states: compare, gate; of files: fix
//! ```
//!
//! One direction, no cycles: [`collect`] knows nothing of rules, [`rules`] nothing of files, [`report`] reads what is finished.
//!
//! - [`source`]: texts with places, XML, YAML; [`metadata`]: Salesforce's types as tables; [`inventory`]: the domain model
//! - [`salesforce`]: the API client; [`collect`]: where an inventory comes from
//! - [`access`]: who can use an app of a live org, whether a token would be issued, and the errors that come instead
//! - [`rules`]: rules as data, their facts, their evaluation; [`policy`]: `orgwarden.yaml`, and verdicts to findings
//! - [`compare`]: two audits held against each other: baselines, differences, drift, and what of a source arrived in an org
//! - [`gate`]: what a deployment makes of an org: the state it leads to, who gains and loses, and what will not survive it
//! - [`fix`]: changes to metadata files that put findings right
//! - [`builtin`]: data that is part of the program (`rules/`, `errors/`, `tags/`, `controls/`, `hazards/`); [`tag`]: the subjects rules can be
//!   picked by
//! - [`controls`]: published benchmarks, and how far the rules answer them
//! - [`finding`], [`diagnostic`]: what is said; [`report`]: how it is written
//! - [`cli`]: the commands

pub mod access;
pub mod builtin;
pub mod cli;
pub mod collect;
pub mod compare;
pub mod controls;
pub mod diagnostic;
pub mod finding;
pub mod fix;
pub mod gate;
pub mod inventory;
pub mod metadata;
pub mod policy;
pub mod report;
pub mod rules;
pub mod salesforce;
pub mod source;
pub mod tag;
