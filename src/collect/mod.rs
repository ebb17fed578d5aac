//! Where an inventory comes from. Knows nothing of rules.

pub mod tree;
