//! A Salesforce org to try orgwarden on without having one: Acme, on a port of this machine.
//!
//! `cargo run --example fake-org` prints two lines to paste into another shell, and answers until it is stopped.
#![allow(clippy::print_stdout, reason = "this is what it is for")]

#[path = "../tests/fake_org/mod.rs"]
mod fake_org;

use std::process::ExitCode;

fn main() -> ExitCode {
    let port = match port() {
        Ok(port) => port,
        Err(usage) => {
            println!("{usage}");
            return ExitCode::from(2);
        }
    };
    let running = match fake_org::seed::acme().start_on(port) {
        Ok(running) => running,
        Err(error) => {
            println!("cannot listen on port {port}: {error}");
            return ExitCode::FAILURE;
        }
    };
    for (name, value) in running.environment() {
        println!("export {name}='{value}'");
    }
    loop {
        std::thread::park();
    }
}

/// The port of `--port`, 0 (any free one) without it.
fn port() -> Result<u16, String> {
    const USAGE: &str = "usage: fake-org [--port PORT]";
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => Ok(0),
        [flag, port] if flag == "--port" => port.parse().map_err(|_| USAGE.to_owned()),
        _ => Err(USAGE.to_owned()),
    }
}
