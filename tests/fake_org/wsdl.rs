//! What the Metadata API's WSDL says of the requests an auditor sends: names, order, how often, and what kind of text.

use roxmltree::Node;

/// Namespace of everything but the envelope.
pub(crate) const METADATA: &str = "http://soap.sforce.com/2006/04/metadata";
/// Namespace of the envelope: SOAP 1.1.
pub(crate) const ENVELOPE: &str = "http://schemas.xmlsoap.org/soap/envelope/";

/// An element: name, how often at least, whether more than once, content.
struct Element(&'static str, u8, bool, Content);

enum Content {
    Text,
    Double,
    Boolean,
    DateTime,
    OneOf(&'static [&'static str]),
    Id,
    /// Elements that the type of a component says.
    Open,
    Elements(&'static [Element]),
}

use Content::{Boolean, DateTime, Double, Elements, Id, OneOf, Open, Text};

const TYPE_MEMBERS: &[Element] = &[Element("members", 0, true, Text), Element("name", 1, false, Text)];

const PACKAGE: &[Element] = &[
    Element("apiAccessLevel", 0, false, Text),
    Element("description", 0, false, Text),
    Element("namespacePrefix", 0, false, Text),
    Element("packageType", 0, false, Text),
    Element("postInstallClass", 0, false, Text),
    Element("setupWeblink", 0, false, Text),
    Element("types", 0, true, Elements(TYPE_MEMBERS)),
    Element("uninstallClass", 0, false, Text),
    Element("version", 1, false, Text),
];

const RETRIEVE_REQUEST: &[Element] = &[
    Element("apiVersion", 1, false, Double),
    Element("packageNames", 0, true, Text),
    Element("rootTypesWithDependencies", 0, true, Text),
    Element("singlePackage", 1, false, Boolean),
    Element("specificFiles", 0, true, Text),
    Element("unpackaged", 0, false, Elements(PACKAGE)),
];

const QUERY: &[Element] = &[Element("folder", 0, false, Text), Element("type", 1, false, Text)];

/// The operations that only read.
const OPERATIONS: [Element; 5] = [
    Element("describeMetadata", 1, false, Elements(&[Element("asOfVersion", 1, false, Double)])),
    Element(
        "listMetadata",
        1,
        false,
        Elements(&[Element("queries", 0, true, Elements(QUERY)), Element("asOfVersion", 1, false, Double)]),
    ),
    Element("readMetadata", 1, false, Elements(&[Element("type", 1, false, Text), Element("fullNames", 0, true, Text)])),
    Element("retrieve", 1, false, Elements(&[Element("retrieveRequest", 1, false, Elements(RETRIEVE_REQUEST))])),
    Element(
        "checkRetrieveStatus",
        1,
        false,
        Elements(&[Element("asyncProcessId", 1, false, Id), Element("includeZip", 1, false, Boolean)]),
    ),
];

const FILE_PROPERTIES: &[Element] = &[
    Element("createdById", 1, false, Text),
    Element("createdByName", 1, false, Text),
    Element("createdDate", 1, false, DateTime),
    Element("fileName", 1, false, Text),
    Element("fullName", 1, false, Text),
    Element("id", 1, false, Text),
    Element("lastModifiedById", 1, false, Text),
    Element("lastModifiedByName", 1, false, Text),
    Element("lastModifiedDate", 1, false, DateTime),
    Element("manageableState", 0, false, OneOf(MANAGEABLE_STATES)),
    Element("namespacePrefix", 0, false, Text),
    Element("type", 1, false, Text),
];

const MANAGEABLE_STATES: &[&str] =
    &["released", "deleted", "deprecated", "installed", "beta", "unmanaged", "installedEditable", "deprecatedEditable"];

const METADATA_OBJECT: &[Element] = &[
    Element("childXmlNames", 0, true, Text),
    Element("directoryName", 1, false, Text),
    Element("inFolder", 1, false, Boolean),
    Element("metaFile", 1, false, Boolean),
    Element("suffix", 0, false, Text),
    Element("xmlName", 1, false, Text),
];

const DESCRIBE_RESULT: &[Element] = &[
    Element("metadataObjects", 0, true, Elements(METADATA_OBJECT)),
    Element("organizationNamespace", 1, false, Text),
    Element("partialSaveAllowed", 1, false, Boolean),
    Element("testRequired", 1, false, Boolean),
];

const ASYNC_RESULT: &[Element] = &[
    Element("done", 1, false, Boolean),
    Element("id", 1, false, Id),
    Element("message", 0, false, Text),
    Element("state", 1, false, OneOf(&["Queued", "InProgress", "Completed", "Error"])),
    Element("statusCode", 0, false, Text),
];

const RETRIEVE_MESSAGE: &[Element] = &[Element("fileName", 1, false, Text), Element("problem", 1, false, Text)];

const RETRIEVE_RESULT: &[Element] = &[
    Element("done", 1, false, Boolean),
    Element("errorMessage", 0, false, Text),
    Element("errorStatusCode", 0, false, Text),
    Element("fileProperties", 0, true, Elements(FILE_PROPERTIES)),
    Element("id", 1, false, Id),
    Element("messages", 0, true, Elements(RETRIEVE_MESSAGE)),
    Element("status", 1, false, OneOf(&["Pending", "InProgress", "Succeeded", "Failed"])),
    Element("success", 1, false, Boolean),
    Element("zipFile", 1, false, Text),
];

/// The answers to the operations.
const ANSWERS: [Element; 5] = [
    Element("describeMetadataResponse", 1, false, Elements(&[Element("result", 1, false, Elements(DESCRIBE_RESULT))])),
    Element("listMetadataResponse", 1, false, Elements(&[Element("result", 0, true, Elements(FILE_PROPERTIES))])),
    Element(
        "readMetadataResponse",
        1,
        false,
        Elements(&[Element("result", 1, false, Elements(&[Element("records", 0, true, Open)]))]),
    ),
    Element("retrieveResponse", 1, false, Elements(&[Element("result", 1, false, Elements(ASYNC_RESULT))])),
    Element("checkRetrieveStatusResponse", 1, false, Elements(&[Element("result", 1, false, Elements(RETRIEVE_RESULT))])),
];

/// Headers; of their elements Salesforce itself is not strict about which are there.
const HEADERS: [Element; 4] = [
    Element("SessionHeader", 0, false, Elements(&[Element("sessionId", 1, false, Text)])),
    Element(
        "CallOptions",
        0,
        false,
        Elements(&[
            Element("client", 0, false, Text),
            Element("perfOption", 0, false, Text),
            Element("uiRequestId", 0, false, Text),
        ]),
    ),
    Element("DebuggingHeader", 0, false, Elements(&[Element("debugLevel", 0, false, Text)])),
    Element("AllOrNoneHeader", 0, false, Elements(&[Element("allOrNone", 1, false, Boolean)])),
];

/// Whether the operation is one of those that only read.
pub(crate) fn reads(operation: &str) -> bool {
    OPERATIONS.iter().any(|element| element.0 == operation)
}

/// Checks an operation of a request.
pub(crate) fn check_operation(operation: Node) -> Result<(), String> {
    check(operation, &OPERATIONS)
}

/// Checks the answer to an operation.
pub(crate) fn check_answer(answer: Node) -> Result<(), String> {
    check(answer, &ANSWERS)
}

/// Checks a header of a request.
pub(crate) fn check_header(header: Node) -> Result<(), String> {
    check(header, &HEADERS)
}

/// An element child by name.
pub(crate) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    children(node, name).next()
}

/// All element children of a name.
pub(crate) fn children<'a, 'i>(node: Node<'a, 'i>, name: &str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// The text of an element child, empty if there is none.
pub(crate) fn text_of(node: Node, name: &str) -> String {
    child(node, name).and_then(|child| child.text()).unwrap_or_default().trim().to_owned()
}

fn check(node: Node, known: &[Element]) -> Result<(), String> {
    let name = node.tag_name().name();
    if node.tag_name().namespace() != Some(METADATA) {
        return Err(format!("{name} is not in the namespace {METADATA}"));
    }
    let Element(.., content) =
        known.iter().find(|element| element.0 == name).ok_or_else(|| format!("unexpected element {name}"))?;
    let text = node.text().unwrap_or_default().trim();
    let elements = match content {
        Elements(elements) => elements,
        Open => return Ok(()),
        _ if node.children().any(|child| child.is_element()) => return Err(format!("{name} has no elements")),
        Double if text.parse::<f64>().is_err() => return Err(format!("{name} is not a number: {text}")),
        Boolean if !matches!(text, "true" | "false" | "1" | "0") => return Err(format!("{name} is not a boolean: {text}")),
        OneOf(values) if !values.contains(&text) => return Err(format!("{name} is none of {values:?}: {text}")),
        DateTime if text.parse::<jiff::Timestamp>().is_err() => return Err(format!("{name} is not a time: {text}")),
        Id if !matches!(text.len(), 15 | 18) => return Err(format!("{name} is not an id: {text}")),
        _ => return Ok(()),
    };
    let mut rest = node.children().filter(Node::is_element).peekable();
    for Element(expected, least, many, _) in *elements {
        let mut count = 0;
        while rest.peek().is_some_and(|child| child.tag_name().name() == *expected) && (count == 0 || *many) {
            if let Some(child) = rest.next() {
                check(child, elements)?;
            }
            count += 1;
        }
        if count < *least {
            return Err(format!("{name} lacks {expected}, or has it in the wrong place"));
        }
    }
    match rest.next() {
        Some(child) => Err(format!("{name} has {} where the WSDL has not", child.tag_name().name())),
        None => Ok(()),
    }
}
