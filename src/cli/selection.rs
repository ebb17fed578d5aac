//! Which of the rules a command is about.

use clap::Args;

use super::terminal::View;
use crate::diagnostic::did_you_mean;
use crate::policy::{AuditPreset, Policy, Selection};
use crate::tag::{self, Tag};

/// Rules by tag.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct TagChoice {
    /// Only rules with this tag; may be given more than once. `orgwarden rules tags` prints the tags.
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
}

/// Rules by preset and tag.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
pub(super) struct SelectionChoice {
    /// How much to ask [default: `preset` of the policy, or else recommended; with --tag everything].
    #[arg(long, value_name = "PRESET", value_enum)]
    preset: Option<AuditPreset>,
    #[command(flatten)]
    pub(super) tags: TagChoice,
}

impl TagChoice {
    /// The tags that were asked for, in the order of the catalogue. `None` where one does not exist, which has been told.
    ///
    /// # Errors
    ///
    /// The catalogue cannot be read, which tests rule out.
    pub(super) fn known(&self, view: &View<'_>) -> anyhow::Result<Option<Vec<&'static Tag>>> {
        let known = tag::catalogue()?;
        let ids = || known.iter().map(|tag| tag.id.as_str());
        let unknown: Vec<&String> = self.tags.iter().filter(|tag| !ids().any(|id| id == *tag)).collect();
        for tag in &unknown {
            view.error(&format!("there is no tag `{tag}`"));
            if let Some(near) = did_you_mean(tag, ids()) {
                view.note(&format!("help: did you mean `{near}`?"));
            }
        }
        if !unknown.is_empty() {
            view.note(&format!("help: the tags are {}", ids().collect::<Vec<_>>().join(", ")));
            return Ok(None);
        }
        Ok(Some(known.iter().filter(|tag| self.tags.contains(&tag.id)).collect()))
    }

    /// The rules of a preset that have one of the tags.
    pub(super) fn of(&self, preset: AuditPreset) -> Selection {
        Selection::new(preset, self.tags.clone())
    }
}

impl SelectionChoice {
    /// The policy, asking these rules. Who asks for a tag wants all that is known of it, so that only a preset of the command line counts.
    pub(super) fn apply(&self, policy: Policy) -> Policy {
        let of_policy = if self.tags.tags.is_empty() { policy.preset().unwrap_or_default() } else { AuditPreset::Strict };
        let selection = self.tags.of(self.preset.unwrap_or(of_policy));
        policy.asking(selection)
    }
}
