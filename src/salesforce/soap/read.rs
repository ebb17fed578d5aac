//! Whole components, each made a document of its own.

use quick_xml::escape::escape;

use super::super::{Client, Error};
use super::Operation;
use super::xml::Node;

/// A component's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Full name.
    pub full_name: String,
    /// Metadata type, also the name of the root element.
    pub metadata_type: String,
    /// A document as it would lie in a source tree: default namespace, order of children kept, nothing that is nil.
    pub xml: String,
}

impl Client {
    /// Reads up to ten components of one type. Those that are not there, or not shown, are missing in the answer: match by
    /// full name.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn read_metadata(&self, metadata_type: &str, full_names: &[String]) -> Result<Vec<Component>, Error> {
        let operation = Operation::ReadMetadata(metadata_type.to_owned(), full_names.to_vec());
        self.soap(operation, |payload| {
            let result = payload.child("result").ok_or("no result")?;
            Ok(result.all("records").filter_map(|record| component(record, metadata_type)).collect())
        })
        .await
    }
}

fn component(record: &Node<'_>, asked: &str) -> Option<Component> {
    let full_name = record.text_of("fullName")?;
    // An attribute's value can be anything; what becomes an element must be a name.
    let kind = record.kind.as_ref().filter(|kind| !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let metadata_type = kind.map_or(asked, String::as_str).to_owned();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{metadata_type} xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n"
    );
    // The name is told beside the document, as in a source tree.
    for child in record.children.iter().filter(|child| child.name != "fullName") {
        write(&mut xml, child, 1);
    }
    xml.extend(["</", &metadata_type, ">\n"]);
    Some(Component { full_name, metadata_type, xml })
}

/// Writes an element as Salesforce lays out its files. The tree is not deep: the parser has seen to that.
fn write(xml: &mut String, node: &Node<'_>, level: usize) {
    if node.nil {
        return;
    }
    let indent = "    ".repeat(level);
    xml.extend([&indent, "<", &node.name, ">"]);
    if node.children.is_empty() {
        xml.push_str(&escape(node.text.as_ref()));
    } else {
        xml.push('\n');
        for child in &node.children {
            write(xml, child, level + 1);
        }
        xml.push_str(&indent);
    }
    xml.extend(["</", &node.name, ">\n"]);
}
