//! Files that are broken, hostile or not there: each is named, and everything else is still audited.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a panic is how a test fails")]

mod support;

use std::fs;
use std::io::Write as _;
use std::time::{Duration, Instant};

use support::{Project, column, component, connected_app, oauth};

/// A sound app beside the broken thing, which must be audited whatever happens.
fn beside_a_sound_app() -> Project {
    Project::new().file("Sound.connectedApp", connected_app(&oauth("")))
}

/// Audits the folder: the sound app is there, the exit code says incomplete. What was said, one a line.
fn incomplete(project: &Project) -> Vec<String> {
    let run = project.run(&["audit", "--format", "json", "--fail-on", "never", "--no-policy"]);
    let report = run.json();
    assert_eq!((run.code, report["summary"]["apps"].as_u64()), (3, Some(1)), "{}{}", run.out, run.err);
    assert_eq!(report["gaps"].as_array().unwrap().len(), 1, "{report:#}");
    let pretty = project.run(&["audit", "--fail-on", "never", "--no-policy"]);
    assert_eq!((pretty.code, pretty.diagnostics()), (3, run.diagnostics()), "every format says it");
    run.diagnostics()
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn what_is_no_readable_xml_is_told_with_its_place() {
    let app = connected_app(&oauth(""));
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(app.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let deep = "<a>".repeat(10_000) + &"</a>".repeat(10_000);
    let bomb = "<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>\n<ConnectedApp><label>&b;</label></ConnectedApp>";
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"<ConnectedApp>\n  <label>A</labl>\n</ConnectedApp>".to_vec(), "2:11: error: `</labl>` stands where `</label>` is due"),
        (app.as_bytes()[..app.len() - 16].to_vec(), "error: `<ConnectedApp>` is never closed"),
        (b"<ConnectedApp><label>R&D</label></ConnectedApp>".to_vec(), "1:23: error: an `&` stands alone (write `&amp;`)"),
        (utf16, "1:1: error: the file is UTF-16 (little endian), not UTF-8 (save the file as UTF-8)"),
        (b"<ConnectedApp><label>Caf\xE9</label></ConnectedApp>".to_vec(), "error: the file is not UTF-8: byte 0xE9 at offset 24"),
        (bomb.as_bytes().to_vec(), "1:1: error: there is a DOCTYPE, which is not read (metadata has no DOCTYPE; remove it)"),
        (format!("<ConnectedApp>{deep}</ConnectedApp>").into_bytes(), "error: elements are nested more than"),
        (Vec::new(), "1:1: error: the file is empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n".to_vec(), "1:1: error: the file is a Git LFS pointer"),
        (b"<<<<<<< HEAD\n<ConnectedApp/>\n".to_vec(), "1:1: error: there is an unresolved merge conflict"),
    ];
    for (content, said) in cases {
        let diagnostics = incomplete(&beside_a_sound_app().file("apps/Broken.connectedApp", content));
        assert!(diagnostics[0].starts_with("apps/Broken.connectedApp:"), "{diagnostics:?}");
        assert!(diagnostics[0].contains(said), "{said}: {diagnostics:?}");
    }
}

#[test]
fn a_huge_file_is_refused_by_its_size_alone() {
    let project = beside_a_sound_app();
    fs::File::create(project.path("Huge.connectedApp")).unwrap().set_len(4 << 30).unwrap();
    let started = Instant::now();
    assert_eq!(incomplete(&project), ["Huge.connectedApp:1:1: error: cannot be read: it is larger than 64 MiB"]);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[test]
fn a_folder_with_the_name_of_an_app_is_told_and_walked() {
    let project = Project::new().file("Folder.connectedApp-meta.xml/Sound.connectedApp", connected_app(""));
    let diagnostics = incomplete(&project);
    assert_eq!(
        diagnostics,
        [
            "Folder.connectedApp-meta.xml:1:1: error: is not a file, although its name is that of an app's file (rename it, or put the file back that was here)"
        ]
    );
}

// Zips

#[test]
fn a_zip_bomb_is_refused_by_name() {
    let zeros = vec![b' '; 80 << 20];
    let project = beside_a_sound_app()
        .file("bomb.zip", zipped(&[("A.connectedApp", &zeros), ("B.connectedApp", connected_app("").as_bytes())]));
    let run = project.run(&["inventory", "Sound.connectedApp", "bomb.zip", "--format", "json"]);
    assert_eq!((run.code, run.json()["apps"].as_array().unwrap().len()), (3, 2), "{}", run.err);
    assert!(run.diagnostics()[0].starts_with("bomb.zip/A.connectedApp:1:1: error: "), "{}", run.err);
}

#[test]
fn a_zip_that_leads_out_of_itself_is_refused_by_name() {
    let app = connected_app("");
    let files: Vec<(&str, &[u8])> = vec![
        ("../Evil.connectedApp", app.as_bytes()),
        ("/abs/Evil.connectedApp", app.as_bytes()),
        ("ok/Good.connectedApp", app.as_bytes()),
    ];
    let project = Project::new().file("package.zip", zipped(&files));
    let run = project.run(&["inventory", "package.zip", "--format", "json"]);
    assert_eq!((run.code, column(&run.json()["apps"], "name")), (3, vec!["Good"]));
    assert_eq!(run.diagnostics().len(), 2, "{}", run.err);
}

#[test]
fn a_zip_that_is_cut_off_or_none_is_told() {
    let whole = zipped(&[("A.connectedApp", connected_app("").as_bytes())]);
    let project = beside_a_sound_app().file("cut.zip", &whole[..whole.len() - 30]).file("none.zip", "hello");
    let run = project.run(&["inventory", "cut.zip", "none.zip", "Sound.connectedApp", "--format", "json"]);
    assert_eq!((run.code, column(&run.json()["apps"], "name")), (3, vec!["Sound"]));
    assert_eq!(run.diagnostics().len(), 2, "{}", run.err);
}

// The file system

#[cfg(unix)]
mod links_and_names {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_broken_link_is_told_where_its_name_is_that_of_an_app() {
        let project = beside_a_sound_app();
        symlink("nowhere", project.path("Linked.connectedApp")).unwrap();
        symlink("nowhere", project.path("README.md")).unwrap();
        let diagnostics = incomplete(&project);
        assert!(diagnostics[0].starts_with("Linked.connectedApp:1:1: error: cannot be read: No such file"), "{diagnostics:?}");
    }

    #[test]
    fn a_loop_of_links_ends() {
        let project = beside_a_sound_app().file("a/b/c.txt", "");
        symlink(project.path(""), project.path("a/b/up")).unwrap();
        let diagnostics = incomplete(&project);
        assert!(diagnostics[0].starts_with("a/b/up:1:1: error: is a symbolic link to a folder that holds it"), "{diagnostics:?}");
    }

    #[test]
    fn a_linked_app_is_read() {
        let project = Project::new().file("elsewhere/real.txt", connected_app("")).file("app/x.txt", "");
        symlink(project.path("elsewhere/real.txt"), project.path("app/Linked.connectedApp")).unwrap();
        assert_eq!(project.app()["name"], "Linked");
    }

    #[test]
    fn names_that_are_not_utf8_do_not_vanish() {
        let project = beside_a_sound_app();
        for byte in [0xFFu8, 0xFE] {
            let name = [b"App", &[byte][..], b".connectedApp"].concat();
            fs::write(project.path("").join(OsStr::from_bytes(&name)), connected_app("")).unwrap();
        }
        assert_eq!(column(&serde_json::json!(project.apps()), "name"), ["App\u{fffd}", "App\u{fffd}", "Sound"]);
    }

    #[test]
    fn a_file_nobody_may_read_is_told() {
        let project = beside_a_sound_app().file("Locked.connectedApp", connected_app(""));
        let locked = project.path("Locked.connectedApp");
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
        if fs::read(&locked).is_ok() {
            // The superuser reads everything, so that there is nothing to see here.
            writeln!(std::io::stderr(), "skipped: this user reads files whatever their permissions").unwrap();
            return;
        }
        let diagnostics = incomplete(&project);
        assert!(diagnostics[0].starts_with("Locked.connectedApp:1:1: error: cannot be read: Permission denied"), "{diagnostics:?}");
    }

    #[test]
    fn hostile_names_never_reach_a_terminal_as_they_are() {
        let label = "\u{202e}<script>alert(1)</script>&#10;::error::x=HYPERLINK";
        let escaped = component(
            "ConnectedApp",
            &format!("<label>{}</label><profileName>\u{9b}31m</profileName>", label.replace('<', "&lt;")),
        );
        let project = Project::new()
            .file("\u{1b}[31mRed\nline\u{7}.connectedApp", &escaped)
            .file("Un\u{1b}known.connectedApp", connected_app("<brand\u{200b}New/><label>\u{202e}x</label>"))
            .file(".forceignore", "Left*\n")
            .file("Left\u{1b}.connectedApp", "");
        let runs: [&[&str]; 9] = [
            &["audit", "--fail-on", "never"],
            &["audit", "--fail-on", "never", "--format", "table"],
            &["audit", "--fail-on", "never", "--format", "sarif"],
            &["audit", "--fail-on", "never", "--format", "json"],
            &["inventory"],
            &["inventory", "--format", "csv"],
            &["inventory", "--format", "json"],
            &["facts", "*", "--elements"],
            &["facts", "no\u{1b}such"],
        ];
        for args in runs {
            let run = project.run(args);
            let json = args.contains(&"json") || args.contains(&"sarif");
            for (stream, text) in [("out", &run.out), ("err", &run.err)] {
                let harmful = |c: char| {
                    (c.is_control() && !matches!(c, '\n' | '\r')) || (!(json && stream == "out") && "\u{202e}\u{200b}".contains(c))
                };
                let found: Vec<&str> = text.lines().filter(|line| line.contains(harmful)).collect();
                assert!(found.is_empty(), "{args:?} {stream}: {found:#?}");
            }
        }
    }
}

// Secrets

#[test]
fn credentials_are_shown_in_no_output_even_beside_a_mistake() {
    let secret = "S3CR3TS3CR3TS3CR3T";
    let line = |elements: &str| component("ConnectedApp", &oauth(elements));
    let cases = [
        line(&format!("<consumerSecret>{secret}</consumerSecret><scopes>Ful</scopes>")),
        line(&format!("<consumerSecret>{secret}&x</consumerSecret>")),
        line(&format!("<consumerSecrt>{secret}</consumerSecrt>")),
        line(&format!("<!-- <consumerSecret>{secret}</consumerSecret> --><brandNew/>")),
        line(&format!("<consumerSecret><![CDATA[{secret}]]></consumerSecret><brandNew/>")),
        line(&format!("<consumerSecret>\n{secret}\n<scopes>Api</scopes>")),
        line(&format!("<consumerKey>3MVG9abc{secret}</consumerKey><brandNew/>")),
    ];
    for app in cases {
        let project = Project::new()
            .file("A.connectedApp", &app)
            .file("orgwarden.yaml", "contracts:\n  - app: A\n    permitted-users: admin-approved\n");
        let runs: [&[&str]; 7] = [
            &["audit"],
            &["audit", "--format", "table"],
            &["audit", "--format", "json"],
            &["audit", "--format", "sarif"],
            &["inventory", "--format", "json"],
            &["inventory", "--format", "csv"],
            &["facts", "*", "--elements", "--format", "json"],
        ];
        for args in runs {
            let run = project.run(args);
            assert!(!run.out.contains("S3CR3T") && !run.err.contains("S3CR3T"), "{args:?} of {app}:\n{}{}", run.out, run.err);
        }
    }
}
