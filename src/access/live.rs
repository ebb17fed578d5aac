//! A live org, indexed once for all that is asked of it.

use super::{Graph, Usage};
use crate::inventory::Inventory;
use crate::inventory::org::Org;

/// The assignments and the use of the apps of a live org.
#[derive(Debug)]
pub struct LiveOrg<'a> {
    /// The org.
    pub org: &'a Org,
    /// Who is assigned to what.
    pub graph: Graph<'a>,
    /// Who uses what.
    pub usage: Usage<'a>,
}

impl<'a> LiveOrg<'a> {
    /// Indexes the org of each source, in their order; none for a tree.
    #[must_use]
    pub fn each(inventory: &'a Inventory) -> Vec<Option<Self>> {
        (0..inventory.sources.len()).map(|source| Self::new(inventory, source)).collect()
    }

    /// Indexes the org that a source is; none for a tree.
    #[must_use]
    pub fn new(inventory: &'a Inventory, source: usize) -> Option<Self> {
        let org = inventory.org(source)?;
        let apps = inventory.apps.iter().filter(move |app| app.source == source);
        Some(Self { org, graph: Graph::new(org), usage: Usage::new(org, apps) })
    }
}
