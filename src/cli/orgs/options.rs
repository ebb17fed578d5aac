//! The options about orgs that several commands share.

use std::path::PathBuf;

use clap::Args;

use crate::salesforce::ApiVersion;

/// What `-o` means without a name: the default org of the Salesforce CLI.
pub(super) const DEFAULT_ORG: &str = "";
/// The name that stands for the org of `SF_ACCESS_TOKEN` and `SF_ORG_INSTANCE_URL`.
pub(super) const FROM_ENVIRONMENT: &str = "env:";

/// Which orgs, how to get in, and how to ask. One way in at a time; secrets come from files and the environment alone.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Org")]
pub(in crate::cli) struct OrgChoice {
    /// A live org, by its alias or user name in the Salesforce CLI; may be given more than once.
    ///
    /// Without a name it is the CLI's default org (`SF_TARGET_ORG`, or `target-org` of its configuration); `env:` is the same as
    /// --org-from-env.
    #[arg(short = 'o', long, value_name = "ALIAS", num_args = 0..=1, default_missing_value = DEFAULT_ORG)]
    #[arg(conflicts_with_all = ["all_orgs", "org_from_env", "client_id", "sfdx_url_file"])]
    pub(super) target_org: Vec<String>,
    /// All orgs that the Salesforce CLI is logged in to.
    #[arg(long, conflicts_with_all = ["org_from_env", "client_id", "sfdx_url_file"])]
    pub(super) all_orgs: bool,
    /// The org at `SF_ORG_INSTANCE_URL`, with the access token in `SF_ACCESS_TOKEN`.
    #[arg(long, conflicts_with_all = ["client_id", "sfdx_url_file"])]
    pub(super) org_from_env: bool,
    /// Log in through an app with this consumer key: with --jwt-key-file and --username, or with a client secret.
    #[arg(long, value_name = "KEY", hide_short_help = true, conflicts_with = "sfdx_url_file")]
    pub(super) client_id: Option<String>,
    /// The user to log in as, with --jwt-key-file.
    #[arg(long, value_name = "USERNAME", hide_short_help = true, requires = "jwt_key_file")]
    pub(super) username: Option<String>,
    /// A file with the private key whose certificate the app has (OAuth 2.0 JWT bearer flow).
    #[arg(long, value_name = "FILE", hide_short_help = true, requires_all = ["client_id", "username"])]
    pub(super) jwt_key_file: Option<PathBuf>,
    /// A file with the consumer secret of the app (OAuth 2.0 client credentials flow) [default: `ORGWARDEN_CLIENT_SECRET`].
    #[arg(long, value_name = "FILE", hide_short_help = true, requires = "client_id", conflicts_with = "jwt_key_file")]
    pub(super) client_secret_file: Option<PathBuf>,
    /// Where to log in with --client-id: the org's My Domain, or with a key also `https://login.salesforce.com`, the default.
    #[arg(long, value_name = "URL", hide_short_help = true, requires = "client_id")]
    pub(super) login_url: Option<String>,
    /// A file with an SFDX auth URL, or `-` for standard input.
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub(super) sfdx_url_file: Option<PathBuf>,
    /// Ask in this API version, such as 66.0 [default: the newest that the org and orgwarden both know].
    #[arg(long, value_name = "VERSION", hide_short_help = true)]
    pub(super) api_version: Option<ApiVersion>,
    /// Make so many API calls at most in each org; what is not asked for then is a gap of the audit.
    #[arg(long, value_name = "N", hide_short_help = true)]
    pub(super) max_api_calls: Option<u32>,
    /// Tell of each API call on standard error: its path, what it asks for, the status and the time it took.
    #[arg(short, long)]
    pub(super) verbose: bool,
}

/// How much to ask.
#[derive(Debug, Args)]
#[command(next_help_heading = "Org")]
pub(in crate::cli) struct Extent {
    /// Also read the log-in history, which large orgs take long to answer.
    #[arg(long)]
    pub(in crate::cli) usage: bool,
    /// Print the calls that would be made, and make none.
    #[arg(long)]
    pub(in crate::cli) plan: bool,
}

impl OrgChoice {
    /// Whether an org is asked for.
    pub(in crate::cli) fn names_an_org(&self) -> bool {
        !self.target_org.is_empty()
            || self.all_orgs
            || self.org_from_env
            || self.client_id.is_some()
            || self.sfdx_url_file.is_some()
    }

    /// Whether several orgs are asked for.
    pub(in crate::cli) fn names_several(&self) -> bool {
        self.all_orgs || self.target_org.len() > 1
    }

    /// One org by its alias or user name in the Salesforce CLI, asked in the same way; an empty name is the default org.
    pub(in crate::cli) fn named(&self, alias: &str) -> Self {
        Self {
            target_org: vec![alias.to_owned()],
            all_orgs: false,
            org_from_env: false,
            client_id: None,
            username: None,
            jwt_key_file: None,
            client_secret_file: None,
            login_url: None,
            sfdx_url_file: None,
            ..self.clone()
        }
    }

    /// An option that says how to ask, where one is given.
    pub(in crate::cli) fn how_to_ask(&self) -> Option<&'static str> {
        let given = [
            (self.api_version.is_some(), "--api-version"),
            (self.max_api_calls.is_some(), "--max-api-calls"),
            (self.verbose, "--verbose"),
        ];
        given.into_iter().find(|(given, _)| *given).map(|(_, option)| option)
    }
}

impl Extent {
    /// An option that is given.
    pub(in crate::cli) fn given(&self) -> Option<&'static str> {
        [(self.usage, "--usage"), (self.plan, "--plan")].into_iter().find(|(given, _)| *given).map(|(_, option)| option)
    }
}
