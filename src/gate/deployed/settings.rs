//! Settings of an org, over which a deployment lays those that its files state.

use std::collections::BTreeSet;

use super::ORG;
use crate::inventory::settings::OrgSettings;
use crate::inventory::{Fact, Origin};

type Protections = Fact<Vec<(String, Origin)>>;

/// Lays the settings of a source over those of the org: what a file states replaces what the org has. What it does not state stays, because it is
/// not documented that settings go back to their defaults.
pub(super) fn lay(source: &[OrgSettings], after: &mut [OrgSettings]) {
    let Some(own) = after.iter_mut().find(|settings| settings.source == ORG) else { return };
    for deployed in source {
        lay_one(deployed, own);
    }
}

fn lay_one(deployed: &OrgSettings, own: &mut OrgSettings) {
    let OrgSettings {
        source: _,
        folder: _,
        oauth_present,
        block_username_password,
        block_user_agent,
        code_credentials,
        pkce_required,
        admin_approved_only,
        admin_approved_only_external,
        secret_in_metadata_api,
        secret_in_rest_api,
        ip_ranges_every_request,
        session_timeout_minutes,
        security_present,
        session_protections_off,
        session_protections_on,
        trusted_ip_ranges,
        password_log_in_disabled,
    } = deployed;
    for (new, old) in [
        (block_username_password, &mut own.block_username_password),
        (block_user_agent, &mut own.block_user_agent),
        (code_credentials, &mut own.code_credentials),
        (pkce_required, &mut own.pkce_required),
    ] {
        take(new, old, *oauth_present);
    }
    for (new, old) in [
        (admin_approved_only, &mut own.admin_approved_only),
        (admin_approved_only_external, &mut own.admin_approved_only_external),
        (secret_in_metadata_api, &mut own.secret_in_metadata_api),
        (secret_in_rest_api, &mut own.secret_in_rest_api),
        (ip_ranges_every_request, &mut own.ip_ranges_every_request),
        (password_log_in_disabled, &mut own.password_log_in_disabled),
    ] {
        take(new, old, true);
    }
    take(session_timeout_minutes, &mut own.session_timeout_minutes, *security_present);
    own.oauth_present |= oauth_present;
    own.security_present |= security_present;
    take_list(trusted_ip_ranges, &mut own.trusted_ip_ranges);
    lay_protections((session_protections_off, session_protections_on), own);
}

/// Takes what a file states, and what it has and cannot be read.
fn take<T: Clone>(new: &Fact<T>, old: &mut Fact<T>, has_file: bool) {
    let is_stated = new.is_stated() && !new.origins.is_empty();
    let is_unreadable = has_file && new.state.is_err() && !new.origins.is_empty();
    if is_stated || is_unreadable {
        *old = new.clone();
    }
}

/// A list replaces the list of the org where a file has one at all.
fn take_list<T: Clone>(new: &Fact<Vec<T>>, old: &mut Fact<Vec<T>>) {
    if new.value().is_none_or(|list| !list.is_empty()) {
        *old = new.clone();
    }
}

/// Session protections, each of which a file switches off or on; of those that it does not name the org's are in force.
fn lay_protections((off, on): (&Protections, &Protections), own: &mut OrgSettings) {
    let named: BTreeSet<&str> = [off, on].iter().filter_map(|list| list.value()).flatten().map(|(name, _)| name.as_str()).collect();
    for (new, old) in [(off, &mut own.session_protections_off), (on, &mut own.session_protections_on)] {
        match (&new.state, &mut old.state) {
            (Err(_), _) => *old = new.clone(),
            (Ok(new), Ok(list)) => {
                list.retain(|(name, _)| !named.contains(name.as_str()));
                list.extend(new.iter().cloned());
                old.origins = list.iter().map(|(_, origin)| origin.clone()).collect();
            }
            (Ok(_), Err(_)) => {}
        }
    }
}
