//! Lists the YAML files of `rules/`, `errors/`, `tags/`, `controls/` and `hazards/` into one slice each of (path, text), so that the folders are the only registries
//! of what is built in.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    embed("rules", "builtin_rules.rs")?;
    embed("errors", "builtin_errors.rs")?;
    embed("tags", "builtin_tags.rs")?;
    embed("controls", "builtin_controls.rs")?;
    embed("hazards", "builtin_hazards.rs")
}

/// Writes the slice of a folder's files into `OUT_DIR`, in order of their paths.
fn embed(folder: &str, list_file: &str) -> io::Result<()> {
    println!("cargo::rerun-if-changed={folder}");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = Vec::new();
    collect(&root, Path::new(folder), &mut files)?;
    files.sort();
    let mut list = String::from("&[\n");
    for file in &files {
        let _ = writeln!(list, "    ({file:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/\", {file:?}))),");
    }
    list.push_str("]\n");
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join(list_file), list)
}

/// Adds every `.yaml` under `folder`, with `/` between the parts on every system.
fn collect(root: &Path, folder: &Path, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"));
        }
    }
    Ok(())
}
