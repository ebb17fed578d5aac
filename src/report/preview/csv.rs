//! A line for each user of each app, and for each request of its contract.

use super::{App, ContractUser, Document, User};
use crate::report::untrusted;

const HEADERS: [&str; 12] =
    ["org", "kind", "app", "about", "user", "flow", "today", "outcome", "tokens", "last_used", "through", "reason"];

/// The document for spreadsheets.
#[must_use]
pub fn csv(document: &Document) -> String {
    let mut out = HEADERS.join(",");
    out.push('\n');
    for app in &document.apps {
        let users = app.users.iter().map(|user| of_user(app, user));
        for row in users.chain(app.contract_users.iter().map(|it| of_contract(app, it))) {
            let cells: Vec<String> = row.iter().map(|cell| untrusted::csv_cell(cell)).collect();
            out.push_str(&cells.join(","));
            out.push('\n');
        }
    }
    out
}

fn row(app: &App, about: &str, rest: [String; 8]) -> Vec<String> {
    let subject = &app.subject;
    let app = [subject.org.clone(), subject.kind.to_owned(), subject.name.clone(), about.to_owned()];
    app.into_iter().chain(rest).collect()
}

fn of_user(app: &App, user: &User) -> Vec<String> {
    let today = app.today.unwrap_or("unknown").to_owned();
    let last_used = user.last_used.clone().unwrap_or_default();
    row(
        app,
        "user",
        [
            user.user.clone(),
            String::new(),
            today,
            user.outcome.as_str().to_owned(),
            user.tokens.to_string(),
            last_used,
            user.through.join("; "),
            user.reason.clone().unwrap_or_default(),
        ],
    )
}

fn of_contract(app: &App, it: &ContractUser) -> Vec<String> {
    let reason = [&it.error, &it.reason].into_iter().flatten().cloned().collect::<Vec<_>>().join("; ");
    let none = String::new;
    row(
        app,
        "contract",
        [it.user.clone(), it.flow.to_owned(), it.today.to_owned(), it.after.to_owned(), none(), none(), none(), reason],
    )
}
