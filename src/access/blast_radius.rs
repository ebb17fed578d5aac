//! How much of an org a token of an app opens: what its scopes allow, times what the users may do whom it can be for.
//!
//! Both factors are ranges. What was seen is the lower end; the upper end is what there may be besides. `docs/blast-radius.md` has the
//! table and the reservations, and a test holds the two together.

use super::audience::{Via, Way};
use super::permission::{API_ENABLED, POWERFUL};
use super::{Admission, Audience, LiveOrg, Lookup};
use crate::inventory::app::App;
use crate::inventory::blast_radius::{BlastLevel, BlastRadius};
use crate::inventory::oauth::KnownScope;
use crate::inventory::org::User;
use crate::inventory::profile::is_administrator;
use crate::inventory::user_permissions::{HolderKind, UserPermissions};
use crate::inventory::{Inventory, Reason};

/// What the scopes of a token allow. Ordered: `Nothing` is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Opens {
    /// Nothing.
    Nothing,
    /// To tell who the user is.
    Identity,
    /// One service of Salesforce, such as Chatter or Data Cloud.
    Service,
    /// Whatever the user may do through APIs.
    Api,
    /// Whatever the user may do, in a browser too.
    Everything,
}

/// What a user may do. Ordered: `Nobody` is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Power {
    /// There is no such user.
    Nobody,
    /// What profile and sharing let ordinary users do.
    Ordinary,
    /// Read or change all data.
    AllData,
    /// Change the org itself, or who may do what in it.
    Org,
}

/// The level of what a scope and a user open together.
#[must_use]
pub const fn level(opens: Opens, power: Power) -> BlastLevel {
    match (opens, power) {
        (Opens::Nothing, _) | (_, Power::Nobody) => BlastLevel::None,
        (Opens::Identity, _) => BlastLevel::Identity,
        (Opens::Service, _) | (_, Power::Ordinary) => BlastLevel::Partial,
        (Opens::Api | Opens::Everything, Power::AllData) => BlastLevel::AllData,
        (Opens::Api | Opens::Everything, Power::Org) => BlastLevel::Org,
    }
}

/// What a scope opens, by its OAuth name. Of a scope that this version does not know nothing can be said.
#[must_use]
pub fn opens(scope: &str) -> Option<Opens> {
    Some(match scope {
        "full" | "web" | "lightning" => Opens::Everything,
        "api" => Opens::Api,
        "id"
        | "openid"
        | "profile"
        | "email"
        | "address"
        | "phone"
        | "refresh_token"
        | "custom_permissions"
        | "data_cloud_user_claims" => Opens::Identity,
        _ if KnownScope::from_any_name(scope).is_some() => Opens::Service,
        _ => return None,
    })
}

/// What a permission makes of the user who has it.
#[must_use]
pub fn power_of(permission: &str) -> Power {
    match permission {
        "ViewAllData" | "ModifyAllData" => Power::AllData,
        _ if POWERFUL.contains(&permission) => Power::Org,
        _ => Power::Ordinary,
    }
}

/// Something between two ends: what was seen, and what there may be besides.
#[derive(Clone, Debug)]
struct Range<T> {
    least: T,
    most: T,
    /// What was seen.
    because: Option<String>,
    /// Why there may be more.
    unknown: Option<Reason>,
}

impl<T: Copy + Ord> Range<T> {
    const fn nothing(value: T) -> Self {
        Self { least: value, most: value, because: None, unknown: None }
    }

    fn known(value: T, because: impl Into<String>) -> Self {
        Self { because: Some(because.into()), ..Self::nothing(value) }
    }

    /// Adds something that was seen. Of several that weigh alike the first is told.
    fn see(&mut self, value: T, because: impl FnOnce() -> String) {
        if value > self.least {
            self.least = value;
            self.most = self.most.max(value);
            self.because = Some(because());
        }
    }

    /// Adds something that may be there.
    fn suspect(&mut self, value: T, reason: impl FnOnce() -> Reason) {
        if value > self.most {
            self.most = value;
            self.unknown = Some(reason());
        }
    }
}

/// The blast radius of an app of an inventory; `live` is the org it is in.
///
/// Where it is not known whether the app is blocked, it counts as not blocked.
#[must_use]
pub fn blast_radius(app: &App, inventory: &Inventory, live: Option<&LiveOrg<'_>>) -> BlastRadius {
    let opens = of_scopes(app);
    let users = of_users(app, inventory, &opens, live);
    let (least, most) = (level(opens.least, users.least), level(opens.most, users.most));
    let unknown = if least == most { None } else { users.unknown.or(opens.unknown) };
    BlastRadius { least, most, reasons: opens.because.into_iter().chain(users.because).collect(), unknown }
}

/// What the scopes of an app allow.
fn of_scopes(app: &App) -> Range<Opens> {
    if app.oauth.configured.value() == Some(&false) {
        return Range::known(Opens::Nothing, "it is no OAuth app");
    }
    let mut range = Range::nothing(Opens::Nothing);
    match &app.oauth.scopes.state {
        Ok(scopes) if scopes.is_empty() => range.because = Some("it has no scopes".to_owned()),
        Ok(scopes) => {
            for scope in scopes {
                match opens(&scope.name) {
                    Some(opens) => range.see(opens, || format!("the scope `{}` opens {}", scope.name, opens.in_words())),
                    None => {
                        range.suspect(Opens::Everything, || format!("what the scope `{}` opens is not known", scope.name).into());
                    }
                }
            }
        }
        Err(reason) => range.suspect(Opens::Everything, || reason.clone()),
    }
    range
}

/// What the users may do whom tokens can be for.
fn of_users(app: &App, inventory: &Inventory, opens: &Range<Opens>, live: Option<&LiveOrg<'_>>) -> Range<Power> {
    let mut range = match Admission::of(app) {
        Admission::Nobody => return Range::known(Power::Nobody, "nobody can use it"),
        Admission::Anybody => return Range::known(Power::Org, "any user may authorize it, administrators among them"),
        Admission::Assigned => Range::nothing(Power::Nobody),
        Admission::Unknown(reason) => {
            let mut range = Range::nothing(Power::Nobody);
            range.suspect(Power::Org, || reason);
            range
        }
    };
    match live {
        Some(live) => see_audience(&mut range, &live.graph.audience_of(app), live, opens),
        None => see_assigned(&mut range, app, inventory),
    }
    see_run_as(&mut range, app, live, opens);
    if range.least == Power::Nobody && range.most == Power::Nobody {
        range.because = Some("nobody is assigned to it".to_owned());
    }
    range
}

/// The users of a live org who are assigned to an app.
fn see_audience(range: &mut Range<Power>, audience: &Audience<'_>, live: &LiveOrg<'_>, opens: &Range<Opens>) {
    if let Some(reason) = audience.more_ways() {
        range.suspect(Power::Org, || reason.clone());
    }
    for way in audience.ways() {
        see_way(range, way, live, opens);
    }
}

fn see_way(range: &mut Range<Power>, way: &Way<'_>, live: &LiveOrg<'_>, opens: &Range<Opens>) {
    for holder in way.holders.iter().filter(|holder| holder.is_active()) {
        if let Some(user) = holder.user {
            see_user(range, holder.id, user, live, opens);
        }
    }
    if let Some(reason) = &way.more {
        // The users of a large profile are counted and not read.
        if let (Via::Profile { name, .. }, Some(1..)) = (way.via, way.active_users.value()) {
            let because = || format!("the profile {name} is assigned to it");
            if is_administrator(name) {
                range.see(Power::Org, because);
            } else if opens.most < Opens::Api || opens.least == Opens::Everything {
                // Nobody looked whether they may use APIs.
                range.see(Power::Ordinary, because);
            }
        }
        range.suspect(Power::Org, || reason.clone());
    }
}

fn see_user(range: &mut Range<Power>, id: &str, user: &User, live: &LiveOrg<'_>, opens: &Range<Opens>) {
    // A token for APIs is of no use to a user who may not use them.
    let counts = match live.graph.permission(id, user, API_ENABLED).state {
        _ if opens.most < Opens::Api || opens.least == Opens::Everything => Ok(()),
        Ok(true) => Ok(()),
        Ok(false) => match &opens.unknown {
            Some(reason) => Err(reason.clone()),
            None => return,
        },
        Err(_) => Err(format!("whether {} may use APIs is not known", user.username).into()),
    };
    let powers = live.graph.powers(id, user);
    let by_permission = powers.seen.iter().map(|name| (power_of(name), *name)).max_by_key(|(power, _)| *power);
    let administrator = live.graph.is_administrator(user).value() == Some(&true);
    let (power, because) = match by_permission {
        _ if administrator => (Power::Org, format!("{} is an administrator", user.username)),
        Some((power, name)) => (power, format!("{} has {name}", user.username)),
        None => (Power::Ordinary, "its users have no powerful permission that was seen".to_owned()),
    };
    match counts {
        Ok(()) => range.see(power, || because),
        Err(reason) => range.suspect(power, || reason),
    }
    if let Some(reason) = powers.more {
        range.suspect(Power::Org, || reason);
    }
}

/// The profiles and permission sets that files assign to an app.
fn see_assigned(range: &mut Range<Power>, app: &App, inventory: &Inventory) {
    let kinds = [
        (HolderKind::Profile, "profile", &app.access.profiles),
        (HolderKind::PermissionSet, "permission set", &app.access.permission_sets),
    ];
    for (kind, what, assigned) in kinds {
        match &assigned.state {
            Ok(all) => {
                for assignment in all {
                    let is_it = |holder: &&UserPermissions| {
                        (holder.source, holder.kind) == (app.source, kind)
                            && Some(holder.name.as_str()) == assignment.resolution.full_name()
                    };
                    let files: Vec<&UserPermissions> = inventory.user_permissions.iter().filter(is_it).collect();
                    see_assignment(range, what, &assignment.name, &files);
                }
            }
            Err(reason) => range.suspect(Power::Org, || reason.clone()),
        }
    }
}

/// A profile or permission set counts as held by somebody, who may have others besides. `files` are those that say what it grants.
fn see_assignment(range: &mut Range<Power>, what: &str, name: &str, files: &[&UserPermissions]) {
    if what == "profile" && is_administrator(name) {
        range.see(Power::Org, || format!("the profile {name} is assigned to it"));
        return;
    }
    range.see(Power::Ordinary, || format!("the {what} {name} is assigned to it"));
    for (permission, _) in files.iter().filter_map(|holder| holder.granted.value()).flatten() {
        range.see(power_of(permission), || format!("the {what} {name}, which grants {permission}, is assigned to it"));
    }
    range.suspect(Power::Org, || format!("what the users of the {what} {name} may do besides is known to a live org only").into());
}

/// The user a client credentials app runs as: whoever has the secret gets tokens for that user.
fn see_run_as(range: &mut Range<Power>, app: &App, live: Option<&LiveOrg<'_>>, opens: &Range<Opens>) {
    let name = match (&app.flows.client_credentials.state, &app.flows.client_credentials_user.state) {
        (Ok(false), _) => return,
        (Ok(true), Ok(name)) if name.is_empty() => return,
        (Ok(true), Ok(name)) => name,
        (Err(reason), _) | (_, Err(reason)) => return range.suspect(Power::Org, || reason.clone()),
    };
    let Some(live) = live else {
        range.see(Power::Ordinary, || format!("it runs as {name}"));
        return range.suspect(Power::Org, || format!("what {name} may do is known to a live org only").into());
    };
    match live.graph.look_up(name) {
        Lookup::Found { id, user } if user.active => see_user(range, id, user, live, opens),
        Lookup::Found { .. } | Lookup::Absent => {}
        Lookup::Unknown(reason) => range.suspect(Power::Org, || reason),
    }
}

impl Opens {
    /// What is open, in words.
    const fn in_words(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Identity => "who the user is",
            Self::Service => "a service",
            Self::Api => "whatever the user may do through APIs",
            Self::Everything => "whatever the user may do",
        }
    }
}
