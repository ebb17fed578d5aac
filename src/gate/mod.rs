//! What a deployment makes of an org, before it is made.

pub mod deployed;
