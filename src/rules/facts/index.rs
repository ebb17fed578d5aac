//! The facts by number and by path.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::{FactType, types};

/// A fact and its number: where its value stands in a [`FactSet`](crate::rules::value::FactSet), so that a condition need not look for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactId {
    index: usize,
    fact: &'static FactType,
}

impl FactId {
    /// The fact of a full path.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        INDEX.by_path.get(path).copied()
    }

    /// The number itself, below [`FactId::count`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.index
    }

    /// How many facts there are.
    #[must_use]
    pub fn count() -> usize {
        INDEX.in_order.len()
    }

    /// All facts, in order of their paths.
    pub fn by_path() -> impl Iterator<Item = Self> {
        INDEX.in_order.iter().copied()
    }

    /// What the fact is.
    #[must_use]
    pub const fn fact(self) -> &'static FactType {
        self.fact
    }
}

/// What the fact of a full path is.
#[must_use]
pub fn find(path: &str) -> Option<&'static FactType> {
    FactId::of(path).map(FactId::fact)
}

/// Whether a path is that of a group of facts, such as `app.oauth`.
#[must_use]
pub fn is_group(path: &str) -> bool {
    INDEX.groups.contains(path)
}

static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

struct Index {
    by_path: HashMap<&'static str, FactId>,
    groups: HashSet<&'static str>,
    in_order: Vec<FactId>,
}

impl Index {
    fn new() -> Self {
        let mut in_order: Vec<FactId> = types().enumerate().map(|(index, fact)| FactId { index, fact }).collect();
        in_order.sort_unstable_by_key(|id| id.fact.path);
        let groups_of = |path: &'static str| path.match_indices('.').filter_map(move |(dot, _)| path.get(..dot));
        let groups = in_order.iter().flat_map(|id| groups_of(id.fact.path)).collect();
        Self { groups, by_path: in_order.iter().map(|id| (id.fact.path, *id)).collect(), in_order }
    }
}
