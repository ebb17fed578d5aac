//! What brings the program into pipelines: the GitHub Action, the GitLab template, the hooks for pre-commit, the container, the release, and
//! the recipes of `docs/ci/`.
//!
//! No such pipeline runs here. The scripts are run as a runner would, the files are linted, and every command line of the recipes is handed
//! to the program. Linters are taken from the path, where `.ci/run` puts them; without one its test says so loudly.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

#[path = "../support/mod.rs"]
mod support;

mod action;
mod container;
mod install;
mod lints;
mod pre_commit;
mod recipes;
mod release;
mod runner;
mod templates;
mod tools;
mod yaml;
