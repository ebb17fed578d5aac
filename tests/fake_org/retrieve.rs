//! `retrieve` and `checkRetrieveStatus`: jobs that end in a zip.

use std::io::{Cursor, Write as _};

use base64::Engine as _;
use roxmltree::Node;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::metadata::Component;
use super::org::FakeOrg;
use super::soap::{Fault, version};
use super::table::make_id;
use super::wsdl::{METADATA, child, children, text_of};
use super::xml::element;

/// How retrieve jobs go.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// How often a job is said to be in progress before it is done.
    pub(crate) polls: u32,
    /// Whether the zip has the folder `unpackaged/` although one package was asked for, or has it not although several could be.
    pub(crate) other_layout: bool,
    /// The job fails with this code and text.
    pub(crate) failure: Option<(String, String)>,
    /// The job is never done.
    pub(crate) endless: bool,
}

/// A job.
pub(crate) struct Job {
    polls: u32,
    files: String,
    messages: String,
    /// Gone once it was given out.
    zip: Option<String>,
}

/// Starts a job.
pub(super) fn start(org: &mut FakeOrg, permissions: &[String], operation: Node) -> Result<String, Fault> {
    let request =
        child(operation, "retrieveRequest").ok_or_else(|| ("INVALID_OPERATION", "retrieveRequest is missing".to_owned()))?;
    let package = child(request, "unpackaged").ok_or_else(|| ("INVALID_OPERATION", "nothing is asked for".to_owned()))?;
    let api = version(&text_of(package, "version"));
    let top = (text_of(request, "singlePackage") != "true") != org.retrieve.other_layout;
    let folder = if top { "unpackaged/" } else { "" };
    let (found, messages) = select(org, permissions, package, api, folder);
    let zip = zip(org, permissions, package, &found, api, folder);
    let files: String =
        found.iter().map(|component| format!("<fileProperties>{}</fileProperties>", component.properties(folder))).collect();
    let id = make_id("09S", org.jobs.len() + 1);
    let job = Job { polls: 0, files, messages, zip: Some(zip) };
    org.jobs.insert(id.clone(), job);
    let result = [element("done", false), element("id", &id), element("state", "Queued")].concat();
    Ok(format!("<retrieveResponse><result>{result}</result></retrieveResponse>"))
}

/// Tells how a job is going, with its zip at the end.
pub(super) fn status(org: &mut FakeOrg, operation: Node) -> Result<String, Fault> {
    let id = text_of(operation, "asyncProcessId");
    let wants_zip = matches!(text_of(operation, "includeZip").as_str(), "true" | "1");
    let settings = org.retrieve.clone();
    let Some((id, job)) = org.jobs.iter_mut().find(|(known, _)| known.get(..15) == id.get(..15)) else {
        return Err(("INVALID_CROSS_REFERENCE_KEY", format!("no async job with id {id}")));
    };
    let pending = settings.endless || job.polls < settings.polls;
    job.polls += 1;
    let outcome =
        |done: bool, status: &str, success: bool| (element("done", done), element("status", status), element("success", success));
    let (head, files, messages, (done, status, success), zip) = match settings.failure {
        _ if pending => (String::new(), "", "", outcome(false, "InProgress", false), None),
        Some((code, text)) => {
            let head = element("errorMessage", text) + &element("errorStatusCode", code);
            (head, "", "", outcome(true, "Failed", false), None)
        }
        None => {
            let zip = if wants_zip { job.zip.take() } else { None };
            (String::new(), job.files.as_str(), job.messages.as_str(), outcome(true, "Succeeded", true), zip)
        }
    };
    let zip = zip.map_or("<zipFile xsi:nil=\"true\"/>".to_owned(), |zip| element("zipFile", zip));
    let result = [&done, &head, files, &element("id", id), messages, &status, &success, &zip].map(str::to_owned).concat();
    Ok(format!("<checkRetrieveStatusResponse><result>{result}</result></checkRetrieveStatusResponse>"))
}

/// The components a package asks for, and a message for each that is not to be had.
fn select<'a>(org: &'a FakeOrg, permissions: &[String], package: Node, version: u32, folder: &str) -> (Vec<&'a Component>, String) {
    let mut found: Vec<&Component> = Vec::new();
    let mut messages = String::new();
    let mut message = |problem: String| {
        let fields = element("fileName", format!("{folder}package.xml")) + &element("problem", problem);
        messages.push_str(&format!("<messages>{fields}</messages>"));
    };
    for types in children(package, "types") {
        let kind = text_of(types, "name");
        if !org.has_type(&kind, version) {
            message(format!("Unknown type name '{kind}' specified in package.xml"));
            continue;
        }
        let of_kind = || org.components.iter().filter(|component| component.listed_as() == kind && component.exists_at(version));
        for member in children(types, "members").map(|node| node.text().unwrap_or_default().to_owned()) {
            if member == "*" {
                let delivered = of_kind().filter(|component| component.listed && org.may_read(permissions, component));
                let new: Vec<&Component> =
                    delivered.filter(|component| !found.iter().any(|other| std::ptr::eq(*other, *component))).collect();
                found.extend(new);
                continue;
            }
            match of_kind().find(|component| component.full_name == member && org.may_read(permissions, component)) {
                Some(component) if !found.iter().any(|other| std::ptr::eq(*other, component)) => found.push(component),
                Some(_) => {}
                None => message(format!("Entity of type '{kind}' named '{member}' cannot be found")),
            }
        }
    }
    (found, messages)
}

fn zip(org: &FakeOrg, permissions: &[String], package: Node, found: &[&Component], version: u32, folder: &str) -> String {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: String, content: String| {
        writer.start_file(name, SimpleFileOptions::default()).expect("a zip in memory");
        writer.write_all(content.as_bytes()).expect("a zip in memory");
    };
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    for component in found {
        let (kind, elements) = (&component.kind, component.elements(org, permissions, version));
        add(format!("{folder}{}", component.file_name()), format!("{head}<{kind} xmlns=\"{METADATA}\">{elements}</{kind}>\n"));
    }
    let types: String = children(package, "types")
        .map(|types| {
            let kind = text_of(types, "name");
            let members = found
                .iter()
                .filter(|component| component.listed_as() == kind)
                .map(|component| element("members", &component.full_name));
            format!("<types>{}{}</types>", members.collect::<String>(), element("name", &kind))
        })
        .collect();
    let manifest = format!("{head}<Package xmlns=\"{METADATA}\">{types}{}</Package>\n", element("version", format!("{version}.0")));
    add(format!("{folder}package.xml"), manifest);
    let bytes = writer.finish().expect("a zip in memory").into_inner();
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
