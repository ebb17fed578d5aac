//! Use: who has tokens for which app, who logged in through which.

use std::collections::BTreeMap;

use super::ask::Answer;
use super::row::Row;
use crate::inventory::Reason;
use crate::inventory::org::{AskedAs, Id, LogInUse, Seen, TokenUse, UsedApp, short};

/// `OauthToken` answers no more rows than this, whatever there is (API contract, section 4.2).
const MOST_TOKENS: usize = 2_500;

/// Tokens by app and user. An answer that may be short says so: nothing in it tells that rows are missing.
pub(super) fn tokens(answer: Result<Answer, Reason>, menu: &Result<Answer, Reason>, asked_as: &AskedAs) -> Seen<TokenUse> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(reason) => return Seen::nothing(reason),
    };
    let unlinked = match menu {
        Err(reason) => Some(reason.clone()),
        Ok(menu) => menu.more.clone(),
    };
    let menu = apps_by_menu_item(menu);
    let is_unseen = |row: &Row| row.text("AppMenuItemId").is_some_and(|item| !menu.contains_key(short(&item)));
    let unseen =
        answer.rows.iter().any(is_unseen).then(|| Reason::from("some tokens belong to apps whose menu items are not seen"));
    let mut by_app_and_user: BTreeMap<(String, Option<Id>, Id), TokenUse> = BTreeMap::new();
    for row in &answer.rows {
        let (Some(app_name), Some(user)) = (row.text("AppName"), row.text("UserId")) else { continue };
        // A menu item that is not seen belongs to some app, and its id is no app's: the token is neither of a known app nor of none.
        let app = row.text("AppMenuItemId").map(|item| menu.get(short(&item)).cloned().unwrap_or(item));
        let entry = by_app_and_user.entry((app_name.clone(), app.clone(), user.clone())).or_insert(TokenUse {
            app_name,
            app,
            user,
            tokens: 0,
            uses: 0,
            first: None,
            last_used: None,
        });
        entry.tokens += 1;
        entry.uses += row.count("UseCount").unwrap_or_default();
        entry.first = [entry.first.take(), row.text("CreatedDate")].into_iter().flatten().min();
        // Salesforce writes times in one zone and one length, so that text order is time order.
        entry.last_used = entry.last_used.take().max(row.text("LastUsedDate"));
    }
    let more = why_short(&answer, asked_as).or(unlinked).or(unseen);
    Seen { rows: by_app_and_user.into_values().collect(), more }
}

fn why_short(answer: &Answer, asked_as: &AskedAs) -> Option<Reason> {
    if answer.rows.len() >= MOST_TOKENS {
        return Some(format!("Salesforce shows {MOST_TOKENS} tokens at most, and there are so many").into());
    }
    let sees_all = asked_as.permissions.value().map(|permissions| permissions.contains("CustomizeApplication"));
    let sees_others = answer.rows.iter().any(|row| row.text("UserId").is_some_and(|user| short(&user) != short(&asked_as.id)));
    match sees_all {
        Some(true) => answer.more.clone(),
        _ if sees_others && !asked_as.id.is_empty() => answer.more.clone(),
        Some(false) => Some("only own tokens are seen: the permission Customize Application is missing".into()),
        None => Some(
            "whether tokens of other users are seen is not known: the permissions of the running user could not be read".into(),
        ),
    }
}

/// App ids by the short id of the menu item.
fn apps_by_menu_item(answer: &Result<Answer, Reason>) -> BTreeMap<Id, Id> {
    let rows = answer.iter().flat_map(|answer| &answer.rows);
    rows.filter_map(|row| Some((short(&row.text("Id")?).to_owned(), row.text("ApplicationId")?))).collect()
}

/// Log-ins of the last 90 days by application.
pub(super) fn log_ins(answer: Result<Answer, Reason>) -> Seen<LogInUse> {
    match answer {
        Err(reason) => Seen::nothing(reason),
        Ok(answer) => {
            let rows = answer.rows.iter().filter_map(|row| {
                Some(LogInUse {
                    application: row.text("Application")?,
                    count: row.count("logIns")?,
                    users: row.count("users").unwrap_or_default(),
                    last: row.word("latest"),
                })
            });
            Seen { rows: rows.collect(), more: answer.more }
        }
    }
}

/// The entries of the OAuth usage resource. Only three of its keys are documented for certain.
pub(super) fn used_apps(entries: &[Row]) -> Vec<UsedApp> {
    let read = |row: &Row| Some(UsedApp { id: row.text("identifier")?, name: row.word("developerName"), label: row.word("label") });
    entries.iter().filter_map(read).collect()
}
