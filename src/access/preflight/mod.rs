//! Would Salesforce issue a token? The answer from configuration, before a request is sent.
//!
//! The procedure is that of Salesforce's authorization as far as it is known: steps in an order of which only parts were observed. All
//! failing conditions are told; the earliest is the most likely literal error. What nobody can know from a source is a premise (what the
//! client sends), a reservation (what is not confirmed) or undecided (what another source would tell).
//!
//! ```text
//!  Subject + Request ─▶ person ─▶ P0 shape ─▶ P1 app ─▶ P2 switches ─▶ P3/P4 proof ─▶ P5 user ─▶ P6 admission
//!                                      ─▶ P7 scopes ─▶ P8 session ─▶ P9 API Access Control ─▶ P10 issue ─▶ Forecast
//! ```

mod admission;
mod app;
mod ask;
mod assigned;
mod forecast;
mod issue;
mod person;
mod proof;
mod scopes;
mod session;
mod shape;
mod switches;
mod trial;
mod user;

pub use self::ask::{Request, Who};
pub use self::assigned::{Assigned, Doubt};
pub use self::forecast::{Failing, Forecast, Issue, Said, Step, Topic, Undecided, Verdict};

use jiff::civil::Date;

use self::person::Person;
use self::trial::Trial;
use super::{Audience, LiveOrg};
use crate::inventory::app::App;
use crate::inventory::org::User;
use crate::inventory::settings::OrgSettings;
use crate::inventory::{Inventory, Profile};

/// An app with all there is around it to say who gets a token.
#[derive(Debug)]
pub struct Subject<'a> {
    app: &'a App,
    settings: Option<&'a OrgSettings>,
    profiles: Vec<&'a Profile>,
    live: Option<&'a LiveOrg<'a>>,
    audience: Option<Audience<'a>>,
    today: Date,
}

impl<'a> Subject<'a> {
    /// An app of an inventory. `live` is the org it is in; none for an app of files. `today` decides which certificates have expired.
    #[must_use]
    pub fn new(inventory: &'a Inventory, app: &'a App, live: Option<&'a LiveOrg<'a>>, today: Date) -> Self {
        Self {
            app,
            settings: inventory.settings_of(app),
            profiles: inventory.profiles.iter().filter(|profile| profile.source == app.source).collect(),
            live,
            audience: live.and_then(|live| app.in_org.as_ref().map(|in_org| live.graph.audience(in_org))),
            today,
        }
    }

    /// The app.
    #[must_use]
    pub const fn app(&self) -> &'a App {
        self.app
    }

    /// The org the app is in; none for an app of files.
    #[must_use]
    pub const fn live(&self) -> Option<&'a LiveOrg<'a>> {
        self.live
    }

    /// Who is assigned to the app; none for an app of files.
    #[must_use]
    pub const fn audience(&self) -> Option<&Audience<'a>> {
        self.audience.as_ref()
    }

    /// Whether a user of the org is assigned to the app, and through what: what decides where the app admits assigned users alone.
    #[must_use]
    pub fn assigned(&self, id: &str, user: &User) -> Assigned {
        assigned::assigned(self, &Person::User { id, user })
    }

    /// What would come of a request.
    #[must_use]
    pub fn forecast(&self, request: &Request) -> Forecast {
        let person = Person::of(self, request);
        let mut trial = Trial::new(self, request, &person);
        for step in STEPS {
            step(&mut trial, &person);
        }
        let mut forecast = trial.finish();
        forecast.issue = issue::of(self, request, &person, &forecast);
        forecast
    }
}

/// A step of the procedure: it reads the trial's subject and request, and adds to its forecast.
type Run = fn(&mut Trial<'_, '_>, &Person<'_>);

/// The steps, in order.
const STEPS: [Run; 9] = [
    shape::run,
    app::run,
    switches::run,
    proof::run,
    user::run,
    admission::run,
    scopes::run,
    session::level,
    session::api_access_control,
];
