//! A verification for programs: `orgwarden/verify-v1`. The types here are the wire format and nothing else.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;
use serde_json::Value;

use super::Verification;
use crate::compare::arrival::{Lost, Thing, Untold, What};
use crate::inventory::Origin;
use crate::report::json::Subject;
use crate::report::trail;

/// What the key `schema` says.
pub const SCHEMA_ID: &str = "orgwarden/verify-v1";

const WHAT: [&str; 7] = ["app", "part", "fact", "consumer-key", "assignment", "no-assignment", "deletion"];

/// `verify --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Verify")]
struct Document<'a> {
    /// `orgwarden/verify-v1`.
    #[schemars(extend("const" = SCHEMA_ID))]
    schema: &'static str,
    /// What was declared, as it was named.
    source: &'a str,
    /// What it was held against.
    org: &'a str,
    /// How many things arrived.
    arrived: usize,
    not_arrived: Vec<NotArrived<'a>>,
    /// Of what the org does not tell.
    cannot_tell: Vec<CannotTell<'a>>,
    /// How many files of the source could not be read.
    gaps: usize,
    /// Who may have changed it since; null where no live org was asked.
    setup_audit_trail: Option<trail::Wire<'a>>,
}

/// Something declared that the org does not have.
#[derive(Serialize, JsonSchema)]
struct NotArrived<'a> {
    #[serde(flatten)]
    thing: Wanted<'a>,
    /// What the org has in its place; null for nothing.
    org_has: &'a Value,
    /// What is known of the platform that explains it; null where nothing is.
    known: Option<&'static str>,
}

/// Something declared of which the org does not tell.
#[derive(Serialize, JsonSchema)]
struct CannotTell<'a> {
    #[serde(flatten)]
    thing: Wanted<'a>,
    reason: &'a str,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Declared")]
struct Wanted<'a> {
    subject: Subject<'a>,
    #[schemars(extend("enum" = WHAT))]
    what: &'static str,
    /// Path of the fact; null where it is none.
    fact: Option<&'a str>,
    /// The element, with its metadata type, where several make the fact and this is about one of them; null elsewhere.
    element: Option<&'a str>,
    /// The value: of a fact; the name of what is assigned; the consumer key in short; the metadata type of a
    /// part, or of what is deleted. Null where there is none. Written by others: escape it
    /// before showing it.
    declared: Value,
    /// What is assigned; null where nothing is.
    #[schemars(extend("enum" = ["profile", "permission-set", null]))]
    kind: Option<&'static str>,
    /// Where it is declared.
    place: Option<Place<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Place<'a> {
    path: &'a str,
    line: usize,
    column: usize,
}

/// The document.
#[must_use]
pub fn json(it: &Verification) -> impl Serialize + '_ {
    Document {
        schema: SCHEMA_ID,
        source: &it.source,
        org: &it.org,
        arrived: it.arrivals.arrived,
        not_arrived: it.arrivals.lost.iter().map(NotArrived::from).collect(),
        cannot_tell: it.arrivals.untold.iter().map(CannotTell::from).collect(),
        gaps: it.gaps,
        setup_audit_trail: it.trail.as_ref().map(trail::Trail::wire),
    }
}

/// JSON Schema of the document.
#[must_use]
pub fn schema() -> Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Document<'_>>().to_value()
}

impl<'a> From<&'a Lost> for NotArrived<'a> {
    fn from(it: &'a Lost) -> Self {
        Self { thing: (&it.thing).into(), org_has: &it.there, known: it.known }
    }
}

impl<'a> From<&'a Untold> for CannotTell<'a> {
    fn from(it: &'a Untold) -> Self {
        Self { thing: (&it.thing).into(), reason: &it.reason }
    }
}

impl<'a> From<&'a Thing> for Wanted<'a> {
    fn from(it: &'a Thing) -> Self {
        let (what, fact, declared, kind) = match &it.what {
            What::App => ("app", None, Value::Null, None),
            What::Part(metadata_type) => ("part", None, Value::from(*metadata_type), None),
            What::Switch(path, _, on) => ("fact", Some(*path), Value::from(*on), None),
            What::Fact(path, value) => ("fact", Some(*path), value.clone(), None),
            What::ConsumerKey(key) => ("consumer-key", None, Value::from(key.as_str()), None),
            What::Assigned(kind, name) => ("assignment", None, Value::from(name.as_str()), Some(*kind)),
            What::NoneAssigned(kind) => ("no-assignment", None, Value::Null, Some(*kind)),
            What::Gone(metadata_type) => ("deletion", None, Value::from(metadata_type.as_str()), None),
        };
        let element = if let What::Switch(_, element, _) = &it.what { Some(*element) } else { None };
        Self { subject: (&it.subject).into(), what, fact, element, declared, kind, place: it.place.as_ref().map(Place::from) }
    }
}

impl<'a> From<&'a Origin> for Place<'a> {
    fn from(origin: &'a Origin) -> Self {
        let location = origin.location();
        let position = location.position();
        Self { path: location.path(), line: position.line, column: position.column }
    }
}
