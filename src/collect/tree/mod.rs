//! Metadata in files: SFDX trees and packages.

pub mod package;
