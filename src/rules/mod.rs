//! Rules are data: one YAML file each, with conditions in CEL over typed facts.

pub mod facts;
pub mod schema;
pub mod value;
