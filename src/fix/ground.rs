//! What a fix stands on: the files of one subject, and the facts that say what to write.

use std::sync::Arc;

use super::part::{self, NEW_PARTS};
use crate::inventory::app::{App, AppKind};
use crate::inventory::settings::OrgSettings;
use crate::inventory::{Origin, Reason};
use crate::metadata::{ComplexType, Record};
use crate::rules::fix::Target;
use crate::rules::value::{FactSet, Value};
use crate::source::xml::{Keep, parse};
use crate::source::{Location, SourceText};

/// Finds the text that a place is in; none where it was not kept.
pub type Texts<'a> = &'a dyn Fn(&Location) -> Option<Arc<SourceText>>;

/// The files of one subject, and what is known of it.
#[derive(Debug)]
pub struct Ground {
    /// What it is.
    pub target: Target,
    /// What is known of it.
    pub facts: FactSet,
    files: Vec<Arc<SourceText>>,
    /// Full name of the app and the path of its header, beside which a part can be made.
    header: Option<(String, Arc<SourceText>)>,
    installed: bool,
}

/// A file that a fix changes or makes.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) text: Arc<SourceText>,
    pub(super) is_new: bool,
}

impl Ground {
    /// Of an app.
    #[must_use]
    pub fn of_app(app: &App, facts: FactSet, texts: Texts<'_>) -> Self {
        let own = texts(&app.location);
        let parts = app.parts.values().flatten().filter_map(texts);
        let header = own.clone().filter(|_| app.kind == AppKind::ExternalClientApp).map(|text| (app.name.clone(), text));
        let installed = matches!(facts.get("app.installed").and_then(|fact| fact.value()), Some(Value::Bool(true)));
        Self { target: app.kind.into(), files: own.clone().into_iter().chain(parts).collect(), header, installed, facts }
    }

    /// Of the settings of a folder or of an org.
    #[must_use]
    pub fn of_settings(settings: &OrgSettings, facts: FactSet, texts: Texts<'_>) -> Self {
        let origins: [&[Origin]; 8] = [
            &settings.block_username_password.origins,
            &settings.pkce_required.origins,
            &settings.admin_approved_only.origins,
            &settings.admin_approved_only_external.origins,
            &settings.secret_in_metadata_api.origins,
            &settings.secret_in_rest_api.origins,
            &settings.session_timeout_minutes.origins,
            &settings.password_log_in_disabled.origins,
        ];
        let mut files: Vec<Arc<SourceText>> = Vec::new();
        for text in origins.into_iter().flatten().filter_map(|origin| texts(origin.location())) {
            if !files.iter().any(|file| file.name() == text.name()) {
                files.push(text);
            }
        }
        Self { target: Target::Org, files, header: None, installed: false, facts }
    }

    /// The paths of its files.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|text| &**text.name())
    }

    /// The file that has what a step changes.
    pub(super) fn place(&self, holder: &'static ComplexType, path: &str) -> Result<Place, Reason> {
        if self.installed && part::is_of_vendor(holder, path) {
            return Err("the app comes from an installed package, and its vendor decides about this".into());
        }
        let found: Vec<&Arc<SourceText>> = self.files.iter().filter(|text| record(text, holder).is_ok()).collect();
        match found[..] {
            [text] => Ok(Place { text: Arc::clone(text), is_new: false }),
            [] => self.new_place(holder),
            _ => {
                let names: Vec<&str> = found.iter().map(|text| &**text.name()).collect();
                Err(format!("several files hold {}, and it is not clear which one counts: {}", holder.name, names.join(", "))
                    .into())
            }
        }
    }

    fn new_place(&self, holder: &'static ComplexType) -> Result<Place, Reason> {
        let missing = || Reason::from(format!("its {} is not in the source: retrieve it first", holder.name));
        let part = NEW_PARTS.iter().find(|part| part.metadata_type.name == holder.name).ok_or_else(missing)?;
        let (app, header) = self.header.as_ref().ok_or_else(missing)?;
        Ok(Place { text: part.beside(app, header), is_new: true })
    }

    /// Whether one of its files is this one.
    pub(super) fn has(&self, path: &str) -> bool {
        self.files.iter().any(|text| &**text.name() == path)
    }
}

/// A text as a component of this type.
pub(super) fn record(text: &Arc<SourceText>, ty: &'static ComplexType) -> Result<Record, Reason> {
    let root = parse(text, Keep::All).map_err(|error| Reason::from(error.to_string()))?;
    if root.name != ty.name {
        return Err(format!("it holds {}, not {}", root.name, ty.name).into());
    }
    Ok(Record::new(Arc::clone(text), root, ty))
}
