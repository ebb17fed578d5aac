//! Changes to metadata files, by byte span: nothing moves but what is changed.
//!
//! ```text
//! finding + its rule's fix ─ground─▶ steps ─step─▶ Change ─edits─▶ Edit ─apply─▶ Draft ─audit again─▶ Proposal
//! ```
//!
//! A [`Change`] says what a file is to state afterwards; [`edits`] finds the bytes for it, in the order and the style of the file;
//! [`apply`] makes the new text. A [`Draft`] has the fixes of several rules in it, whole, and none that takes back what another wants. A
//! [`Proposal`] leaves out those after which an audit says that they do not help, or do harm. Nothing here writes, but [`mod@write`].

mod change;
mod draft;
mod edit;
mod ground;
mod layout;
mod list;
mod part;
mod propose;
mod step;
pub mod write;

pub use change::{Change, Obstacle, edits};
pub use draft::{Draft, DraftFile};
pub use edit::{Edit, apply};
pub use ground::{Ground, Texts};
pub use propose::{Candidate, Mark, Outcome, Proposal, Proposer};
