//! The Metadata API as the client speaks it: what goes out, and every form in which an answer may come.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "support/scripted.rs"]
mod scripted;

use std::time::Duration;

use orgwarden::salesforce::{ApiVersion, Error, Options, Package};
use scripted::{Org, Reply, Sessions, hasty};

/// A request's body without the declarations every one has.
fn body(request: &str) -> &str {
    request.split_once("<soapenv:Body>").unwrap().1.strip_suffix("</soapenv:Body></soapenv:Envelope>").unwrap()
}

#[tokio::test]
async fn requests_have_the_order_of_the_wsdl() {
    let org = Org::script(vec![
        Reply::soap("<describeMetadataResponse><result/></describeMetadataResponse>"),
        Reply::soap("<listMetadataResponse/>"),
        Reply::soap("<readMetadataResponse><result/></readMetadataResponse>"),
        Reply::soap("<retrieveResponse><result><done>false</done><id>09S1</id><state>Queued</state></result></retrieveResponse>"),
        Reply::soap(&checked(
            "<done>true</done><id>09S1</id><status>Succeeded</status><success>true</success><zipFile>UEs=</zipFile>",
        )),
    ])
    .await;
    let client = org.client_with(&Sessions::of(&["a&b<c"]), hasty()).await.at(ApiVersion(66));
    assert!(client.describe_metadata().await.unwrap().is_empty());
    assert!(client.list_metadata(&["ConnectedApp", "Profile"]).await.unwrap().is_empty());
    assert!(client.read_metadata("ConnectedApp", &["A & B".to_owned(), "ns__C".to_owned()]).await.unwrap().is_empty());
    let package = Package { types: vec![("Settings".to_owned(), vec!["OauthOidc".to_owned(), "<x>".to_owned()])] };
    assert_eq!(client.retrieve(&package).await.unwrap().zip, b"PK");
    let seen = org.seen();
    let expected = [
        "<met:describeMetadata><met:asOfVersion>66.0</met:asOfVersion></met:describeMetadata>",
        "<met:listMetadata><met:queries><met:type>ConnectedApp</met:type></met:queries><met:queries><met:type>Profile</met:type>\
         </met:queries><met:asOfVersion>66.0</met:asOfVersion></met:listMetadata>",
        "<met:readMetadata><met:type>ConnectedApp</met:type><met:fullNames>A &amp; B</met:fullNames>\
         <met:fullNames>ns__C</met:fullNames></met:readMetadata>",
        "<met:retrieve><met:retrieveRequest><met:apiVersion>66.0</met:apiVersion><met:singlePackage>true</met:singlePackage>\
         <met:unpackaged><met:types><met:members>OauthOidc</met:members><met:members>&lt;x&gt;</met:members>\
         <met:name>Settings</met:name></met:types><met:version>66.0</met:version></met:unpackaged></met:retrieveRequest></met:retrieve>",
        "<met:checkRetrieveStatus><met:asyncProcessId>09S1</met:asyncProcessId><met:includeZip>true</met:includeZip>\
         </met:checkRetrieveStatus>",
    ];
    assert_eq!(seen.len(), expected.len());
    for (request, expected) in seen.iter().zip(expected) {
        assert_eq!(body(&request.body), expected);
        assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", "/services/Soap/m/66.0"));
        assert_eq!(request.header("soapaction"), "\"\"");
        assert_eq!(request.header("content-type"), "text/xml; charset=UTF-8");
        let header = "<met:SessionHeader><met:sessionId>a&amp;b&lt;c</met:sessionId></met:SessionHeader><met:CallOptions><met:client>orgwarden/";
        assert!(request.body.contains(header), "{}", request.body);
    }
}

#[tokio::test]
async fn prefixes_do_not_matter_namespaces_do() {
    let answer = |envelope: &str, prefix: &str, space: &str| {
        let (open, close) = (format!("<{prefix}"), format!("</{prefix}"));
        let xmlns = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{}", prefix.trim_end_matches(':')) };
        format!(
            "<e:Envelope xmlns:e=\"{envelope}\" {xmlns}=\"{space}\"><e:Header/><e:Body>{open}listMetadataResponse>\
             {open}result>{open}fileName>connectedApps/ERP_Sync.connectedApp{close}fileName>{open}fullName>ERP_Sync{close}fullName>\
             {open}manageableState/>{open}type xsi:nil=\"true\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"/>\
             {close}result>{close}listMetadataResponse></e:Body></e:Envelope>"
        )
    };
    let (soap, metadata) = ("http://schemas.xmlsoap.org/soap/envelope/", "http://soap.sforce.com/2006/04/metadata");
    for prefix in ["", "met:", "sf:"] {
        let org = Org::script(vec![Reply::text(answer(soap, prefix, metadata))]).await;
        let found = org.client().await.list_metadata(&["ConnectedApp"]).await.unwrap();
        assert_eq!((found.len(), found[0].full_name.as_str()), (1, "ERP_Sync"));
        assert_eq!(found[0].metadata_type, "ConnectedApp", "a type that is nil is told by the file");
        assert_eq!(found[0].manageable_state, None);
    }
    for (envelope, space) in [(soap, "urn:other"), ("urn:other", metadata)] {
        let org = Org::script(vec![Reply::text(answer(envelope, "met:", space))]).await;
        assert!(matches!(org.client().await.list_metadata(&["ConnectedApp"]).await, Err(Error::Unreadable(_))));
    }
}

#[tokio::test]
async fn components_become_documents() {
    let records = r#"<readMetadataResponse><result>
        <records xmlns:m="http://soap.sforce.com/2006/04/metadata" xsi:type="m:ConnectedApp">
          <m:fullName>ERP_Sync</m:fullName><m:label>ERP &amp; <![CDATA[<Sync>]]>&#33;</m:label><m:infoUrl xsi:nil="true"/>
          <m:oauthConfig><m:scopes>Api</m:scopes><m:scopes>RefreshToken</m:scopes></m:oauthConfig><m:startUrl/>
        </records>
        <records xsi:nil="true"/><records/><records xsi:type="ConnectedApp"/>
        <records><fullName>Bare</fullName></records>
    </result></readMetadataResponse>"#;
    let org = Org::script(vec![Reply::soap(records)]).await;
    let asked = ["ERP_Sync", "Gone", "Empty", "Hidden", "Bare"].map(str::to_owned);
    let found = org.client().await.read_metadata("ConnectedApp", &asked).await.unwrap();
    assert_eq!(found.iter().map(|component| component.full_name.as_str()).collect::<Vec<_>>(), ["ERP_Sync", "Bare"]);
    assert!(found.iter().all(|component| component.metadata_type == "ConnectedApp"));
    assert_eq!(
        found[0].xml,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ConnectedApp xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n    \
         <label>ERP &amp; &lt;Sync&gt;!</label>\n    <oauthConfig>\n        \
         <scopes>Api</scopes>\n        <scopes>RefreshToken</scopes>\n    </oauthConfig>\n    <startUrl></startUrl>\n</ConnectedApp>\n"
    );
}

#[tokio::test]
async fn faults_are_told_by_their_code() {
    let plain = Reply::soap(
        "<e:Fault xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns=\"\"><faultcode>e:Client</faultcode>\
         <faultstring>INVALID_TYPE: unknown</faultstring></e:Fault>",
    );
    for (reply, calls, text) in [
        (Reply::fault("INSUFFICIENT_ACCESS", "requires ModifyAllData"), 1, "INSUFFICIENT_ACCESS: requires ModifyAllData"),
        (Reply::fault("REQUEST_LIMIT_EXCEEDED", "TotalRequests"), 1, "REQUEST_LIMIT_EXCEEDED: TotalRequests"),
        (Reply::error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests"), 1, "REQUEST_LIMIT_EXCEEDED: TotalRequests"),
        (Reply::fault("UNKNOWN_EXCEPTION", "error id 1"), 2, "UNKNOWN_EXCEPTION: error id 1"),
        (plain.status(500), 1, "INVALID_TYPE: unknown"),
        (Reply::text("<!DOCTYPE html><html>down</html>"), 4, "unreadable answer: listMetadata ConnectedApp: not XML"),
        (Reply::soap("<retrieveResponse/>"), 4, "unreadable answer: listMetadata ConnectedApp: SOAP, but no answer to this"),
        (Reply::fault("INVALID_SESSION_ID", "Illegal Session"), 1, "the session is not valid: Illegal Session"),
        (
            Reply::soap("<listMetadataResponse><result><id>1</id></result></listMetadataResponse>"),
            1,
            "unreadable answer: listMetadata",
        ),
    ] {
        let org = Org::script(vec![reply]).await;
        let error = org.client().await.list_metadata(&["ConnectedApp"]).await.unwrap_err().to_string();
        assert!(error.starts_with(text), "{error}");
        assert_eq!(org.seen().len(), calls, "{error}");
    }
    let org = Org::script(vec![Reply::fault("INVALID_SESSION_ID", "expired"), Reply::soap("<listMetadataResponse/>")]).await;
    let sessions = Sessions::of(&["first", "second", "third"]);
    org.client_with(&sessions, hasty()).await.list_metadata(&["ConnectedApp"]).await.unwrap();
    assert_eq!(sessions.given(), 2);
    assert!(org.seen()[1].body.contains("<met:sessionId>second<"));
}

#[tokio::test]
async fn a_token_in_jwt_format_is_not_sent_where_soap_refuses_it() {
    let org = Org::script(vec![Reply::soap("<listMetadataResponse/>")]).await;
    // {"alg":"RS256"}
    let client = org.client_with(&Sessions::of(&["eyJhbGciOiJSUzI1NiJ9.e30.c2ln"]), hasty()).await;
    let refused = client.at(ApiVersion(67)).list_metadata(&["ConnectedApp"]).await;
    assert!(matches!(refused, Err(Error::JwtOverSoap(ApiVersion(67)))));
    assert_eq!((org.seen().len(), client.usage().calls), (0, 0));
    client.at(ApiVersion(68)).list_metadata(&["ConnectedApp"]).await.unwrap();
}

fn checked(result: &str) -> String {
    format!("<checkRetrieveStatusResponse><result>{result}</result></checkRetrieveStatusResponse>")
}

#[tokio::test]
async fn a_retrieve_job_is_watched_to_its_end() {
    let started = || Reply::soap("<retrieveResponse><result><done>false</done><id>09S1</id></result></retrieveResponse>");
    let look = |result: &str| Reply::soap(&checked(result));
    let running =
        || look("<done>false</done><id>09S1</id><status>InProgress</status><success>false</success><zipFile xsi:nil=\"true\"/>");
    let done = || {
        look(
            "<done>true</done><fileProperties><fileName>unpackaged/settings/OauthOidc.settings</fileName><fullName>OauthOidc</fullName>\
              </fileProperties><id>09S1</id><messages><fileName>package.xml</fileName><problem>X cannot be found</problem></messages>\
              <status>Succeeded</status><success>true</success><zipFile>UEsD\nBA==</zipFile>",
        )
    };
    let gone =
        || look("<done>true</done><id>09S1</id><status>Succeeded</status><success>true</success><zipFile xsi:nil=\"true\"/>");
    let failed = look(
        "<done>true</done><errorMessage>too big</errorMessage><errorStatusCode>LIMIT_EXCEEDED</errorStatusCode><success>false</success>",
    );
    let package = Package { types: vec![("Settings".to_owned(), vec!["OauthOidc".to_owned()])] };

    let org = Org::script(vec![started(), running(), running(), done()]).await;
    let retrieved = org.client().await.retrieve(&package).await.unwrap();
    assert_eq!(retrieved.zip, b"PK\x03\x04");
    assert_eq!(
        (retrieved.properties[0].metadata_type.as_str(), retrieved.messages[0].problem.as_str()),
        ("Settings", "X cannot be found")
    );
    assert_eq!(org.seen().len(), 4);

    let org = Org::script(vec![started(), done().cut(), gone(), started(), done()]).await;
    assert_eq!(org.client().await.retrieve(&package).await.unwrap().messages.len(), 1, "a zip lost on its way is packed again");

    for (replies, text) in [
        (vec![started(), failed], "the retrieve job did not deliver: LIMIT_EXCEEDED: too big"),
        (vec![started(), gone(), started(), gone()], "the retrieve job did not deliver: the zip was lost on its way, twice"),
    ] {
        let org = Org::script(replies).await;
        assert_eq!(org.client().await.retrieve(&package).await.unwrap_err().to_string(), text);
    }
    let org = Org::script(vec![started(), running()]).await;
    let mut options = Options { retrieve_patience: Duration::from_millis(20), ..hasty() };
    options.poll.longest = Duration::from_mins(1);
    options.poll.pause = Duration::from_mins(1);
    let client = org.client_with(&Sessions::of(&["token"]), options).await;
    assert!(matches!(client.retrieve(&package).await, Err(Error::Retrieve(_))));
    assert_eq!(org.seen().len(), 2);
}
