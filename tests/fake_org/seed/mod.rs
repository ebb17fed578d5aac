//! Acme, an org in which every rule that needs an org has something to find, as of 2026-06-01.

mod apps;
mod external;
mod people;
mod traffic;

use super::org::FakeOrg;

/// Acme with about 30 users. Ada Admin, who may see all but client secrets, holds the token.
pub(crate) fn acme() -> FakeOrg {
    let mut org = FakeOrg::new();
    people::add(&mut org);
    apps::add(&mut org);
    external::add(&mut org);
    traffic::add(&mut org);
    settings(&mut org);
    org
}

fn settings(org: &mut FakeOrg) {
    org.settings(
        "ConnectedApp",
        "<enableAdminApprovedAppsOnly>false</enableAdminApprovedAppsOnly>\
         <enableAdminApprovedAppsOnlyForExternalUser>false</enableAdminApprovedAppsOnlyForExternalUser>",
    );
    org.settings(
        "OauthOidc",
        "<blockOAuthUnPwFlow>false</blockOAuthUnPwFlow><blockOAuthUsrAgtFlow>true</blockOAuthUsrAgtFlow>\
         <isPkceRequired>false</isPkceRequired><oAuthCdCrdtFlowEnable>false</oAuthCdCrdtFlowEnable>",
    );
    org.settings("ExternalClientApp", "<enableConsumerSecretApiAccess>true</enableConsumerSecretApiAccess>");
    org.settings(
        "Security",
        "<networkAccess><ipRanges><description>Offices</description><end>203.0.113.63</end><start>203.0.113.0</start></ipRanges>\
         <ipRanges><description>Everywhere</description><end>255.255.255.255</end><start>1.1.1.1</start></ipRanges></networkAccess>\
         <sessionSettings><enforceIpRangesEveryRequest>false</enforceIpRangesEveryRequest><lockSessionsToDomain>true</lockSessionsToDomain>\
         <requireHttpOnly>false</requireHttpOnly><sessionTimeout>EightHours</sessionTimeout></sessionSettings>\
         <singleSignOnSettings><isLoginWithSalesforceCredentialsDisabled>false</isLoginWithSalesforceCredentialsDisabled></singleSignOnSettings>",
    );
}
