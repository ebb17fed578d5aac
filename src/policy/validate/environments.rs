//! Environments: which orgs they are, and what goes for them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::Reach;
use super::super::environment::{Environment, OrgPattern};
use super::super::file::EnvironmentEntry;
use super::Validator;
use crate::inventory::contract::Located;
use crate::source::yaml::Spanned;

impl Validator<'_> {
    /// The environments without those that are wrong.
    pub(super) fn environments(&mut self, entries: Vec<EnvironmentEntry>) -> Vec<Environment> {
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        let mut environments = Vec::new();
        for entry in entries {
            let Some(name) = self.name("an environment", entry.name) else { continue };
            if let Some(first) = lines.get(&name.value) {
                let help = format!("the first one is in line {first}; make one of the two");
                self.error(&name, format!("a second environment `{}`", name.value), help);
            }
            lines.entry(name.value.clone()).or_insert(name.location.position().line);
            // With `orgs` the name need not be a glob.
            let by_name = if entry.orgs.is_none() { self.org_pattern(&name) } else { None };
            let orgs = entry.orgs.map(|orgs| self.orgs(orgs));
            let name = Located { value: Arc::<str>::from(name.value), location: name.location };
            let reach = Reach { environment: Some(Arc::clone(&name.value)), extended: false };
            let layer = self.layer(entry.contracts, entry.rules, entry.waivers).reaching(|entry| *entry = reach.clone());
            environments.push(Environment { name, orgs, by_name, layer });
        }
        environments
    }

    fn orgs(&mut self, orgs: Spanned<Vec<Spanned<String>>>) -> Vec<OrgPattern> {
        let list = self.located(orgs);
        if list.value.is_empty() {
            self.error(&list, "no org is named", "name orgs, or leave `orgs` out for those that go by the name of the environment");
        }
        let mut named = Vec::new();
        for written in list.value {
            let org = self.name("an org", written);
            named.extend(org.and_then(|org| self.org_pattern(&org)));
        }
        named
    }

    fn org_pattern(&mut self, written: &Located<String>) -> Option<OrgPattern> {
        OrgPattern::new(&written.value)
            .map_err(|problem| {
                let title = format!("`{}` is not a glob: {problem}", written.value);
                self.error(written, title, "`*`, `?`, `[ab]` and `{one,two}` have a meaning");
            })
            .ok()
    }
}
