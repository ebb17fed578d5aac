//! Where an inventory comes from. Knows nothing of rules.

mod component;
pub mod tree;
