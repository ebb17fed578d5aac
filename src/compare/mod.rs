//! What is new, gone or the same between two audits. Pure: two values in, one out.
//!
//! ```text
//!  before ─ Side ─┐
//!                 ├─ compare ─▶ Difference: findings, apps, facts, access
//!  after ── Side ─┘
//! ```
//!
//! Files and an org are compared by what is written in files (`declared`, `drift`).
//!
//! What is unknown on one side is neither fixed nor lost, but something that cannot be told ([`Doubt`]).

mod access;
mod apps;
pub mod arrival;
pub mod baseline;
pub mod declared;
mod difference;
mod drift;
mod facts;
mod findings;
mod fingerprint;
mod of_inventory;
pub mod pair;
mod renamed;
mod side;
mod switches;
pub mod trail;
mod values;

pub use crate::access::Admission;
pub use access::{AccessSide, Assigned, UsersSide};
pub use apps::AppPair;
pub use difference::{
    AccessChange, AppChange, Apps, Difference, Doubt, Earlier, FactChange, Findings, Moved, New, Renamed, Sureness, UnsureApp, When,
};
pub use fingerprint::{fingerprint, fingerprint_of};
pub use of_inventory::{Audit, NOT_COMPARED, side_of};
pub use side::{AppSide, FactSide, Found, Open, Scope, Side, Written};
pub use values::{of_lists, values_of};

/// Compares two sides.
#[must_use]
pub fn compare(before: &Side, after: &Side) -> Difference {
    let mut difference = Difference::default();
    if before.apps.is_some() && after.apps.is_some() {
        difference.apps = Some(Apps::default());
    }
    for (one, other) in side::scopes(before, after) {
        match (&one, &other) {
            (Some(one), Some(other)) => {
                let renamed = difference.apps.as_mut().map(|apps| apps::compare(one, other, apps)).unwrap_or_default();
                findings::compare(one, other, &renamed, &mut difference.findings);
                difference.source = drift::source_of(one, other);
                if let (Some(_), Some(apps)) = (difference.source, &difference.apps) {
                    drift::keep_drift(&mut difference.findings, apps, one, other);
                }
            }
            (Some(one), None) => {
                findings::only_before(one, &mut difference.findings);
                difference.only_before.push(one.scope.name.clone());
            }
            (None, Some(other)) => {
                findings::only_after(other, &mut difference.findings);
                difference.only_after.push(other.scope.name.clone());
            }
            (None, None) => {}
        }
    }
    difference
}

/// The apps and orgs of two sides, side by side.
#[must_use]
pub fn app_pairs<'s>(before: &'s Side, after: &'s Side) -> Vec<AppPair<'s>> {
    let both = side::scopes(before, after).into_iter().filter_map(|(one, other)| Some((one?, other?)));
    both.flat_map(|(one, other)| apps::pairs_of(&one, &other)).collect()
}
