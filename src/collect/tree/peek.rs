//! A look at the beginning of a file whose name says nothing.

use std::fs::File;
use std::io::Read;

use super::files::{Body, SourceFile, unreadable};
use super::recognise::FileKind;
use crate::diagnostic::Diagnostic;

/// A root element that does not begin here is not looked for: such a file is no metadata that any tool has written.
const HEAD_BYTES: u16 = 4 * 1024;

/// What the root element of a file says it is; `None` where it is no component an audit reads.
pub(super) fn root_name(file: &SourceFile) -> Result<Option<FileKind>, Diagnostic> {
    let head = match &file.body {
        Body::Memory(bytes) => bytes.iter().copied().take(HEAD_BYTES.into()).collect(),
        Body::Object { .. } => {
            let mut bytes = file.bytes()?;
            bytes.truncate(HEAD_BYTES.into());
            bytes
        }
        Body::Disk(path) => {
            let mut head = Vec::new();
            let read = File::open(path).and_then(|file| file.take(HEAD_BYTES.into()).read_to_end(&mut head));
            read.map_err(|error| unreadable(&file.shown, &error))?;
            head
        }
    };
    Ok(first_element(&head).and_then(|name| FileKind::of_root(&name)))
}

/// The local name of the first start tag, past declarations, comments and processing instructions.
fn first_element(head: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(head);
    let mut rest = text.as_ref();
    loop {
        let at = rest.find('<')?;
        rest = rest.get(at + 1..)?;
        let end = match rest.chars().next()? {
            '?' => "?>",
            '!' if rest.starts_with("!--") => "-->",
            '!' => ">",
            _ => break,
        };
        rest = rest.get(rest.find(end)? + end.len()..)?;
    }
    let name: String = rest.chars().take_while(|c| !c.is_whitespace() && !matches!(c, '>' | '/')).collect();
    let local = name.rsplit_once(':').map_or(name.as_str(), |(_, local)| local);
    (!local.is_empty()).then(|| local.to_owned())
}
