//! Graphviz.

use std::fmt::Write as _;

use super::Document;
use super::drawing::{Drawing, Node, Shape};
use crate::report::untrusted;

/// The document as a graph in the DOT language.
#[must_use]
pub fn dot(document: &Document) -> String {
    let drawing = Drawing::of(document);
    let mut out = String::from("digraph access {\n    rankdir=LR;\n    node [shape=box];\n");
    for (index, node) in drawing.nodes.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "    n{index} [label=\"{}\"{}];", label(node), look(node.shape));
    }
    for edge in &drawing.edges {
        let _ = write!(out, "    n{} -> n{}", edge.from, edge.to);
        let label = (!edge.label.is_empty()).then(|| format!("label=\"{}\"", untrusted::dot(&edge.label)));
        let style = edge.dashed.then(|| "style=dashed".to_owned());
        let attributes: Vec<String> = label.into_iter().chain(style).collect();
        if !attributes.is_empty() {
            let _ = write!(out, " [{}]", attributes.join(", "));
        }
        out.push_str(";\n");
    }
    out.push_str("}\n");
    out
}

fn label(node: &Node) -> String {
    node.lines.iter().map(|line| untrusted::dot(line)).collect::<Vec<_>>().join("\\n")
}

const fn look(shape: Shape) -> &'static str {
    match shape {
        Shape::App => ", style=bold",
        Shape::Path => ", style=rounded",
        Shape::User => ", shape=plaintext",
        Shape::Users => ", shape=ellipse",
    }
}
