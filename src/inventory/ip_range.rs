//! IP ranges of an app or a profile.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

/// Half of the IPv4 internet: no office network is that large.
const MOST_OF_IPV4: u128 = 1 << 31;

/// Half of the IPv6 internet.
const MOST_OF_IPV6: u128 = 1 << 127;

/// The most that is counted, so that counts can be added up.
const MOST_COUNTED: i64 = 1 << 62;

/// A range of addresses, both ends included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IpRange {
    /// First address, as written.
    pub start: String,
    /// Last address, as written.
    pub end: String,
    /// How many addresses, at most 2^62; 0 where invalid.
    pub addresses: i64,
    /// Covers at least half of the IPv4 or the IPv6 internet.
    pub whole_internet: bool,
    /// Not two addresses of one family in order.
    pub invalid: bool,
}

impl IpRange {
    /// Reads a range. Never fails: what is none is `invalid`.
    #[must_use]
    pub fn parse(start: &str, end: &str) -> Self {
        let (start, end) = (start.trim(), end.trim());
        let bounds = bounds(start, end);
        Self {
            start: start.to_owned(),
            end: end.to_owned(),
            addresses: bounds.map_or(0, |(first, last)| {
                i64::try_from((last - first).saturating_add(1)).map_or(MOST_COUNTED, |count| count.min(MOST_COUNTED))
            }),
            whole_internet: bounds.is_some_and(|(first, last)| covers_most(first, last)),
            invalid: bounds.is_none(),
        }
    }

    /// Whether it is too large to be anybody's network: nearly the whole internet, or more than 65,536 IPv4 addresses. IPv6 networks are
    /// large by nature.
    #[must_use]
    pub fn is_broad(&self) -> bool {
        let is_ipv4 = !self.start.contains(':') || self.start.to_ascii_lowercase().starts_with("::ffff:");
        self.whole_internet || (is_ipv4 && self.addresses > 65_536)
    }

    /// Whether an address lies in it; none where the range is invalid.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> Option<bool> {
        let (first, last) = bounds(&self.start, &self.end)?;
        Some((first..=last).contains(&number(address)))
    }
}

/// First and last address as numbers, in IPv6's space: IPv4 lies in `::ffff:0:0/96` there, which is also how Salesforce lets it
/// be written.
fn bounds(start: &str, end: &str) -> Option<(u128, u128)> {
    let (start, end) = (start.parse::<IpAddr>().ok()?, end.parse::<IpAddr>().ok()?);
    let (first, last) = (number(start), number(end));
    (start.is_ipv4() == end.is_ipv4() && first <= last).then_some((first, last))
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn covers_most(first: u128, last: u128) -> bool {
    let ipv4 = 0xFFFF_0000_0000..=0xFFFF_FFFF_FFFF_u128;
    let (first_ipv4, last_ipv4) = (first.max(*ipv4.start()), last.min(*ipv4.end()));
    let most_of_ipv4 = first_ipv4 <= last_ipv4 && last_ipv4 - first_ipv4 >= MOST_OF_IPV4 - 1;
    most_of_ipv4 || last - first >= MOST_OF_IPV6 - 1
}
