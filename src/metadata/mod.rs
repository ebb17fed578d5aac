//! Salesforce's Metadata API types as tables: names, order, types, cardinality and first version of their elements.
//!
//! Source: the Metadata API WSDL 66.0, and Salesforce's own type packages for what came later. Nothing here knows what an element
//! means; that is told where an inventory is made of it.

pub mod connected_app;
pub mod external_client_app;
pub mod permissions;
mod record;
pub mod settings;
mod types;

pub use record::{Record, Stated};
pub use types::{ComplexType, ElementType, Kind};
