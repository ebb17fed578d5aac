//! Profiles, permission sets and their groups, as far as an audit reads them.
//!
//! Names, order, types and cardinality are those of Salesforce's Metadata API WSDL 66.0. `since` is the first API version whose WSDL
//! has the element (nothing for 47 and earlier). Elements of later versions are listed in their alphabetical place.

use super::types::{ComplexType, Kind, many, one, required};

/// WSDL type `Profile`.
pub static PROFILE: ComplexType = ComplexType {
    name: "Profile",
    closed: false,
    elements: &[
        one("custom", Kind::Bool),
        one("loginHours", Kind::Complex(&PROFILE_LOGIN_HOURS)),
        many("loginIpRanges", Kind::Complex(&PROFILE_LOGIN_IP_RANGE)),
        one("userLicense", Kind::Text),
        many("userPermissions", Kind::Complex(&PROFILE_USER_PERMISSION)),
    ],
};

/// WSDL type `PermissionSet`.
pub static PERMISSION_SET: ComplexType = ComplexType {
    name: "PermissionSet",
    closed: false,
    elements: &[
        one("hasActivationRequired", Kind::Bool),
        required("label", Kind::Text),
        one("license", Kind::Text),
        many("userPermissions", Kind::Complex(&PERMISSION_SET_USER_PERMISSION)),
    ],
};

/// WSDL type `MutingPermissionSet`.
pub static MUTING_PERMISSION_SET: ComplexType =
    ComplexType { name: "MutingPermissionSet", closed: true, elements: &[required("label", Kind::Text)] };

/// WSDL type `PermissionSetGroup`.
pub static PERMISSION_SET_GROUP: ComplexType = ComplexType {
    name: "PermissionSetGroup",
    closed: true,
    elements: &[
        one("fullName", Kind::Text),
        one("module", Kind::Text).since(66),
        one("description", Kind::Text),
        one("hasActivationRequired", Kind::Bool),
        required("label", Kind::Text),
        many("mutingPermissionSets", Kind::Text),
        many("permissionSets", Kind::Text),
        one("status", Kind::Text),
    ],
};

/// WSDL type `ProfileLoginHours`.
pub static PROFILE_LOGIN_HOURS: ComplexType = ComplexType {
    name: "ProfileLoginHours",
    closed: true,
    elements: &[
        one("fridayEnd", Kind::Text),
        one("fridayStart", Kind::Text),
        one("mondayEnd", Kind::Text),
        one("mondayStart", Kind::Text),
        one("saturdayEnd", Kind::Text),
        one("saturdayStart", Kind::Text),
        one("sundayEnd", Kind::Text),
        one("sundayStart", Kind::Text),
        one("thursdayEnd", Kind::Text),
        one("thursdayStart", Kind::Text),
        one("tuesdayEnd", Kind::Text),
        one("tuesdayStart", Kind::Text),
        one("wednesdayEnd", Kind::Text),
        one("wednesdayStart", Kind::Text),
    ],
};

/// WSDL type `ProfileLoginIpRange`.
pub static PROFILE_LOGIN_IP_RANGE: ComplexType = ComplexType {
    name: "ProfileLoginIpRange",
    closed: true,
    elements: &[one("description", Kind::Text), required("endAddress", Kind::Text), required("startAddress", Kind::Text)],
};

/// WSDL type `ProfileUserPermission`.
pub static PROFILE_USER_PERMISSION: ComplexType = ComplexType {
    name: "ProfileUserPermission",
    closed: true,
    elements: &[required("enabled", Kind::Bool), required("name", Kind::Text)],
};

/// WSDL type `PermissionSetUserPermission`.
pub static PERMISSION_SET_USER_PERMISSION: ComplexType = ComplexType {
    name: "PermissionSetUserPermission",
    closed: true,
    elements: &[required("enabled", Kind::Bool), required("name", Kind::Text)],
};
