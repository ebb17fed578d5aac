//! What profiles and permission sets say of their users: where and when they may log in, and what they may do.

use crate::inventory::ip_range::IpRange;
use crate::inventory::{Fact, Origin};
use crate::source::Span;
use crate::source::xml::Element;

/// The elements that are read of a profile, which has megabytes of others.
pub(in crate::collect) const LOGIN: &[&str] = &["loginHours", "loginIpRanges"];

/// The elements that are read of a profile or permission set, where rules ask for what they grant.
pub(in crate::collect) const READ: &[&str] = &["loginHours", "loginIpRanges", "userPermissions"];

/// The permissions that are read of files: API contract, section 3.5. A file that holds none of these words is not parsed.
pub(in crate::collect) const PERMISSIONS: &[&str] = &[
    "AssignPermissionSets",
    "AuthorApex",
    "CanApproveUninstalledApps",
    "CustomizeApplication",
    "ExternalClientAppAdmin",
    "ExternalClientAppDeveloper",
    "ManageInternalUsers",
    "ManageProfilesPermissionsets",
    "ManageRemoteAccess",
    "ManageUsers",
    "ModifyAllData",
    "ModifyMetadata",
    "UseAnyApiClient",
    "ViewAllData",
];

/// The permissions that are switched on, of those that are read. `stated` is the place of an element.
pub(in crate::collect) fn user_permissions(
    root: &Element,
    stated: impl Fn(Span) -> Origin,
    absent: &Origin,
) -> Fact<Vec<(String, Origin)>> {
    let mut granted = Vec::new();
    for permission in root.children_named("userPermissions") {
        let text = |name| permission.children_named(name).next().map_or("", Element::trimmed);
        if text("enabled") == "true" && PERMISSIONS.contains(&text("name")) {
            granted.push((text("name").to_owned(), stated(permission.span)));
        }
    }
    let origins =
        if granted.is_empty() { vec![absent.clone()] } else { granted.iter().map(|(_, origin)| origin.clone()).collect() };
    Fact::known(granted).with_origins(origins)
}

/// What a profile says of where and when its users may log in.
pub(in crate::collect) struct Restrictions {
    pub(in crate::collect) ip_ranges: Fact<Vec<IpRange>>,
    pub(in crate::collect) has_hours: Fact<bool>,
}

impl Restrictions {
    /// A profile that says nothing of it: its users may log in from anywhere at any time.
    pub(in crate::collect) fn none(absent: &Origin) -> Self {
        Self { ip_ranges: Fact::read(Vec::new(), absent.clone()), has_hours: Fact::read(false, absent.clone()) }
    }

    /// What a profile says, of which [`LOGIN`] was kept. `stated` is the place of an element, `absent` that of one that is not there.
    pub(in crate::collect) fn read(root: &Element, stated: impl Fn(Span) -> Origin, absent: &Origin) -> Self {
        let mut read = Self::none(absent);
        let ranges: Vec<&Element> = root.children_named("loginIpRanges").collect();
        if !ranges.is_empty() {
            let origins = ranges.iter().map(|range| stated(range.span)).collect();
            read.ip_ranges = Fact::known(ranges.into_iter().map(ip_range).collect()).with_origins(origins);
        }
        // One without times restricts nothing.
        if let Some(hours) = root.children_named("loginHours").find(|hours| !hours.children.is_empty()) {
            read.has_hours = Fact::read(true, stated(hours.span));
        }
        read
    }

    /// A profile that could not be read.
    pub(in crate::collect) fn unknown(reason: &str) -> Self {
        Self { ip_ranges: Fact::unknown(reason), has_hours: Fact::unknown(reason) }
    }
}

fn ip_range(element: &Element) -> IpRange {
    let address = |name| element.children_named(name).next().map_or("", Element::trimmed);
    IpRange::parse(address("startAddress"), address("endAddress"))
}
