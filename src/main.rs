//! Arguments, clock and streams of the process; everything else is the library's.

use std::process::ExitCode;

use clap::Parser;
use orgwarden::cli::{self, Cli, Outcome, Terminal};
use orgwarden::report::untrusted;

fn main() -> ExitCode {
    let cli = Cli::parse();
    // The one place that asks the clock; everything else is told what time it is.
    let terminal = Terminal::of_process(jiff::Timestamp::now());
    match cli::run(&cli, &terminal) {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            // Names and texts in it may be anybody's.
            anstream::eprintln!("error: {}", untrusted::log(&untrusted::lines(&format!("{error:#}"))));
            Outcome::Misuse.into()
        }
    }
}
