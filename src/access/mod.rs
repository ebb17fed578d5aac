//! Who can use an app of a live org: the ways from an app over profiles, permission sets and groups to users.
//!
//! ```text
//! app ─granted by─▶ permission set ─┬─ of a profile ──────────────▶ the profile's users
//!                                   ├─ assigned ──────────────────▶ users
//!                                   └─ in a group, or a group's own ─▶ the group's users
//! ```
//!
//! An org can answer short: what was seen is true, what was not seen is not known. So counts and "nobody" are only known where every
//! answer on the way was complete, and what was found stays found.

mod admission;
mod audience;
pub mod blast_radius;
pub mod contract;
pub mod errors;
mod graph;
mod live;
mod path;
mod permission;
pub mod preflight;
pub mod preview;
mod reach;
mod reservation;
mod token_holder;
mod usage;

pub use crate::inventory::org::API_ONLY;
pub use admission::Admission;
pub use audience::{Audience, Grant, Holder, Via, Way};
pub use graph::{Graph, Lookup};
pub use live::LiveOrg;
pub use path::{Path, UserState};
pub use permission::{API_ENABLED, POWERFUL, Powers, USE_ANY_API_CLIENT};
pub use reach::Reach;
pub use reservation::Reservation;
pub use token_holder::TokenHolder;
pub use usage::Usage;
