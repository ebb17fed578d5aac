//! From where the users of profiles may log in.

use super::declare::{Declared, OfOrg, fact};
use super::org_view::OrgView;
use crate::inventory::ip_range::IpRange;
use crate::inventory::{Fact, Origin, Profile};
use crate::rules::schema::{Field, Type};
use crate::rules::value::{FactValue, Item, ItemValue, Value};

/// Login IP ranges of profiles.
pub(super) static FACTS: &[Declared<OfOrg>] = &[fact(
    "org.profiles.broad_login_ip_ranges",
    Type::Objects(RANGE),
    "Login IP ranges of profiles that cover nearly the whole internet or more than 65,536 IPv4 addresses; of a live org those of profiles with active users.",
    broad,
)];

/// A login IP range of a profile.
static RANGE: &[Field] = &[
    Field { name: "profile", ty: Type::Text, optional: false, doc: "Name of the profile." },
    Field { name: "start", ty: Type::Text, optional: false, doc: "First address." },
    Field { name: "end", ty: Type::Text, optional: false, doc: "Last address." },
    Field { name: "addresses", ty: Type::Int, optional: false, doc: "How many addresses (capped at 2^62)." },
    Field { name: "whole_internet", ty: Type::Bool, optional: false, doc: "Covers nearly the whole IPv4 or IPv6 internet." },
];

fn broad(s: &OrgView<'_>) -> FactValue {
    let (mut items, mut unread) = (Vec::new(), s.unread_profile());
    for profile in s.profiles() {
        match &profile.login_ip_ranges.state {
            Ok(ranges) => {
                let places = profile.login_ip_ranges.origins.iter().map(Some).chain(std::iter::repeat(None));
                let of_profile = ranges.iter().zip(places).filter(|(range, _)| range.is_broad());
                items.extend(of_profile.map(|(range, place)| item(profile, range, place)));
            }
            Err(reason) => unread = unread.or_else(|| Some(reason.clone())),
        }
    }
    match unread {
        Some(reason) if items.is_empty() => Fact::unknown(reason),
        _ => Fact::known(Value::List(items)),
    }
}

fn item(profile: &Profile, range: &IpRange, place: Option<&Origin>) -> Item {
    let fields: [(&'static str, Value); 5] = [
        ("profile", profile.name.as_str().into()),
        ("start", range.start.as_str().into()),
        ("end", range.end.as_str().into()),
        ("addresses", range.addresses.into()),
        ("whole_internet", range.whole_internet.into()),
    ];
    Item { value: ItemValue::Object(fields.into_iter().collect()), origin: place.cloned() }
}
