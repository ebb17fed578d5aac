//! Text that people and Salesforce wrote, with places in it.
//!
//! Metadata, rule files and the policy all come through here, so that a problem in any of them can be shown the same
//! way: file, line, column and an excerpt. This module knows nothing of what the text means.

mod span;
mod text;
pub mod xml;
pub mod yaml;

pub use span::Span;
pub use text::{Answer, Api, Location, Position, SourceText};
