//! The command line: its types here, one module for each subcommand.

mod access;
mod apps;
mod audit;
mod baseline;
mod controls;
mod diff;
mod doctor;
mod explain;
mod facts;
mod fix;
mod gate;
mod init;
mod inventory;
mod manifests;
mod orgs;
mod outcome;
mod permission_set;
mod preflight;
mod preview;
mod read;
mod rule_page;
mod rules;
mod schema;
mod selection;
mod setup;
mod snapshot;
mod terminal;
mod trail;
mod verify;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use self::outcome::Outcome;
pub use self::terminal::{Colour, Terminal};

/// Audits how a Salesforce org lets applications in: connected apps and External Client Apps.
#[derive(Debug, Parser)]
#[command(name = "orgwarden", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 clean; 1 findings at or above --fail-on; 2 usage or configuration error; 3 incomplete.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    command: Command,
    /// When to use colour.
    #[arg(long, global = true, value_name = "WHEN", default_value_t = Colour::Auto, value_enum, help_heading = "Output")]
    color: Colour,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
enum Command {
    Audit(audit::AuditArgs),
    Fix(fix::FixArgs),
    Gate(gate::GateArgs),
    Verify(verify::VerifyArgs),
    Diff(diff::DiffArgs),
    Init(init::InitArgs),
    Inventory(inventory::InventoryArgs),
    Facts(facts::FactsArgs),
    Access(access::AccessArgs),
    Preflight(preflight::PreflightArgs),
    Preview(preview::PreviewArgs),
    Snapshot(snapshot::SnapshotArgs),
    Doctor(doctor::DoctorArgs),
    Explain(explain::ExplainArgs),
    Controls(controls::ControlsArgs),
    Rules(rules::RulesArgs),
    Schema(schema::SchemaArgs),
}

/// Which policy.
#[derive(Debug, Args)]
#[command(next_help_heading = "Policy")]
struct PolicyChoice {
    /// The policy file [default: the nearest orgwarden.yaml at or above the audited path].
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Use no policy file.
    #[arg(long, conflicts_with = "policy")]
    no_policy: bool,
    /// Apply what the policy says of this environment, instead of finding out which one an org belongs to; files belong to none.
    #[arg(long, value_name = "NAME", conflicts_with = "no_policy")]
    environment: Option<String>,
}

/// Rules besides the built-in ones.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
struct RuleChoice {
    /// A folder of your own rules, or one rule file; may be given more than once.
    #[arg(long = "rules", value_name = "DIR")]
    rules: Vec<PathBuf>,
}

/// What becomes of mistakes in rule files and in the policy.
#[derive(Clone, Copy, Debug, Args)]
struct Mistakes {
    /// Leave out rules and entries of the policy with mistakes, and go on with the rest; the run then ends with 3 where it would end with 0.
    #[arg(long, help_heading = "Policy")]
    keep_going: bool,
}

/// Formats of lists that are no report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// A table that fits the terminal.
    Table,
    /// For programs.
    Json,
}

/// Runs a command. Results go to standard output, everything else to standard error.
///
/// # Errors
///
/// What went wrong that is neither a finding nor a gap of the audit, such as an output file that cannot be written.
pub fn run(cli: &Cli, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let terminal = terminal.with_colour(cli.color);
    match &cli.command {
        Command::Audit(args) => audit::run(args, &terminal),
        Command::Fix(args) => fix::run(args, &terminal),
        Command::Gate(args) => gate::run(args, &terminal),
        Command::Verify(args) => verify::run(args, &terminal),
        Command::Diff(args) => diff::run(args, &terminal),
        Command::Init(args) => init::run(args, &terminal),
        Command::Inventory(args) => inventory::run(args, &terminal),
        Command::Facts(args) => facts::run(args, &terminal),
        Command::Access(args) => access::run(args, &terminal),
        Command::Preflight(args) => preflight::run(args, &terminal),
        Command::Preview(args) => preview::run(args, &terminal),
        Command::Snapshot(args) => snapshot::run(args, &terminal),
        Command::Doctor(args) => doctor::run(args, &terminal),
        Command::Explain(args) => explain::run(args, &terminal),
        Command::Controls(args) => controls::run(args, &terminal),
        Command::Rules(args) => rules::run(args, &terminal),
        Command::Schema(args) => schema::run(args, &terminal),
    }
}
