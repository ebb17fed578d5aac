//! Requests in the element order of the WSDL.

use quick_xml::escape::escape;

use super::super::ApiVersion;
use super::retrieve::Package;

/// The operations of the Metadata API that only read.
pub(in crate::salesforce) enum Operation {
    /// Which types there are.
    DescribeMetadata,
    /// Which components there are of these types.
    ListMetadata(Vec<String>),
    /// Whole components of one type, by full name.
    ReadMetadata(String, Vec<String>),
    /// Starts packing a zip.
    Retrieve(Package),
    /// Looks at a retrieve job, by id, and takes the zip if it is there.
    CheckRetrieveStatus(String),
}

impl Operation {
    /// Its name in the WSDL.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::DescribeMetadata => "describeMetadata",
            Self::ListMetadata(_) => "listMetadata",
            Self::ReadMetadata(..) => "readMetadata",
            Self::Retrieve(_) => "retrieve",
            Self::CheckRetrieveStatus(_) => "checkRetrieveStatus",
        }
    }

    /// What it asks for, in words for people.
    pub(super) fn what(&self) -> String {
        let of = match self {
            Self::DescribeMetadata | Self::CheckRetrieveStatus(_) => return self.name().to_owned(),
            Self::ListMetadata(types) => types.join(", "),
            Self::ReadMetadata(metadata_type, full_names) => format!("{} {metadata_type}", full_names.len()),
            Self::Retrieve(package) => package.types.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "),
        };
        format!("{} {of}", self.name())
    }
}

/// A whole request.
pub(in crate::salesforce) fn envelope(operation: &Operation, version: ApiVersion, token: &str) -> String {
    let mut xml = Writer(String::with_capacity(1024));
    xml.0.push_str(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" \
         xmlns:met=\"http://soap.sforce.com/2006/04/metadata\"><soapenv:Header>",
    );
    xml.inside("SessionHeader", |xml| xml.text("sessionId", token));
    let client = concat!("orgwarden/", env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    xml.inside("CallOptions", |xml| xml.text("client", client));
    xml.0.push_str("</soapenv:Header><soapenv:Body>");
    xml.inside(operation.name(), |xml| parameters(xml, operation, version));
    xml.0.push_str("</soapenv:Body></soapenv:Envelope>");
    xml.0
}

fn parameters(xml: &mut Writer, operation: &Operation, version: ApiVersion) {
    let version = version.to_string();
    match operation {
        Operation::DescribeMetadata => xml.text("asOfVersion", &version),
        Operation::ListMetadata(types) => {
            for name in types {
                xml.inside("queries", |xml| xml.text("type", name));
            }
            xml.text("asOfVersion", &version);
        }
        Operation::ReadMetadata(metadata_type, full_names) => {
            xml.text("type", metadata_type);
            for full_name in full_names {
                xml.text("fullNames", full_name);
            }
        }
        Operation::Retrieve(package) => xml.inside("retrieveRequest", |xml| {
            xml.text("apiVersion", &version);
            xml.text("singlePackage", "true");
            xml.inside("unpackaged", |xml| {
                for (name, members) in &package.types {
                    xml.inside("types", |xml| {
                        for member in members {
                            xml.text("members", member);
                        }
                        xml.text("name", name);
                    });
                }
                xml.text("version", &version);
            });
        }),
        Operation::CheckRetrieveStatus(id) => {
            xml.text("asyncProcessId", id);
            xml.text("includeZip", "true");
        }
    }
}

struct Writer(String);

impl Writer {
    fn inside(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        self.0.extend(["<met:", name, ">"]);
        content(self);
        self.0.extend(["</met:", name, ">"]);
    }

    fn text(&mut self, name: &str, text: &str) {
        self.inside(name, |xml| xml.0.push_str(&escape(text)));
    }
}
