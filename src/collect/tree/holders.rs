//! What all profiles and permission sets of a tree say of their users, where all of them are asked for.

use super::assignments::{Directory, shared_out};
use super::files::SourceFile;
use crate::collect::component::profile::{LOGIN, PERMISSIONS, READ, Restrictions, user_permissions};
use crate::diagnostic::Diagnostic;
use crate::inventory::user_permissions::{HolderKind, UserPermissions};
use crate::inventory::{Fact, Origin, Profile};
use crate::source::Location;
use crate::source::xml::Keep;

/// A profile or permission set with its file.
type Holder<'a> = (HolderKind, &'a str, &'a SourceFile);

/// What was read of a file.
struct Read {
    permissions: UserPermissions,
    /// Where and when users may log in, which only profiles say.
    profile: Option<Profile>,
    problem: Option<Diagnostic>,
}

/// Reads all profiles and permission sets of a tree.
pub(super) fn read_all(
    directory: &Directory<'_>,
    source: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Profile>, Vec<UserPermissions>) {
    let holders: Vec<Holder<'_>> = directory.holders().collect();
    let (mut profiles, mut permissions) = (Vec::new(), Vec::new());
    for read in shared_out(&holders, |holder| read(*holder, source)) {
        profiles.extend(read.profile);
        permissions.push(read.permissions);
        diagnostics.extend(read.problem);
    }
    (profiles, permissions)
}

/// Reads one file. It can be several megabytes, and most say nothing that matters: the words are looked for before the XML is read.
fn read((kind, name, file): Holder<'_>, source: usize) -> Read {
    let absent = Origin::Absent(Location::file(file.shown.as_str()));
    let login: &[&str] = if kind == HolderKind::Profile { LOGIN } else { &[] };
    let words: Vec<&str> = login.iter().chain(PERMISSIONS).copied().collect();
    let parsed = match file.holds_any(&words) {
        Ok(false) => None,
        Ok(true) => Some(file.xml(Keep::TopLevel(READ))),
        Err(problem) => Some(Err(problem)),
    };
    let (granted, restrictions, problem) = match parsed {
        None => (Fact::read(Vec::new(), absent.clone()), Restrictions::none(&absent), None),
        Some(Ok((text, root))) => {
            let stated = |span| Origin::Stated(Location::without_text(&text, span));
            (user_permissions(&root, stated, &absent), Restrictions::read(&root, stated, &absent), None)
        }
        Some(Err(problem)) => {
            let reason = format!("{} could not be read", file.shown);
            (Fact::unknown(reason.as_str()), Restrictions::unknown(&reason), Some(problem))
        }
    };
    let Restrictions { ip_ranges, has_hours } = restrictions;
    let profile = Profile { source, name: name.to_owned(), login_ip_ranges: ip_ranges, has_login_hours: has_hours };
    Read {
        permissions: UserPermissions { source, kind, name: name.to_owned(), path: file.shown.clone(), granted },
        profile: (kind == HolderKind::Profile).then_some(profile),
        problem,
    }
}
