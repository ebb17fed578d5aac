//! P6: does the app admit the user: assigned by an admin, or approved by the user?

use super::Person;
use super::assigned::{Assigned, Doubt, assigned};
use super::forecast::{Step, Topic};
use super::scopes::REFRESH;
use super::trial::Trial;
use super::{Request, Subject};
use crate::access::errors::Cause;
use crate::inventory::Fact;
use crate::inventory::flow::Flow;
use crate::inventory::oauth::{PermittedUsers, RefreshTokenPolicy};
use crate::inventory::org::short;

const STEP: Step = Step::AppAccess;

pub(super) fn run(trial: &mut Trial<'_, '_>, person: &Person<'_>) {
    let flow = trial.request.flow;
    // Without a user there is nobody to admit; that there is none was told.
    if !flow.takes_app() || matches!(person, Person::NoOne | Person::Missing(_)) {
        return;
    }
    let permitted_users = trial.app().access.permitted_users.clone();
    let what = "whether users may authorize the app themselves";
    match trial.known(&permitted_users, STEP, Topic::PermittedUsers, what, "the app's policies") {
        Some(PermittedUsers::AdminApproved) => admin_approved(trial, person),
        Some(PermittedUsers::SelfAuthorize) => self_authorize(trial, person),
        None => {}
    }
    if flow.is_refresh() {
        refresh_token_exists(trial, person);
    }
}

fn admin_approved(trial: &mut Trial<'_, '_>, person: &Person<'_>) {
    let Assigned { ways, why_not, doubt, reservations, .. } = assigned(trial.subject, person);
    let no_rule = trial.request.flow == Flow::AssetToken;
    match (why_not, doubt) {
        (Some(why_not), _) if no_rule => trial.undecided(
            STEP,
            Topic::Access,
            "whether an app that admits assigned users alone gives asset tokens for others",
            why_not.into(),
            "Assign the user to the app.",
        ),
        (Some(why_not), _) => {
            let app = trial.app();
            let facts = [&app.access.permitted_users.origins, &app.access.profiles.origins, &app.access.permission_sets.origins];
            let origins = facts.map(Clone::clone).concat();
            trial.fail(STEP, Cause::NotAdminApproved, why_not, &origins);
        }
        (None, Some(Doubt { topic, what, reason, supply })) => trial.undecided(STEP, topic, &what, reason, supply),
        (None, None) => {
            if matches!(person, Person::Anybody(_)) {
                trial.premise(format!("{} has the app through {}", person.called(), ways.join(" or ")));
            }
            for reservation in reservations {
                trial.reserve(reservation);
            }
        }
    }
}

fn self_authorize(trial: &mut Trial<'_, '_>, person: &Person<'_>) {
    match trial.request.flow {
        flow if flow.is_interactive() => trial.premise("the user allows access on the page that asks for it, the first time"),
        Flow::JwtBearer | Flow::SamlBearer | Flow::TokenExchange | Flow::CodeCredentials => approved_earlier(trial, person),
        _ => {}
    }
}

/// A flow without a page to approve the app on needs an approval that is there already.
fn approved_earlier(trial: &mut Trial<'_, '_>, person: &Person<'_>) {
    let flow = trial.request.flow;
    if trial.app().tokens.refresh_policy.value() == Some(&RefreshTokenPolicy::Zero) {
        trial.reserve("Whether an approval still counts where the app's policy expires refresh tokens at once is not confirmed.");
    }
    if trial.app().tokens.rotation.value() == Some(&true) {
        trial.reserve("Whether an approval still counts once its refresh token was rotated is not confirmed.");
    }
    let scopes = &trial.app().oauth.scopes;
    let lacks_refresh = scopes.value().is_some_and(|scopes| scopes.iter().all(|scope| scope.name != REFRESH));
    let origins = trial.app().access.permitted_users.origins.clone();
    let approval = approval(trial.subject, trial.request, person);
    match approval.state {
        Ok(false) => {
            let because = format!("Users may authorize {} themselves, and {} has not.", trial.app().name, person.called());
            trial.fail(STEP, Cause::NotApproved, because, &origins);
        }
        // No approval can hold a refresh token then, which is what assertion flows look for.
        Err(_) if lacks_refresh && flow.is_assertion() => {
            let because = format!(
"Users may authorize {} themselves, and without the {REFRESH} scope no approval has a refresh token.",
                trial.app().name
            );
            trial.fail(STEP, Cause::NotApproved, because, &origins);
        }
        Err(reason) => {
            let what = format!("whether {} has approved the app earlier", person.called());
            trial.undecided(STEP, Topic::Approval, &what, reason, to_tell_approvals(trial));
        }
        Ok(true) if lacks_refresh && flow == Flow::CodeCredentials => trial.undecided(
            STEP,
            Topic::Approval,
            "whether an approval without a refresh token counts in this flow",
            format!("the app's scopes lack {REFRESH}").into(),
            format!("Add the {REFRESH} scope to the app and let the user authorize it again."),
        ),
        Ok(true) if trial.request.prior_approval.is_none() => trial.reserve(format!(
            "The org shows a token of {} for this app. The approval behind it counts only if it came with a refresh token, which the org does \
             not tell.",
            person.called()
        )),
        Ok(true) => {}
    }
}

fn refresh_token_exists(trial: &mut Trial<'_, '_>, person: &Person<'_>) {
    match approval(trial.subject, trial.request, person).state {
        Ok(true) => {}
        Ok(false) => {
            let because = format!("{} holds no token of {}.", person.called(), trial.app().name);
            trial.fail(Step::ClientProof, Cause::RefreshTokenEnded, because, &[]);
        }
        Err(reason) => {
            let what = format!("whether {} holds a refresh token of the app", person.called());
            trial.undecided(STEP, Topic::Approval, &what, reason, to_tell_approvals(trial));
        }
    }
}

/// Whether the user has approved the app earlier: what was stated, or what the org's tokens tell.
fn approval(subject: &Subject<'_>, request: &Request, person: &Person<'_>) -> Fact<bool> {
    if let Some(stated) = request.prior_approval {
        return Fact::known(stated);
    }
    let Some(live) = subject.live else { return Fact::unknown("files do not tell of approvals") };
    match person {
        Person::User { id, .. } => {
            let (tokens, more) = live.usage.tokens(subject.app);
            match more {
                _ if tokens.iter().any(|token| short(&token.user) == short(id)) => Fact::known(true),
                Some(reason) => Fact::unknown(reason),
                None => Fact::known(false),
            }
        }
        Person::Unread { reason, .. } => Fact::unknown(reason.clone()),
        _ => Fact::unknown("no user is named"),
    }
}

fn to_tell_approvals(trial: &Trial<'_, '_>) -> &'static str {
    if trial.subject.live.is_some() {
        "Name the user with --user, or state it with --prior-approval yes or no."
    } else {
        "State it with --prior-approval yes or no, or ask the org with --target-org and --user."
    }
}
