//! `orgwarden rules new`: a rule file to begin with.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};

use super::print;
use crate::cli::terminal::View;
use crate::cli::{Outcome, setup};
use crate::report::untrusted;
use crate::rules::schema::SubjectKind;
use crate::rules::{builtin_files, is_id};

/// The file, with a name in braces for everything that depends on the rule.
const TEMPLATE: &str = include_str!("template.yaml");

/// Write a commented rule file to begin with. It passes `rules test` as it is.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  orgwarden rules new contact-is-not-a-team --dir my-rules\n  \
                        orgwarden rules new password-flow-allowed --dir my-rules --about org")]
pub(super) struct NewArgs {
    /// Id of the rule, which names the bad state: lower-case words with hyphens between them.
    id: String,
    /// The folder to write ID.yaml to; it is made where it is not there.
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// What the rule is about.
    #[arg(long, value_name = "SUBJECT", default_value_t = About::App, value_enum)]
    about: About,
}

/// What a rule can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum About {
    /// A connected app or External Client App.
    App,
    /// A live org, or the settings of a folder.
    Org,
    /// A part of an External Client App without a header.
    OrphanPart,
    /// A contract of the policy.
    Contract,
    /// A waiver of the policy.
    Waiver,
}

impl About {
    const fn subject(self) -> SubjectKind {
        match self {
            Self::App => SubjectKind::App,
            Self::Org => SubjectKind::Org,
            Self::OrphanPart => SubjectKind::OrphanPart,
            Self::Contract => SubjectKind::Contract,
            Self::Waiver => SubjectKind::Waiver,
        }
    }

    /// A small rule about it, as the names of the template.
    const fn example(self) -> [(&'static str, &'static str); 8] {
        let [when, check, fact, name, bad, good, message, said] = match self {
            Self::App => [
                "app.oauth.configured",
                "app.contact_email.endsWith(\"@example.com\")",
                "app.contact_email",
                "app.label",
                "app.contact_email: jo@example.org",
                "app.contact_email: team@example.com",
                "{app.label} has the contact {app.contact_email}",
                "Example has the contact jo@example.org",
            ],
            Self::Org => [
                "org.oauth.present",
                "org.oauth.block_username_password",
                "org.oauth.block_username_password",
                "org.path",
                "org.oauth.block_username_password: false",
                "org.oauth.block_username_password: true",
                "{org.path} allows the username-password flow",
                "Example allows the username-password flow",
            ],
            Self::OrphanPart => [
                "part.type == \"ExtlClntAppOauthSettings\"",
                "part.of_installed_package",
                "part.of_installed_package",
                "part.app",
                "part.of_installed_package: false",
                "part.of_installed_package: true",
                "{part.app} has no header in the source",
                "Example has no header in the source",
            ],
            Self::Contract => [
                "pattern.app.startsWith(\"ERP_\")",
                "pattern.matched_apps <= 10",
                "pattern.matched_apps",
                "pattern.app",
                "pattern.matched_apps: 11",
                "pattern.matched_apps: 10",
                "The contract for {pattern.app} is about {pattern.matched_apps} apps",
                "The contract for Example is about 11 apps",
            ],
            Self::Waiver => [
                "waiver.severity in [\"critical\", \"high\"]",
                "waiver.ticket.startsWith(\"SEC-\")",
                "waiver.ticket",
                "waiver.name",
                "waiver.ticket: ask Jo",
                "waiver.ticket: SEC-7",
                "The waiver {waiver.name} has no ticket of ours",
                "The waiver Example has no ticket of ours",
            ],
        };
        [
            ("when", when),
            ("check", check),
            ("fact", fact),
            ("name", name),
            ("bad", bad),
            ("good", good),
            ("message", message),
            ("said", said),
        ]
    }
}

/// Writes the file, unless something is in its way.
pub(super) fn run(args: &NewArgs, view: &View<'_>) -> Result<Outcome> {
    let NewArgs { id, dir, about } = args;
    if !is_id(id) {
        bail!(
            "`{id}` is no id of a rule: write lower-case letters and digits, with single hyphens between words, such as contact-is-not-a-team"
        );
    }
    if let Some(other) = taken(id, dir) {
        bail!("there is a rule `{id}` already, in {other}: give the new one a name of its own");
    }
    let path = dir.join(format!("{id}.yaml"));
    fs::create_dir_all(dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
    let mut file = match File::create_new(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{} is there already and is not overwritten: remove it, or choose another id", path.display())
        }
        Err(error) => return Err(error).with_context(|| format!("cannot write {}", path.display())),
    };
    file.write_all(text(id, *about).as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    print(&format!("{}\n", untrusted::line(&path.to_string_lossy())), view)?;
    view.note("Next: say what is wrong and why, and change `check` and the examples. The comments of the file tell how.");
    Ok(Outcome::Clean)
}

/// The file that has the rule of this id, among the built-in ones and below the folder.
fn taken(id: &str, dir: &Path) -> Option<String> {
    let is_it = |path: &Path| path.file_stem().is_some_and(|stem| stem == id);
    let own = if dir.is_dir() { setup::rule_files(dir, &mut Vec::new()) } else { Vec::new() };
    let own = own.into_iter().map(|path| path.to_string_lossy().into_owned());
    builtin_files().map(|file| file.name().to_string()).chain(own).find(|path| is_it(Path::new(path)))
}

/// The template for a rule of this id.
fn text(id: &str, about: About) -> String {
    let subjects = SubjectKind::ALL.map(SubjectKind::as_str).join(", ");
    let title = sentence(id);
    let mut values: BTreeMap<&str, &str> = about.example().into_iter().collect();
    values.extend([("id", id), ("title", &title), ("subject", about.subject().as_str()), ("subjects", &subjects)]);
    values.iter().fold(TEMPLATE.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// An id as a title to begin with: `contact-is-not-a-team` is `Contact is not a team`.
fn sentence(id: &str) -> String {
    let words = id.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
