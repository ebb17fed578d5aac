//! What a deployment makes of an org, before it is made.
//!
//! ```text
//!  before ─ audit ─▶ baseline ─┐
//!                              ├─ judge ─▶ verdicts of after: introduced, known; Deployment: who gains, who loses, what will not survive
//!  after ── audit ─────────────┘
//! ```
//!
//! Where the two states come from is nobody's business here: a tree and a revision of it, or an org and [what it will be](deployed).

mod contract_users;
pub mod deployed;
mod deployment;
mod effects;
mod hazards;
mod judge;
mod state;
mod threshold;

pub use contract_users::{ContractUser, Earlier, UseChange};
pub use deployment::{AccessEffect, Change, Deployment, Doubt, Movement, UserEffect};
pub use hazards::{Hazard, HazardKind};
pub use judge::{Before, Gated, Judges, judge};
pub use threshold::{LimitState, Limits, Threshold};
