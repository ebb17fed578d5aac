//! Programs that are there or not.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::{env, fs};

/// Whom a skipped test was told of.
static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Where a program is. One that is missing is told, past the capture of what tests print.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file());
    if found.is_none() {
        skipped(name);
    }
    found
}

/// Tells that nobody looked, once for each program.
pub(crate) fn skipped(name: &str) {
    if TOLD.lock().unwrap().insert(name.to_owned()) {
        let _ = writeln!(io::stderr(), "\n!!! SKIPPED: what takes {name}, which is not there; .ci/run installs it");
    }
}

/// Runs a linter, which has to be content.
pub(crate) fn lint(folder: &Path, program: &Path, arguments: &[&str]) {
    let mut command = Command::new(program);
    // `CI` makes some of them talk to the runner, and there is none.
    let output = command.current_dir(folder).args(arguments).env_remove("CI").env("NO_COLOR", "1").output().unwrap();
    assert!(
        output.status.success(),
        "{} {arguments:?}\n{}{}",
        program.display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Writes a script that can be run.
pub(crate) fn script(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}
