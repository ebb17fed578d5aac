//! The fake org keeps to what Salesforce documents: refusals, pages, limits, the WSDL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod fake_org;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use fake_org::seed::acme;
use fake_org::{FakeOrg, Fault, Running, wsdl};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use roxmltree::Document;
use serde_json::{Value, json};

/// Status, headers and body of one request with the org's token.
fn ask(org: &Running, method: &str, target: &str, headers: &str, body: &str) -> (u16, String, String) {
    let host = org.url().replace("http://", "");
    let mut stream = TcpStream::connect(&host).unwrap();
    let (token, length) = (org.token(), body.len());
    write!(
        stream,
        "{method} {target} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    )
    .unwrap();
    let mut answer = Vec::new();
    // A cut connection is an error, of which what came before it matters.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).map_or(0, |status| status.parse().unwrap());
    (status, head.to_lowercase(), body.to_owned())
}

fn get(org: &Running, target: &str) -> (u16, Value) {
    let (status, _, body) = ask(org, "GET", target, "", "");
    (status, serde_json::from_str(&body).unwrap())
}

fn query(org: &Running, soql: &str) -> (u16, Value) {
    get(org, &format!("/services/data/v66.0/query?q={}", utf8_percent_encode(soql, NON_ALPHANUMERIC)))
}

/// The values of a column, with dots for what is nested.
fn values(answer: &Value, path: &str) -> Vec<Value> {
    let pointer = format!("/{}", path.replace('.', "/"));
    answer["records"].as_array().unwrap().iter().map(|row| row.pointer(&pointer).unwrap().clone()).collect()
}

#[test]
fn queries_find_what_they_ask_for() {
    let org = acme().start();
    for (soql, path, expected) in [
        ("SELECT Name FROM UserLicense ORDER BY Name DESC LIMIT 1 OFFSET 1", "Name", json!(["Salesforce Integration"])),
        (
            "SELECT Username FROM User WHERE IsActive = false AND Profile.Name = 'standard user'",
            "Username",
            json!(["xaver.gone@acme.example.com"]),
        ),
        ("SELECT Profile.UserLicense.Name FROM User WHERE Name = 'Ada Admin'", "Profile.UserLicense.Name", json!(["Salesforce"])),
        ("SELECT Profile FROM User LIMIT 0", "Name", json!(null)),
        (
            "SELECT Parent.Profile.Name FROM SetupEntityAccess WHERE Parent.Name = 'ERP_Integration' LIMIT 1",
            "Parent.Profile",
            json!([null]),
        ),
        (
            "SELECT Name FROM PermissionSet WHERE Name LIKE 'everyone\\_%' OR (Name != 'x' AND Label = 'Everyone')",
            "Name",
            json!(["Everyone_Base"]),
        ),
        (
            "SELECT Name FROM PermissionSet WHERE NOT (IsCustom = false OR Type IN ('Regular', 'Group'))",
            "Name",
            json!(["Payout_Session"]),
        ),
        ("SELECT Name n, COUNT(Id) FROM ConnectedApplication WHERE Name LIKE 'E_P%' GROUP BY Name", "n", json!(["ERP Sync"])),
        ("SELECT COUNT(Id) FROM ConnectedApplication", "expr0", json!([10])),
        ("SELECT COUNT_DISTINCT(UserId) u FROM OauthToken WHERE AppMenuItemId = null", "u", json!([2])),
        (
            "SELECT MAX(LastUsedDate) m FROM OauthToken WHERE AppName = 'Team Calendar'",
            "m",
            json!(["2026-05-31T08:15:00.000+0000"]),
        ),
        ("SELECT AppName FROM OauthToken WHERE LastUsedDate < LAST_N_DAYS:180", "AppName", json!(["ERP Sync"])),
        ("SELECT AppName FROM OauthToken WHERE CreatedDate >= 2026-05-11T00:00:00Z", "AppName", json!(["Quick Exporter"])),
        (
            "SELECT Assignee.Alias FROM PermissionSetAssignment WHERE PermissionSetId IN (SELECT Id FROM PermissionSet WHERE Name = 'Contractors') \
             AND ExpirationDate = NEXT_N_DAYS:30",
            "Assignee.Alias",
            json!(["Tilda"]),
        ),
    ] {
        let (status, answer) = query(&org, soql);
        if expected.is_null() {
            assert_eq!((status, &answer[0]["errorCode"]), (400, &json!("INVALID_FIELD")), "{soql}");
        } else {
            assert_eq!(json!(values(&answer, path)), expected, "{soql}: {answer}");
        }
    }
    let (_, count) = query(&org, "SELECT COUNT() FROM User");
    assert_eq!(count, json!({"totalSize": 30, "done": true, "records": []}));
}

#[test]
fn queries_are_refused_as_salesforce_refuses_them() {
    let org = acme().start();
    for (soql, code, text) in [
        (
            "SELECT Id, Foo FROM User",
            "INVALID_FIELD",
            "           ^\nERROR at Row:1:Column:12\nNo such column 'Foo' on entity 'User'.",
        ),
        ("SELECT Boss.Name FROM User", "INVALID_FIELD", "Didn't understand relationship 'Boss' in field path."),
        ("SELECT Id FROM Users", "INVALID_TYPE", "sObject type 'Users' is not supported."),
        ("SELECT Id FROM SecurityHealthCheck", "INVALID_TYPE", "is not supported"),
        ("SELECT DeveloperName FROM ConnectedApplication", "INVALID_FIELD", "No such column"),
        ("SELECT Id FROM User WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
        ("SELECT Id FROM User WHERE Name = 'O\\'Neil", "MALFORMED_QUERY", "expecting a single quote"),
        ("SELECT Id FROM User WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", "MALFORMED_QUERY", "unexpected token: 'OR'"),
        ("SELECT Id FROM User WHERE IsActive = 'true'", "INVALID_FIELD", "must be of type boolean"),
        ("SELECT Id FROM User WHERE LastLoginDate > '2026-01-01'", "INVALID_FIELD", "must be of type dateTime"),
        ("SELECT Id FROM User WHERE ProfileId = 'Standard'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: Standard"),
        (
            "SELECT Id FROM LoginHistory WHERE Status = 'Success'",
            "INVALID_FIELD",
            "field 'Status' can not be filtered in a query call",
        ),
        ("SELECT Name, COUNT(Id) FROM User", "MALFORMED_QUERY", "Field must be grouped or aggregated: Name"),
        ("SELECT Id FROM User OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "2000"),
    ] {
        let (status, answer) = query(&org, soql);
        assert_eq!((status, &answer[0]["errorCode"]), (400, &json!(code)), "{soql}");
        assert!(answer[0]["message"].as_str().unwrap().contains(text), "{soql}: {answer}");
    }
}

#[test]
fn long_answers_come_in_pages() {
    let mut org = acme();
    org.page_size = 12;
    let org = org.start();
    let (_, first) = query(&org, "SELECT Id FROM User");
    let (_, second) = get(&org, first["nextRecordsUrl"].as_str().unwrap());
    let (_, third) = get(&org, second["nextRecordsUrl"].as_str().unwrap());
    let sizes: Vec<usize> = [&first, &second, &third].iter().map(|page| page["records"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [12, 12, 6]);
    assert_eq!((&third["done"], third.get("nextRecordsUrl")), (&json!(true), None));
    let (status, gone) = get(&org, "/services/data/v66.0/query/01g000000000099AAA-12");
    assert_eq!((status, &gone[0]["errorCode"]), (400, &json!("INVALID_QUERY_LOCATOR")));
}

#[test]
fn tokens_are_told_as_far_as_the_user_may_know_and_no_further_than_2500() {
    let mut org = acme();
    let ada = org.user.clone();
    for _ in 0..2600 {
        org.insert("OauthToken", json!({"AppName": "Survey Tool", "UserId": ada}));
    }
    let org = org.start();
    assert_eq!(query(&org, "SELECT COUNT() FROM OauthToken").1["totalSize"], 2500);
    org.set(|org| org.take_permission("CustomizeApplication"));
    org.set(|org| assert_eq!(org.objects.table("OauthToken").delete("UserId", &ada), 2600));
    assert_eq!(query(&org, "SELECT Id, AppName FROM OauthToken"), (200, json!({"totalSize": 0, "done": true, "records": []})));
    assert_eq!(org.record().secrets, [""; 0]);
    query(&org, "SELECT AccessToken FROM OauthToken");
    assert_eq!(org.record().secrets, ["OauthToken.AccessToken"]);
}

#[test]
fn composite_requests_have_limits_and_count() {
    let org = acme().start();
    let part = |n: usize, url: &str| json!({"method": "GET", "url": url, "referenceId": format!("r{n}")});
    let url = "/services/data/v66.0/query?q=SELECT+Name+FROM+Organization";
    let send = |parts: Vec<Value>| {
        ask(&org, "POST", "/services/data/v66.0/composite", "", &json!({"compositeRequest": parts}).to_string())
    };
    let mut parts: Vec<Value> = (0..5).map(|n| part(n, url)).collect();
    parts.push(part(5, "/services/data/v66.0/sobjects/Nothing/describe"));
    let (status, head, body) = send(parts.clone());
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &body["compositeResponse"][0]["body"]["records"][0]["Name"]), (200, &json!("Acme")));
    assert_eq!(body["compositeResponse"][5]["httpStatusCode"], 404);
    assert!(head.contains("sforce-limit-info: api-usage=1201/100000"), "one call: {head}");
    parts.push(part(6, url));
    assert_eq!(send(parts).0, 400, "a sixth query");
    let batch =
        json!({"batchRequests": [{"method": "GET", "url": "v66.0/limits"}, {"method": "DELETE", "url": "v66.0/sobjects/User/1"}]});
    let (_, head, body) = ask(&org, "POST", "/services/data/v66.0/composite/batch", "", &batch.to_string());
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&body["hasErrors"], &body["results"][0]["statusCode"]), (&json!(true), &json!(200)));
    assert!(head.contains("api-usage=1204/100000"), "one call for each part: {head}");
    assert_eq!(org.record().writes, ["DELETE v66.0/sobjects/User/1"]);
}

#[test]
fn faults_hit_whom_they_are_meant_for() {
    let mut org = FakeOrg::new();
    org.fault(Fault::error(503, "SERVER_UNAVAILABLE", "busy").header("retry-after", "2").on("FROM User").first(1));
    let org = org.start();
    let target = "/services/data/v66.0/query?q=SELECT+Id+FROM+User";
    let (status, head, _) = ask(&org, "GET", target, "", "");
    assert!(status == 503 && head.contains("retry-after: 2"), "{head}");
    let (status, _, whole) = ask(&org, "GET", target, "", "");
    assert_eq!(status, 200);
    org.set(|org| org.fault(Fault::new(fake_org::faults::Action::Cut)));
    let (_, head, part) = ask(&org, "GET", target, "", "");
    assert!(head.contains(&format!("content-length: {}", whole.len())) && whole.starts_with(&part) && part.len() < whole.len());
    org.set(|org| org.faults.clear());
    org.set(FakeOrg::end_sessions);
    assert_eq!(get(&org, target).0, 401);
}

const XML: &str = "content-type: text/xml; charset=UTF-8\r\nsoapaction: \"\"\r\n";

fn soap(org: &Running, version: u32, operation: &str) -> (u16, String) {
    let envelope = format!(
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' xmlns='http://soap.sforce.com/2006/04/metadata'><e:Header>\
         <SessionHeader><sessionId>{}</sessionId></SessionHeader></e:Header><e:Body>{operation}</e:Body></e:Envelope>",
        org.token()
    );
    let (status, _, body) = ask(org, "POST", &format!("/services/Soap/m/{version}.0"), XML, &envelope);
    let answer = Document::parse(&body).unwrap();
    let answer = answer.descendants().find(|node| node.has_tag_name("Body")).unwrap().first_element_child().unwrap();
    if status == 200 {
        wsdl::check_answer(answer).unwrap();
    } else {
        assert!(answer.has_tag_name((wsdl::ENVELOPE, "Fault")), "{body}");
    }
    (status, body)
}

#[test]
fn soap_requests_are_held_to_the_wsdl() {
    let org = acme().start();
    let read =
        "<readMetadata><type>ConnectedApp</type><fullNames>ERP_Sync</fullNames><fullNames>ns__Vendor</fullNames></readMetadata>";
    let (status, answer) = soap(&org, 66, read);
    assert!(status == 200 && answer.contains("<records xsi:type=\"ConnectedApp\"><fullName>ERP_Sync</fullName>"), "{answer}");
    assert!(answer.contains("<records xsi:nil=\"true\"/>"), "installed: {answer}");
    assert!(!soap(&org, 58, read).1.contains("isPkceRequired"), "an element of 59");
    assert!(soap(&org, 66, "<describeMetadata><asOfVersion>66.0</asOfVersion></describeMetadata>").1.contains("ecaOauthPlcy"));
    let list =
        |kind: &str| format!("<listMetadata><queries><type>{kind}</type></queries><asOfVersion>66.0</asOfVersion></listMetadata>");
    let (_, listed) = soap(&org, 66, &list("ConnectedApp"));
    assert!(listed.contains("<fullName>ns__Vendor</fullName>") && !listed.contains("mailbox__Connector"), "{listed}");
    assert!(soap(&org, 66, &list("Settings")).1.contains("<fileName>settings/OauthOidc.settings</fileName>"));
    assert_eq!(org.record().malformed.len(), 0);
    for (operation, fault) in [
        ("<readMetadata><fullNames>a</fullNames><type>ConnectedApp</type></readMetadata>", "lacks type"),
        (
            "<listMetadata><asOfVersion>66.0</asOfVersion><queries><type>ConnectedApp</type></queries></listMetadata>",
            "has queries where",
        ),
        ("<describeMetadata><asOfVersion>new</asOfVersion></describeMetadata>", "not a number"),
        ("<describeMetadata xmlns='urn:other'><asOfVersion>66.0</asOfVersion></describeMetadata>", "not in the namespace"),
        ("<deleteMetadata><type>ConnectedApp</type><fullNames>ERP_Sync</fullNames></deleteMetadata>", "INSUFFICIENT_ACCESS"),
        ("<listMetadata><queries><type>Nonsense</type></queries><asOfVersion>66.0</asOfVersion></listMetadata>", "INVALID_TYPE"),
    ] {
        let (status, answer) = soap(&org, 66, operation);
        assert!(status == 500 && answer.contains(fault), "{operation}: {answer}");
    }
    assert_eq!(org.record().writes, ["SOAP deleteMetadata"]);
    org.set(FakeOrg::use_jwt_tokens);
    assert!(soap(&org, 67, read).1.contains("INVALID_SESSION_ID"));
    assert_eq!(soap(&org, 68, read).0, 200);
    org.set(|org| org.take_permission("ModifyMetadata"));
    org.set(|org| org.take_permission("ModifyAllData"));
    assert!(soap(&org, 68, read).1.contains("INSUFFICIENT_ACCESS"));
}

#[test]
fn a_retrieve_ends_in_a_zip_that_is_given_once() {
    let mut org = acme();
    org.retrieve.polls = 1;
    let org = org.start();
    let (_, started) = soap(
        &org,
        66,
        "<retrieve><retrieveRequest><apiVersion>66.0</apiVersion><singlePackage>true</singlePackage><unpackaged><types><members>*</members>\
         <members>Missing</members><name>ConnectedApp</name></types><version>66.0</version></unpackaged></retrieveRequest></retrieve>",
    );
    let id = started.split("<id>").nth(1).unwrap().split('<').next().unwrap();
    let status =
        format!("<checkRetrieveStatus><asyncProcessId>{id}</asyncProcessId><includeZip>true</includeZip></checkRetrieveStatus>");
    assert!(soap(&org, 66, &status).1.contains("<status>InProgress</status>"));
    let (_, done) = soap(&org, 66, &status);
    assert!(
        done.contains("<zipFile>UEsDB") && done.contains("Entity of type 'ConnectedApp' named 'Missing' cannot be found"),
        "{done}"
    );
    assert!(!soap(&org, 66, &status).1.contains("<zipFile>UEsDB"));
}

#[test]
fn client_secrets_need_the_switch_and_the_permission() {
    let org = acme().start();
    let read = "<readMetadata><type>ExtlClntAppGlobalOauthSettings</type><fullNames>Order_Hub_glbloauth</fullNames></readMetadata>";
    assert!(soap(&org, 66, read).1.contains("nil"));
    org.set(|org| org.global_settings_readable = true);
    let (_, answer) = soap(&org, 66, read);
    assert!(answer.contains("isPkceRequired") && !answer.contains(fake_org::metadata::CONSUMER_SECRET));
}

#[test]
fn what_is_not_there_and_what_is_nobodys_business_is_refused() {
    let org = acme().start();
    for (target, status, code) in [
        ("/services/data/v99.0/limits", 404, "NOT_FOUND"),
        ("/services/data/v29.0/limits", 410, "GONE"),
        ("/services/data/v66.0/nothing", 404, "NOT_FOUND"),
        ("/services/data/v66.0/sobjects/SecurityHealthCheck/describe", 404, "NOT_FOUND"),
    ] {
        let (answered, body) = get(&org, target);
        assert_eq!((answered, &body[0]["errorCode"]), (status, &json!(code)), "{target}");
    }
    assert_eq!(get(&org, "/services/data/v66.0/tooling/sobjects/SecurityHealthCheck/describe").0, 200);
    org.set(|org| org.hide_object("OauthToken"));
    org.set(|org| org.take_permission("ViewSetup"));
    org.set(|org| org.refuse("LoginHistory", 403, "INSUFFICIENT_ACCESS", "no"));
    for (object, status) in [("OauthToken", 400), ("SetupEntityAccess", 400), ("LoginHistory", 403)] {
        assert_eq!(query(&org, &format!("SELECT Id FROM {object}")).0, status, "{object}");
    }
    org.set(|org| org.calls = (100_000, 100_000));
    let (status, body) = get(&org, "/services/data/v66.0/limits");
    assert_eq!((status, &body[0]["errorCode"]), (403, &json!("REQUEST_LIMIT_EXCEEDED")));
}

#[test]
fn the_usage_list_has_pages() {
    let org = acme().start();
    let (_, first) = get(&org, "/services/data/v66.0/apps/oauth/usage?pageSize=10");
    let (_, second) = get(&org, first["nextPageUrl"].as_str().unwrap());
    assert_eq!((second["apps"].as_array().unwrap().len(), &second["nextPageUrl"]), (4, &Value::Null));
    assert_eq!(second["apps"][3]["developerName"], "Quick_Exporter");
}

#[test]
fn a_token_is_given_for_what_the_app_may_show() {
    let mut org = acme();
    org.client.rotates = true;
    let org = org.start();
    let log_in = |parameters: &str| {
        let form = "content-type: application/x-www-form-urlencoded\r\n";
        let (status, _, body) = ask(&org, "POST", "/services/oauth2/token", form, parameters);
        (status, serde_json::from_str::<Value>(&body).unwrap())
    };
    let refresh = "grant_type=refresh_token&client_id=FakeConsumerKey0001&refresh_token=FAKE-REFRESH-TOKEN-1";
    let (status, answer) = log_in(refresh);
    assert_eq!((status, &answer["instance_url"]), (200, &json!(org.url())));
    assert_eq!(answer["access_token"], org.token());
    assert_eq!(log_in(refresh).1["error"], "invalid_grant", "rotated");
    let secret = "grant_type=client_credentials&client_id=FakeConsumerKey0001&client_secret=";
    assert_eq!(log_in(secret), (400, json!({"error": "invalid_client", "error_description": "invalid client credentials"})));
    assert_eq!(log_in(&format!("{secret}FAKE-CLIENT-SECRET-DO-NOT-LEAK")).0, 200);
    let (_, who) = get(&org, "/services/oauth2/userinfo");
    assert_eq!(who["preferred_username"], "ada.admin@acme.example.com");
    assert_eq!(
        get(&org, &format!("//services/data/v51.0/sobjects/User/{}", who["user_id"].as_str().unwrap())).1["Name"],
        "Ada Admin"
    );
}
