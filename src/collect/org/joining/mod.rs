//! The answers of one org on their way to an inventory: rows (`rows`), then what depends on metadata (`metadata`).

mod metadata;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use super::Request;
use super::apps::Rows;
use super::ask::Answer;
use super::begin::Begun;
use super::grants::Grants;
use super::people::Frozen;
use super::schema::Schema;
use crate::collect::Collected;
use crate::diagnostic::Diagnostic;
use crate::inventory::app::App;
use crate::inventory::org::{Org, short};
use crate::inventory::settings::OrgSettings;
use crate::inventory::{Inventory, OrphanPart, Profile, Reason, Source};
use crate::salesforce::Client;

/// The answers so far.
pub(in crate::collect::org) struct Joining<'a> {
    client: &'a Client,
    request: &'a Request,
    begun: &'a Begun,
    schema: Schema,
    org: Org,
    rows: Rows,
    grants: Grants,
    frozen: Frozen,
    apps: Vec<App>,
    orphans: Vec<OrphanPart>,
    settings: Vec<OrgSettings>,
    profiles: Vec<Profile>,
    /// Why the Metadata API answers nothing; none where it does.
    no_metadata: Option<Reason>,
    problems: Vec<Diagnostic>,
}

/// Answers by the name of their question.
struct Answers(BTreeMap<&'static str, Result<Answer, Reason>>);

impl Answers {
    fn take(&mut self, object: &str) -> Result<Answer, Reason> {
        self.0.remove(object).unwrap_or_else(|| Err(format!("{object} was not asked for").into()))
    }

    /// An answer that adds to others, if there is one.
    fn optional(&mut self, object: &str) -> Option<Answer> {
        self.0.remove(object).and_then(Result::ok)
    }
}

impl<'a> Joining<'a> {
    pub(in crate::collect::org) fn new(client: &'a Client, request: &'a Request, begun: &'a Begun, schema: Schema) -> Self {
        let unasked = || Reason::from("not asked");
        Self {
            client,
            request,
            begun,
            schema,
            org: Org::default(),
            rows: Rows {
                connected: Err(unasked()),
                in_tooling: None,
                external: Err(unasked()),
                menu: Err(unasked()),
                policies: None,
                switches: None,
                scopes: None,
            },
            grants: Grants::read(Err(unasked()), None),
            frozen: Err(unasked()),
            apps: Vec::new(),
            orphans: Vec::new(),
            settings: Vec::new(),
            profiles: Vec::new(),
            no_metadata: None,
            problems: Vec::new(),
        }
    }

    /// An answer without which the audit has a hole.
    fn needed(&mut self, object: &str, answer: Result<Answer, Reason>) -> Result<Answer, Reason> {
        match &answer {
            Err(reason) => self.gap(&format!("{object} could not be read"), reason),
            Ok(Answer { more: Some(reason), .. }) => self.gap(&format!("{object} was not read completely"), reason),
            Ok(_) => {}
        }
        answer
    }

    fn gap(&mut self, what: &str, reason: &Reason) {
        let problem = Diagnostic::error(what).label(&**reason);
        // One object can be asked several questions.
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// The inventory of the org.
    pub(in crate::collect::org) fn finish(mut self) -> Collected {
        // The usage resource names apps by ids that need not be those of their rows; a name that is known is as good.
        let ids = self.apps.iter().filter_map(|app| app.in_org.as_ref()?.id.as_deref()).map(short);
        let names = self.apps.iter().map(|app| app.name.as_str());
        let labels = self.apps.iter().filter_map(|app| app.label.value()).map(String::as_str);
        let known: BTreeSet<String> = ids.chain(names).chain(labels).map(str::to_owned).collect();
        self.org.used_apps.rows.retain(|used| ![short(&used.id), &used.name, &used.label].into_iter().any(|it| known.contains(it)));
        let name = &self.request.name;
        for problem in &mut self.problems {
            problem.title = format!("{name}: {}", problem.title);
        }
        let source =
            Source { name: name.clone(), api_version: Some(self.client.version().0), org: Some(Box::new(self.org)), unread: false };
        let inventory = Inventory {
            sources: vec![source],
            apps: self.apps,
            orphans: self.orphans,
            settings: self.settings,
            profiles: self.profiles,
            user_permissions: Vec::new(),
            key_files: Vec::new(),
            mentioned: Vec::new(),
            inline_waivers: Vec::new(),
        };
        Collected { inventory, diagnostics: self.problems, ..Collected::default() }
    }
}
