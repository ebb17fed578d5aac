//! Where an inventory comes from.

pub mod tree;
