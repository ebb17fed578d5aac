//! From a preview to the document that is printed.

use crate::access::contract::Outcome as Said;
use crate::access::preview::{Change, ContractUse, Fate, LogIns, Person, Preview};
use crate::inventory::Inventory;
use crate::inventory::app::App;
use crate::inventory::oauth::PermittedUsers;
use crate::policy::app_subject;
use crate::report::preview as report;

/// The preview of an app as a document.
pub(super) fn app_document(app: &App, preview: &Preview, change: &Change, inventory: &Inventory) -> report::App {
    let by_admins = change.permitted_users == PermittedUsers::AdminApproved;
    let unused = &preview.assigned_without_use;
    report::App {
        subject: app_subject(app, inventory),
        today: preview.today.value().map(|users| users.as_str()),
        today_unknown: preview.today.state.as_ref().err().map(ToString::to_string),
        assigned: preview.assigned.as_ref().ok().cloned(),
        assigned_unknown: preview.assigned.as_ref().err().map(ToString::to_string),
        users: preview.people.iter().map(user).collect(),
        blocked_unknown: preview.blocking.as_ref().map(ToString::to_string),
        more_users: preview.more.as_ref().map(ToString::to_string),
        assigned_without_use: unused.value().copied().filter(|_| by_admins),
        assigned_without_use_unknown: unused.state.as_ref().err().filter(|_| by_admins).map(ToString::to_string),
        anybody_of: preview.active_users.value().copied().filter(|_| !by_admins),
        log_ins: preview.log_ins.as_ref().map(log_ins),
        contract_users: preview.contract.iter().flatten().map(contract_user).collect(),
        contract_unknown: preview.contract.as_ref().err().map(ToString::to_string),
    }
}

fn user(person: &Person) -> report::User {
    let (outcome, through, reason) = match &person.fate {
        Fate::Loses(why) => (report::Outcome::Loses, Vec::new(), Some(why.clone())),
        Fate::Keeps(ways) => (report::Outcome::Keeps, ways.clone(), None),
        Fate::Gains(ways) => (report::Outcome::Gains, ways.clone(), None),
        Fate::Outside(why) => (report::Outcome::Outside, Vec::new(), Some(why.clone())),
        Fate::CannotTell(what) => (report::Outcome::CannotTell, Vec::new(), Some(what.clone())),
    };
    report::User {
        user: person.name.clone(),
        outcome,
        through,
        reason,
        tokens: person.tokens,
        last_used: person.last_used.clone(),
        frozen: person.frozen,
        runs_as: person.runs_as,
    }
}

fn log_ins(log_ins: &LogIns) -> report::LogIns {
    report::LogIns { count: log_ins.count, users: log_ins.users, last: log_ins.last.clone() }
}

fn contract_user(it: &ContractUse) -> report::ContractUser {
    let (error, reason) = match &it.after {
        Said::Works => (None, None),
        Said::Refused(refusal) => (refusal.answer.as_ref().map(|(error, _)| error.clone()), Some(refusal.because.join(" "))),
        Said::CannotTell(reason) => (None, Some(reason.to_string())),
    };
    report::ContractUser {
        user: it.user.clone(),
        flow: it.flow.as_str(),
        today: verdict(&it.today),
        after: verdict(&it.after),
        breaks: it.breaks(),
        error,
        reason,
    }
}

const fn verdict(said: &Said) -> &'static str {
    match said {
        Said::Works => "would-issue",
        Said::Refused(_) => "would-refuse",
        Said::CannotTell(_) => "cannot-tell",
    }
}
