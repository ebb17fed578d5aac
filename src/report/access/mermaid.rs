//! Mermaid, which Markdown viewers draw.

use std::fmt::Write as _;

use super::Document;
use super::drawing::{Drawing, Node, Shape};
use crate::report::untrusted;

/// The document as a Mermaid flowchart.
#[must_use]
pub fn mermaid(document: &Document) -> String {
    let drawing = Drawing::of(document);
    let mut out = String::from("flowchart LR\n");
    for (index, node) in drawing.nodes.iter().enumerate() {
        let (open, close) = brackets(node.shape);
        // Writing to a String cannot fail.
        let _ = writeln!(out, "    n{index}{open}\"{}\"{close}", label(node));
    }
    for edge in &drawing.edges {
        let arrow = if edge.dashed { "-.->" } else { "-->" };
        let label = if edge.label.is_empty() { String::new() } else { format!("|\"{}\"|", untrusted::mermaid(&edge.label)) };
        let _ = writeln!(out, "    n{} {arrow}{label} n{}", edge.from, edge.to);
    }
    out
}

fn label(node: &Node) -> String {
    node.lines.iter().map(|line| untrusted::mermaid(line)).collect::<Vec<_>>().join("<br/>")
}

const fn brackets(shape: Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::App => ("[[", "]]"),
        Shape::Path => ("(", ")"),
        Shape::User => ("[", "]"),
        Shape::Users => ("([", "])"),
    }
}
