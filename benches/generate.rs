//! Writes a large tree to time whole commands on: `cargo bench --bench generate -- KIND FOLDER`; see `benches/README.md`.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing, missing_docs, reason = "a tool for developers")]

mod support;

use std::path::Path;
use std::process::ExitCode;

use support::Size;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let size = match arguments.first().map(String::as_str) {
        Some("small") => Size { apps: 10, others: 70, other_bytes: 2_000, profiles: 0, profile_bytes: 0 },
        Some("large") => Size { apps: 60, others: 74_900, other_bytes: 6_700, profiles: 0, profile_bytes: 0 },
        Some("profiles") => Size { apps: 60, others: 100, other_bytes: 2_000, profiles: 400, profile_bytes: 475_000 },
        Some("apps") => Size { apps: 10_000, others: 0, other_bytes: 0, profiles: 0, profile_bytes: 0 },
        // `cargo bench` without arguments runs every bench.
        _ => {
            eprintln!("usage: cargo bench --bench generate -- small|large|profiles|apps FOLDER");
            return ExitCode::SUCCESS;
        }
    };
    let Some(folder) = arguments.get(1) else {
        eprintln!("name the folder to write to");
        return ExitCode::FAILURE;
    };
    match support::write(Path::new(folder), size) {
        Ok(()) => {
            println!("{folder}: {size:?}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{folder}: {error}");
            ExitCode::FAILURE
        }
    }
}
