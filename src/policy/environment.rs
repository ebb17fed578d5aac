//! Environments: what goes for some orgs only, and which orgs those are.

use std::sync::Arc;

use super::layer::Layer;
use super::{AppPattern, Policy};
use crate::diagnostic::Diagnostic;
use crate::inventory::contract::Located;
use crate::inventory::org::{Org, short};
use crate::inventory::{Inventory, Source};

/// Contracts, switches and waivers for the orgs of an environment.
#[derive(Clone, Debug)]
pub(super) struct Environment {
    pub(super) name: Located<Arc<str>>,
    /// The orgs that belong to it, where the file says which.
    pub(super) orgs: Option<Vec<OrgPattern>>,
    /// Those that go by its name, which belong to it where the file does not say.
    pub(super) by_name: Option<OrgPattern>,
    pub(super) layer: Layer,
}

/// Which orgs are meant.
#[derive(Clone, Debug)]
pub(super) enum OrgPattern {
    /// Every org that is no sandbox.
    Production,
    /// Every sandbox.
    Sandbox,
    /// Those of an id, a name they are asked for by, or a host; or of a glob of these.
    Named { written: String, pattern: AppPattern },
}

impl OrgPattern {
    /// The words that mean a kind of org.
    pub(super) const WORDS: [&'static str; 2] = ["production", "sandbox"];

    /// Reads a word, an id, a name, a host or a glob.
    ///
    /// # Errors
    ///
    /// What is wrong with the glob, as a clause.
    pub(super) fn new(written: &str) -> Result<Self, String> {
        Ok(match written {
            "production" => Self::Production,
            "sandbox" => Self::Sandbox,
            _ => Self::Named { written: written.to_owned(), pattern: AppPattern::new(&written.to_lowercase())? },
        })
    }

    /// Whether an org is meant; none where the org does not tell.
    fn matches(&self, name: &str, org: &Org) -> Option<bool> {
        let (id, host) = (&org.identity.id, &org.identity.host);
        match self {
            Self::Production => told(id).map(|_| !org.identity.sandbox),
            Self::Sandbox => told(id).map(|_| org.identity.sandbox),
            Self::Named { written, .. } if is_org_id(written) => told(id).map(|id| short(id) == short(written)),
            Self::Named { pattern, .. } if pattern.matches(&name.to_lowercase()) => Some(true),
            Self::Named { written, .. } if written.contains('.') && !written.contains('@') => {
                told(host).map(|host| self.is_host(host))
            }
            Self::Named { .. } => Some(self.is_host(host)),
        }
    }

    fn is_host(&self, host: &str) -> bool {
        matches!(self, Self::Named { pattern, .. } if pattern.matches(&host.to_lowercase()))
    }
}

/// Without an id nothing of `Organization` was read.
fn told(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// Whether a text has the form of an `Organization.Id`, of 15 or 18 characters.
fn is_org_id(text: &str) -> bool {
    matches!(text.len(), 15 | 18) && text.starts_with("00D") && text.chars().all(|character| character.is_ascii_alphanumeric())
}

impl Environment {
    /// Whether an org belongs to it; none where the org does not tell.
    fn holds(&self, name: &str, org: &Org) -> Option<bool> {
        let orgs = self.orgs.as_deref().unwrap_or(self.by_name.as_slice());
        let matching: Vec<Option<bool>> = orgs.iter().map(|pattern| pattern.matches(name, org)).collect();
        if matching.contains(&Some(true)) {
            return Some(true);
        }
        if matching.contains(&None) { None } else { Some(false) }
    }
}

/// The policy for each source of an inventory.
#[derive(Debug)]
pub struct Applied<'a> {
    everywhere: &'a Policy,
    of_source: Vec<&'a Policy>,
    /// What could not be told of orgs.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> Applied<'a> {
    /// Finds the environment of every org: the first of the file that it belongs to. Files belong to none. Of an org that does not tell, that is
    /// said, and what goes for everything goes for it.
    #[must_use]
    pub fn to(policy: &'a Policy, inventory: &Inventory) -> Self {
        let mut applied = Self { everywhere: policy, of_source: Vec::new(), diagnostics: Vec::new() };
        for source in &inventory.sources {
            let of_source = match policy.environment_of(source) {
                Ok(of_source) => of_source,
                Err(problem) => {
                    applied.diagnostics.push(*problem);
                    policy
                }
            };
            applied.of_source.push(of_source);
        }
        applied
    }

    /// The policy for one source.
    #[must_use]
    pub fn of(&self, source: usize) -> &'a Policy {
        self.of_source.get(source).copied().unwrap_or(self.everywhere)
    }

    /// The policies that go for something, each once, with the sources they go for; the one for everything where there is no source.
    #[must_use]
    pub fn each(&self) -> Vec<(&'a Policy, Vec<usize>)> {
        let mut each: Vec<(&Policy, Vec<usize>)> = Vec::new();
        for (source, policy) in self.of_source.iter().enumerate() {
            match each.iter_mut().find(|(known, _)| std::ptr::eq(*known, *policy)) {
                Some((_, sources)) => sources.push(source),
                None => each.push((policy, vec![source])),
            }
        }
        if each.is_empty() { vec![(self.everywhere, Vec::new())] } else { each }
    }
}

impl Policy {
    /// The policy for a source: what goes for everything with the first environment that holds the org over it.
    fn environment_of(&self, source: &Source) -> Result<&Self, Box<Diagnostic>> {
        let Some(org) = &source.org else { return Ok(self) };
        for (environment, policy) in &self.environments {
            match environment.holds(&source.name, org) {
                Some(true) => return Ok(policy),
                Some(false) => {}
                None => {
                    let name = &environment.name;
                    let title = format!("cannot tell whether {} belongs to the environment `{}`", source.name, name.value);
                    return Err(Box::new(
                        Diagnostic::error(title)
                            .at(name.location.clone())
                            .label("the org did not tell what kind of org it is, or its id or host")
                            .help("what the policy says of every org was applied; choose the environment with --environment"),
                    ));
                }
            }
        }
        Ok(self)
    }
}
