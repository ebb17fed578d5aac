//! The Metadata API.

use roxmltree::{Document, Node};

use super::metadata::TYPES;
use super::org::FakeOrg;
use super::record::Received;
use super::reply::Reply;
use super::retrieve;
use super::wsdl::{self, ENVELOPE, METADATA, child, children, text_of};
use super::xml::{element, escape};

/// Queries of one `listMetadata`.
const MOST_QUERIES: usize = 3;
/// Names of one `readMetadata`.
const MOST_NAMES: usize = 10;

/// Code and text of a SOAP fault.
pub(super) type Fault = (&'static str, String);

/// Answers a request, counts it, and refuses whatever is not in the WSDL or writes.
pub(super) fn answer(org: &mut FakeOrg, request: &Received) -> Reply {
    org.record.calls += 1;
    if org.is_used_up() {
        return Reply::xml(500, fault("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."));
    }
    match operation(org, request) {
        Ok(body) => Reply::xml(200, envelope(&body)),
        Err((code, text)) => Reply::xml(500, fault(code, &text)),
    }
}

/// A fault in the form of SOAP 1.1.
pub(crate) fn fault(code: &str, text: &str) -> String {
    let inner = format!("<faultcode>sf:{code}</faultcode><faultstring>{code}: {}</faultstring>", escape(text));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"{ENVELOPE}\" xmlns:sf=\"{METADATA}\"><soapenv:Body>\
         <soapenv:Fault>{inner}</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )
}

fn envelope(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"{ENVELOPE}\" xmlns=\"{METADATA}\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
    )
}

fn operation(org: &mut FakeOrg, request: &Received) -> Result<String, Fault> {
    let version = request.path.rsplit('/').next().and_then(|text| text.strip_suffix(".0")?.parse::<u32>().ok());
    let version = version.filter(|version| org.versions.contains(version));
    let version = version.ok_or_else(|| ("UNSUPPORTED_API_VERSION", "Invalid Api version specified on URL".to_owned()))?;
    let document = match Document::parse(&request.body) {
        Ok(document) => document,
        Err(error) => return Err(malformed(org, &error.to_string())),
    };
    let (header, operation) = match parts(&document) {
        Ok(parts) => parts,
        Err(problem) => return Err(malformed(org, &problem)),
    };
    if request.method != "POST" || request.header("soapaction").is_none() {
        return Err(malformed(org, "a SOAP 1.1 request is a POST with a header SOAPAction"));
    }
    if !request.header("content-type").is_some_and(|content| content.starts_with("text/xml")) {
        return Err(malformed(org, "the content type is not text/xml"));
    }
    let name = operation.tag_name().name();
    if !wsdl::reads(name) {
        org.record.writes.push(format!("SOAP {name}"));
        return Err(("INSUFFICIENT_ACCESS", format!("{name} is not for you")));
    }
    let headers = header.into_iter().flat_map(|header| header.children().filter(Node::is_element).collect::<Vec<_>>());
    for header in headers {
        if let Err(problem) = wsdl::check_header(header) {
            return Err(malformed(org, &problem));
        }
    }
    if let Err(problem) = wsdl::check_operation(operation) {
        return Err(malformed(org, &problem));
    }
    let token = header.and_then(|header| child(header, "SessionHeader")).map(|session| text_of(session, "sessionId"));
    let known = token.as_deref().is_some_and(|token| org.knows(token));
    // A token in JWT format is not understood before 68.0.
    if !known || org.jwt_tokens && version < 68 {
        let text = "Invalid Session ID found in SessionHeader: Illegal Session. Session not found, missing session hash";
        return Err(("INVALID_SESSION_ID", text.to_owned()));
    }
    let permissions = org.permissions();
    let holds = |permission: &str| permissions.iter().any(|held| held == permission);
    if !holds("ApiEnabled") {
        return Err(("API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner".to_owned()));
    }
    if !holds("ModifyMetadata") && !holds("ModifyAllData") {
        let text = "use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions";
        return Err(("INSUFFICIENT_ACCESS", text.to_owned()));
    }
    match name {
        "describeMetadata" => Ok(describe(org, operation)),
        "listMetadata" => list(org, operation),
        "readMetadata" => read(org, &permissions, operation, version),
        "retrieve" => retrieve::start(org, &permissions, operation),
        _ => retrieve::status(org, operation),
    }
}

fn parts<'a, 'i>(document: &'a Document<'i>) -> Result<(Option<Node<'a, 'i>>, Node<'a, 'i>), String> {
    let root = document.root_element();
    if !root.has_tag_name((ENVELOPE, "Envelope")) {
        return Err("not an Envelope of SOAP 1.1".to_owned());
    }
    let part = |name: &'static str| root.children().find(move |node| node.has_tag_name((ENVELOPE, name)));
    let body = part("Body").ok_or("there is no Body")?;
    let mut operations = body.children().filter(Node::is_element);
    match (operations.next(), operations.next()) {
        (Some(operation), None) => Ok((part("Header"), operation)),
        _ => Err("a Body has one operation".to_owned()),
    }
}

fn malformed(org: &mut FakeOrg, problem: &str) -> Fault {
    org.record.malformed.push(problem.to_owned());
    ("INVALID_OPERATION", format!("the request is not what the WSDL says: {problem}"))
}

/// The whole number of a version such as `66.0`.
pub(super) fn version(text: &str) -> u32 {
    text.split('.').next().and_then(|whole| whole.parse().ok()).unwrap_or(0)
}

fn describe(org: &FakeOrg, operation: Node) -> String {
    let version = version(&text_of(operation, "asOfVersion"));
    let types = TYPES.iter().filter(|(name, ..)| org.has_type(name, version)).map(|(name, folder, suffix, _)| {
        let fields = [
            element("directoryName", folder),
            element("inFolder", false),
            element("metaFile", false),
            element("suffix", suffix),
            element("xmlName", name),
        ];
        format!("<metadataObjects>{}</metadataObjects>", fields.concat())
    });
    let rest = [element("organizationNamespace", ""), element("partialSaveAllowed", true), element("testRequired", false)];
    format!("<describeMetadataResponse><result>{}{}</result></describeMetadataResponse>", types.collect::<String>(), rest.concat())
}

fn list(org: &FakeOrg, operation: Node) -> Result<String, Fault> {
    let version = version(&text_of(operation, "asOfVersion"));
    let queries: Vec<Node> = children(operation, "queries").collect();
    if queries.len() > MOST_QUERIES {
        return Err(("LIMIT_EXCEEDED", format!("at most {MOST_QUERIES} queries can be made at a time")));
    }
    let mut results = String::new();
    for query in queries {
        let kind = text_of(query, "type");
        if !org.has_type(&kind, version) {
            return Err(("INVALID_TYPE", format!("This type of metadata is not available for this organization: {kind}")));
        }
        let found = org
            .components
            .iter()
            .filter(|component| component.listed && component.listed_as() == kind && component.exists_at(version));
        results.extend(found.map(|component| format!("<result>{}</result>", component.properties(""))));
    }
    Ok(format!("<listMetadataResponse>{results}</listMetadataResponse>"))
}

fn read(org: &FakeOrg, permissions: &[String], operation: Node, version: u32) -> Result<String, Fault> {
    let kind = text_of(operation, "type");
    let names: Vec<String> = children(operation, "fullNames").map(|node| node.text().unwrap_or_default().to_owned()).collect();
    if names.len() > MOST_NAMES {
        return Err(("LIMIT_EXCEEDED", format!("at most {MOST_NAMES} components can be read at a time")));
    }
    let settings = kind.ends_with("Settings") && !kind.starts_with("Extl");
    if kind == "Settings" || !settings && !org.has_type(&kind, version) {
        return Err(("INVALID_TYPE", format!("Unknown type: {kind}")));
    }
    let mut records = String::new();
    for name in &names {
        let found = org.components.iter().find(|component| component.kind == kind && component.full_name == *name);
        let shown = found.filter(|component| component.exists_at(version) && org.may_read(permissions, component));
        records.push_str(&match shown {
            None => "<records xsi:nil=\"true\"/>".to_owned(),
            Some(component) => {
                let elements = format!("{}{}", element("fullName", name), component.elements(org, permissions, version));
                format!("<records xsi:type=\"{}\">{elements}</records>", escape(&kind))
            }
        });
    }
    Ok(format!("<readMetadataResponse><result>{records}</result></readMetadataResponse>"))
}
