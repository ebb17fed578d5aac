//! The questions to the Data API, as SOQL. Columns: API contract, sections 3 and 4. Token columns of `OauthToken` are in none.

use super::ask::Question;
use super::powers;
use super::schema::Schema;
use crate::salesforce::ApiVersion;
use crate::salesforce::soql::{LONGEST_ENCODED, in_lists, literal};

/// Rows of assignments, users and frozen users that are read at most for one query: more would be a pull of the whole org.
pub(super) const MOST_ROWS: usize = 10_000;

/// What is asked first, of every org.
pub(super) fn first(schema: &Schema, version: ApiVersion, myself: Option<&Myself>, usage: bool) -> Vec<Question> {
    let one = |object, soql: String| Question::one(object, soql);
    let of_permission_set: Vec<String> = schema.visible_permissions().unwrap_or_default().into_iter().map(powers::column).collect();
    let mut permission_set = vec!["NamespacePrefix", "PermissionSetGroupId", "HasActivationRequired"];
    permission_set.extend(of_permission_set.iter().map(String::as_str));
    let mut questions = vec![
        one(
            "Organization",
            schema.select(
                "Organization",
                &["Id", "Name", "IsSandbox"],
                &["OrganizationType", "InstanceName", "NamespacePrefix"],
                "",
            ),
        ),
        one("ConnectedApplication", schema.select("ConnectedApplication", &["Id", "Name"], CONNECTED_APPLICATION, "")),
        one(
            "ExternalClientApplication",
            schema.select(
                "ExternalClientApplication",
                &["Id", "DeveloperName"],
                &["MasterLabel", "NamespacePrefix", "DistributionState", "ContactEmail", "Description"],
                "",
            ),
        ),
        one(
            "AppMenuItem",
            schema.select("AppMenuItem", &["Id", "ApplicationId"], &["Name", "Label", "NamespacePrefix", "Type"], ""),
        ),
        one(
            "SetupEntityAccess",
            format!(
                "SELECT SetupEntityId, SetupEntityType, ParentId FROM SetupEntityAccess WHERE SetupEntityType IN ({})",
                // The second kind of entity is a value of the picklist from 60.0 on.
                if version < ApiVersion(60) {
                    "'ConnectedApplication'"
                } else {
                    "'ConnectedApplication', 'ExternalClientApplication'"
                }
            ),
        ),
        // Without knowing which belong to profiles, none of them means anything.
        one(
            "PermissionSet",
            schema.select("PermissionSet", &["Id", "Name", "Label", "IsOwnedByProfile", "ProfileId"], &permission_set, ""),
        ),
        one("Profile", schema.select("Profile", &["Id", "Name"], &["UserType", "UserLicense.Name"], "")),
        one("PermissionSetGroup", schema.select("PermissionSetGroup", &["Id", "DeveloperName"], &["Status"], "")),
        one(
            "PermissionSetGroupComponent",
            "SELECT PermissionSetGroupId, PermissionSetId FROM PermissionSetGroupComponent".to_owned(),
        ),
        one("MutingPermissionSet", "SELECT Id, DeveloperName FROM MutingPermissionSet".to_owned()),
        one(
            "OauthToken",
            // Without one of these a token would look unused or nobody's: then rather no answer.
            schema.select(
                "OauthToken",
                &["AppName", "UserId", "AppMenuItemId", "CreatedDate", "LastUsedDate", "UseCount"],
                &[],
                "",
            ),
        ),
        one("User", "SELECT ProfileId, COUNT(Id) users FROM User WHERE IsActive = true GROUP BY ProfileId".to_owned()),
        one("UserLogin", format!("SELECT UserId FROM UserLogin WHERE IsFrozen = true LIMIT {MOST_ROWS}")),
    ];
    if let Some(myself) = myself {
        let (of_user, of_assignment) = myself.conditions();
        questions.push(one(MYSELF, format!("SELECT Id, Username, ProfileId FROM User WHERE {of_user}")));
        let sets = "SELECT PermissionSetId, PermissionSetGroupId FROM PermissionSetAssignment WHERE";
        questions.push(one(MY_SETS, format!("{sets} {of_assignment}")));
    }
    questions.extend(policies(schema));
    if usage {
        questions.push(one(
            "LoginHistory",
            "SELECT Application, COUNT(Id) logIns, COUNT_DISTINCT(UserId) users, MAX(LoginTime) latest FROM LoginHistory \
             WHERE LoginTime = LAST_N_DAYS:90 GROUP BY Application"
                .to_owned(),
        ));
    }
    questions
}

/// Who changed what in Setup. Of its columns the date and the action alone can be filtered by.
pub(super) fn setup_changes() -> Question {
    Question::one(
        "SetupAuditTrail",
        format!(
            "SELECT CreatedDate, CreatedBy.Username, DelegateUser, Section, Action, Display FROM SetupAuditTrail \
             WHERE CreatedDate = LAST_N_DAYS:180 ORDER BY CreatedDate DESC LIMIT {MOST_ROWS}"
        ),
    )
}

/// How the running user is known.
#[derive(Clone, Debug)]
pub(super) enum Myself {
    /// By `User.Id`.
    Id(String),
    /// By `User.Username`.
    Name(String),
}

impl Myself {
    /// Conditions on `User` and on `PermissionSetAssignment`.
    fn conditions(&self) -> (String, String) {
        match self {
            Self::Id(id) => (format!("Id = {}", literal(id)), format!("AssigneeId = {}", literal(id))),
            Self::Name(name) => (format!("Username = {}", literal(name)), format!("Assignee.Username = {}", literal(name))),
        }
    }
}

/// Names under which answers about the running user are kept.
pub(super) const MYSELF: &str = "User (the running user)";
pub(super) const MY_SETS: &str = "PermissionSetAssignment (of the running user)";

/// Columns of `ConnectedApplication` in the Data API.
const CONNECTED_APPLICATION: &[&str] = &[
    "OptionsAllowAdminApprovedUsersOnly",
    "OptionsHasSessionLevelPolicy",
    "OptionsCodeCredentialGuestEnabled",
    "OptionsAppIssueJwtTokenEnabled",
    "StartUrl",
];

/// Columns of `ConnectedApplication` that the Tooling API alone has.
pub(super) const IN_TOOLING: &[&str] = &["DeveloperName", "ContactEmail", "Description", "SessionPolicyAction", "SessionTimeout"];

/// The objects of External Client Apps, which Salesforce calls internal: they fill in what metadata does not tell.
fn policies(schema: &Schema) -> Vec<Question> {
    let wanted: [(&'static str, Vec<String>); 3] = [
        (
            "ExtlClntAppOauthPlcyCnfg",
            [
                "PermittedUsersPolicyType",
                "IpRelaxationPolicyType",
                "RefreshTokenPolicyType",
                "RefreshTokenValidityPeriod",
                "RefreshTokenValidityUnit",
                "RequiredSessionLevel",
                "PolicyAction",
                "SessionTimeoutInMinutes",
                "IsClientCredentialsFlowEnabled",
                "ClientCredentialsFlowUser",
                "IsGuestCodeCredFlowEnabled",
            ]
            .map(str::to_owned)
            .to_vec(),
        ),
        ("ExtlClntAppOauthSettings", schema.columns_named("ExtlClntAppOauthSettings", "OauthScopes")),
        ("ExtlClntAppPlcyCnfg", ["IsEnabled", "OauthPluginStatus"].map(str::to_owned).to_vec()),
    ];
    let asked = wanted.into_iter().filter(|(object, _)| schema.missing(object).is_none());
    asked
        .map(|(object, columns)| {
            let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
            Question::one(object, schema.select(object, &["ExternalClientApplicationId"], &columns, ""))
        })
        .collect()
}

const ASSIGNMENT: &str = "SELECT Id, AssigneeId, PermissionSetId, PermissionSetGroupId, ExpirationDate, IsActive, \
     Assignee.Username, Assignee.IsActive, Assignee.UserType, Assignee.ProfileId FROM PermissionSetAssignment WHERE ";

/// Who is assigned to these permission sets and groups, and who the users are.
pub(super) fn assignments(permission_sets: &[String], groups: &[String]) -> Question {
    let limited = |query: String| format!("{query} LIMIT {MOST_ROWS}");
    let by = |column: &str, ids: &[String]| in_lists(&format!("{ASSIGNMENT}{column}"), ids, LONGEST_ENCODED);
    let soql = by("PermissionSetId", permission_sets).into_iter().chain(by("PermissionSetGroupId", groups));
    Question { object: "PermissionSetAssignment", soql: soql.map(limited).collect() }
}

/// All that users are assigned but their profiles, by user name, however many others are assigned the same.
pub(super) fn assignments_of(names: &[String]) -> Question {
    let prefix = format!("{ASSIGNMENT}PermissionSet.IsOwnedByProfile = false AND Assignee.Username");
    Question { object: "PermissionSetAssignment", soql: in_lists(&prefix, names, LONGEST_ENCODED) }
}

/// How many active users hold each of these permission sets.
pub(super) fn holders(permission_sets: &[String]) -> Question {
    let prefix =
        "SELECT PermissionSetId, COUNT(Id) users FROM PermissionSetAssignment WHERE Assignee.IsActive = true AND PermissionSetId";
    let queries = in_lists(prefix, permission_sets, LONGEST_ENCODED);
    let soql = queries.into_iter().map(|query| format!("{query} GROUP BY PermissionSetId")).collect();
    Question { object: "PermissionSetAssignment", soql }
}

const USER: &str = "SELECT Id, Username, IsActive, UserType, ProfileId FROM User WHERE ";

/// The active users of these profiles.
pub(super) fn users_of_profiles(profiles: &[String]) -> Question {
    let queries = in_lists(&format!("{USER}IsActive = true AND ProfileId"), profiles, LONGEST_ENCODED);
    Question { object: "User", soql: queries.into_iter().map(|query| format!("{query} LIMIT {MOST_ROWS}")).collect() }
}

/// Users by id.
pub(super) fn users(ids: &[String]) -> Question {
    Question { object: "User", soql: in_lists(&format!("{USER}Id"), ids, LONGEST_ENCODED) }
}

/// Users by user name.
pub(super) fn users_named(names: &[String]) -> Question {
    Question { object: "User", soql: in_lists(&format!("{USER}Username"), names, LONGEST_ENCODED) }
}

/// The assignments of users that give permissions that matter. `by` is the column of the list: `AssigneeId` or `Assignee.Username`.
pub(super) fn powers_of(by: &str, values: &[String], visible: &[&str]) -> Question {
    let any: Vec<String> =
        visible.iter().map(|permission| format!("PermissionSet.{} = true", powers::column(permission))).collect();
    if any.is_empty() {
        return Question { object: "PermissionSetAssignment", soql: Vec::new() };
    }
    let prefix = format!(
        "SELECT AssigneeId, PermissionSetId, IsActive FROM PermissionSetAssignment \
         WHERE PermissionSet.IsOwnedByProfile = false AND ({}) AND {by}",
        any.join(" OR ")
    );
    Question { object: "PermissionSetAssignment", soql: in_lists(&prefix, values, LONGEST_ENCODED) }
}
