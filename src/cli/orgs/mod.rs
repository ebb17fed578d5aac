//! What the commands share that ask a live org: their options, the ways in, the asking, and what is shown meanwhile.

mod ask;
mod options;
pub(super) mod plan;
mod progress;
mod target;
mod verbose;

pub(super) use ask::{Wanted, check_up, collect};
pub(super) use options::{Extent, OrgChoice};
