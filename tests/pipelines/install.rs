//! How the action installs a release: one that `ci/package.sh` made, from a stand-in for the download.
#![cfg(target_os = "linux")] // packing takes the tar of GNU; the runner that releases has it

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::runner::Runner;
use super::{tools, yaml};

const TARGET: &str = "x86_64-unknown-linux-musl";

/// What befalls a release, of whose archives one is named.
type Harm = fn(&Release, &str);

/// The archives of a release in a folder.
struct Release {
    folder: TempDir,
}

impl Release {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        for target in [TARGET, "aarch64-unknown-linux-musl", "aarch64-apple-darwin"] {
            tools::script(
                &folder.path().join("binaries").join(target).join("orgwarden"),
                &format!("#!/bin/sh\necho for {target}\n"),
            );
        }
        fs::create_dir_all(folder.path().join("binaries/x86_64-pc-windows-msvc")).unwrap();
        fs::write(folder.path().join("binaries/x86_64-pc-windows-msvc/orgwarden.exe"), "MZ").unwrap();
        let release = Self { folder };
        release.pack("release");
        release
    }

    fn pack(&self, into: &str) {
        let mut command = Command::new(yaml::path("ci/package.sh"));
        command.current_dir(self.folder.path()).env("SOURCE_DATE_EPOCH", "1780000000").args(["binaries", into]);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("release").join(name)
    }

    /// A runner whose `curl` takes files from here and keeps the addresses it was asked for.
    fn runner(&self) -> Runner {
        let curl = "#!/bin/sh\n\
            while [ $# -gt 1 ]; do case $1 in --output) file=$2; shift ;; esac; shift; done\n\
            echo \"$1\" >> \"$RUNNER_TEMP/asked\"\n\
            exec cp \"$FROM/${1##*/}\" \"$file\"\n";
        Runner::new().program("curl", curl).with("FROM", self.folder.path().join("release"))
    }
}

fn asked(runner: &Runner) -> String {
    fs::read_to_string(runner.home.path().join("temp/asked")).unwrap_or_default()
}

#[test]
fn a_release_is_installed() {
    let release = Release::new();
    for (system, architecture, target) in
        [("Linux", "X64", TARGET), ("Linux", "ARM64", "aarch64-unknown-linux-musl"), ("macOS", "ARM64", "aarch64-apple-darwin")]
    {
        let runner = release.runner().with("RUNNER_OS", system).with("RUNNER_ARCH", architecture);
        let step = runner.step("install");
        assert!(step.code == 0 && step.log.contains(&format!("for {target}")), "{}", step.log);
        assert!(Path::new(step.path.trim_end()).join("orgwarden").is_file(), "{}", step.path);
        let version = env!("CARGO_PKG_VERSION");
        let folder = format!("https://github.example.com/acme/orgwarden/releases/download/v{version}");
        assert_eq!(asked(&runner), format!("{folder}/SHA256SUMS\n{folder}/orgwarden-{target}.tar.gz\n"));
    }
}

#[test]
fn another_version_and_another_place_can_be_named() {
    let release = Release::new();
    for (variable, value, wanted) in [
        ("ORGWARDEN_VERSION", "7.1.0", "https://github.example.com/acme/orgwarden/releases/download/v7.1.0/SHA256SUMS\n"),
        (
            "ORGWARDEN_VERSION",
            "v7.1.0-rc.1",
            "https://github.example.com/acme/orgwarden/releases/download/v7.1.0-rc.1/SHA256SUMS\n",
        ),
        ("ORGWARDEN_RELEASE_URL", "https://mirror.example.com/tools/", "https://mirror.example.com/tools/SHA256SUMS\n"),
    ] {
        let runner = release.runner().with(variable, value);
        let step = runner.step("install");
        assert!(step.code == 0 && asked(&runner).starts_with(wanted), "{} {}", asked(&runner), step.log);
    }
}

#[test]
fn what_is_not_of_the_release_is_not_installed() {
    let archive = format!("orgwarden-{TARGET}.tar.gz");
    let damage: [(&str, Harm, &str); 4] = [
        ("another archive", |release, archive| fs::write(release.path(archive), "PK").unwrap(), "is not the one of the release"),
        ("no archive", |release, archive| fs::remove_file(release.path(archive)).unwrap(), "cannot download"),
        ("no checksums", |release, _| fs::remove_file(release.path("SHA256SUMS")).unwrap(), "cannot download"),
        ("others' checksums", |release, _| fs::write(release.path("SHA256SUMS"), "<html>\n").unwrap(), "does not name"),
    ];
    for (what, harm, said) in damage {
        let release = Release::new();
        harm(&release, &archive);
        let step = release.runner().step("install");
        assert!(step.code == 2 && step.log.contains(said) && step.path.is_empty(), "{what}: {} {}", step.code, step.log);
    }
}

#[test]
fn what_cannot_be_installed_is_told() {
    let release = Release::new();
    for (variable, value, said) in [
        ("RUNNER_ARCH", "X86", "there is no release for Linux on X86"),
        ("ORGWARDEN_REPOSITORY", "", "the repository of this action is not known here"),
        ("ORGWARDEN_RELEASE_URL", "http://mirror.example.com", "release-url must begin with https://"),
        ("ORGWARDEN_VERSION", "1.0/../../..", "version must be a version such as 1.2.3"),
        ("ORGWARDEN_VERSION", "--help", "version must be a version such as 1.2.3"),
    ] {
        let runner = release.runner().with(variable, value);
        let step = runner.step("install");
        assert!(step.code == 2 && step.log.contains(said) && step.path.is_empty(), "{value}: {} {}", step.code, step.log);
        assert_eq!(asked(&runner), "", "{value}");
    }
}

/// `cargo` is played: what it is asked for, and that what it made is put on the path.
#[test]
fn the_source_is_built_where_that_is_asked_for() {
    let cargo = "#!/bin/sh\n\
        echo \"$@\"\n\
        while [ $# -gt 1 ]; do case $1 in --root) root=$2 ;; esac; shift; done\n\
        mkdir -p \"$root/bin\" && printf '#!/bin/sh\\necho built\\n' > \"$root/bin/orgwarden\" && chmod +x \"$root/bin/orgwarden\"\n";
    let step = Runner::new().program("cargo", cargo).with("ORGWARDEN_VERSION", "source").step("install");
    let path = format!("install --locked --path {}", yaml::path("").display());
    assert!(step.code == 0 && step.log.contains(&path) && step.log.contains("built\n"), "{}", step.log);
    assert!(step.path.ends_with("/bin\n"), "{}", step.path);

    let failing = Runner::new().program("cargo", "#!/bin/sh\nexit 101\n").with("ORGWARDEN_VERSION", "source").step("install");
    assert!(failing.code == 2 && failing.log.contains("orgwarden cannot be built"), "{}", failing.log);
}

#[test]
fn the_same_binaries_give_the_same_archives() {
    let release = Release::new();
    release.pack("again");
    let sums = |folder: &str| fs::read_to_string(release.folder.path().join(folder).join("SHA256SUMS")).unwrap();
    assert_eq!(sums("release"), sums("again"));
    let archive = format!("orgwarden-{TARGET}.tar.gz");
    let list = Command::new("tar").args(["-tzf"]).arg(release.path(&archive)).output().unwrap();
    let list = String::from_utf8(list.stdout).unwrap();
    let names: Vec<&str> = list.lines().filter_map(|line| line.strip_prefix("orgwarden-x86_64-unknown-linux-musl/")).collect();
    assert_eq!(names, ["", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "orgwarden"]);
}
