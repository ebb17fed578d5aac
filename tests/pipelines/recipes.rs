//! The recipes of `docs/ci/`: their files are valid, and the program takes every command line in them, and in the rest of the documentation.

use std::fs;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::lints::actionlint;
use super::support::PROGRAM;
use super::{tools, yaml};

/// A block of code in a page. The info string is a language and, of whole files, their name.
struct Block {
    page: String,
    language: String,
    file: Option<String>,
    text: String,
}

fn pages(folder: &str) -> Vec<String> {
    let mut found: Vec<String> = fs::read_dir(yaml::path(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap()))
        .collect();
    found.sort();
    found
}

fn blocks(page: &str) -> Vec<Block> {
    let text = yaml::text(page);
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let (language, file) = info.split_once(' ').map_or((info, None), |(language, file)| (language, Some(file.to_owned())));
        let code: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        found.push(Block { page: page.to_owned(), language: language.to_owned(), file, text: code.join("\n") + "\n" });
    }
    found
}

fn recipes() -> Vec<Block> {
    pages("docs/ci").iter().flat_map(|page| blocks(page)).collect()
}

#[test]
fn every_service_has_a_whole_file() {
    let files: Vec<String> = recipes().into_iter().filter_map(|block| block.file).collect();
    let wanted = [
        ".pre-commit-config.yaml",
        "azure-pipelines.yml",
        "bitbucket-pipelines.yml",
        ".github/workflows/orgwarden.yml",
        ".gitlab-ci.yml",
        "Jenkinsfile",
    ];
    assert_eq!(files, wanted);
    for page in pages("docs/ci") {
        let text = yaml::text(&page);
        for code in 0..4 {
            assert!(text.contains(&format!("\n| {code} | ")), "{page} does not say what exit code {code} means");
        }
    }
}

#[test]
fn files_are_what_their_schemas_say() {
    let folder = TempDir::new().unwrap();
    for block in recipes().iter().filter(|block| block.language == "yaml") {
        yaml::parse(&block.text);
        let Some(file) = &block.file else { continue };
        let schema = match file.as_str() {
            ".gitlab-ci.yml" => "vendor.gitlab-ci",
            "azure-pipelines.yml" => "vendor.azure-pipelines",
            "bitbucket-pipelines.yml" => "vendor.bitbucket-pipelines",
            ".pre-commit-config.yaml" => "",
            workflow if workflow.starts_with(".github/workflows/") => "vendor.github-workflows",
            other => panic!("no schema for {other}"),
        };
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // A commit in place of the placeholder, so that nothing is said of that.
        fs::write(&path, block.text.replace("REF", "0123456789abcdef0123456789abcdef01234567")).unwrap();
        let file = path.to_str().unwrap();
        if schema.is_empty() {
            if let Some(pre_commit) = tools::find("pre-commit") {
                tools::lint(folder.path(), &pre_commit, &["validate-config", file]);
            }
        } else if let Some(check) = tools::find("check-jsonschema") {
            tools::lint(folder.path(), &check, &["--builtin-schema", schema, "--regex-variant", "nonunicode", file]);
        }
        if schema == "vendor.github-workflows" {
            actionlint(&block.text);
            if let Some(zizmor) = tools::find("zizmor") {
                tools::lint(folder.path(), &zizmor, &["--offline", "--no-progress", "--quiet", file]);
            }
        }
    }
}

/// Scripts that people paste into their pipelines have no trap either.
#[test]
fn scripts_have_no_trap() {
    let Some(shellcheck) = tools::find("shellcheck") else { return };
    let folder = TempDir::new().unwrap();
    for (index, block) in recipes().iter().enumerate() {
        let scripts = match block.language.as_str() {
            "sh" => vec![block.text.clone()],
            "yaml" => texts_of_scripts(&yaml::parse(&block.text)),
            _ => continue,
        };
        for (number, script) in scripts.iter().enumerate() {
            let name = format!("{index}-{number}.sh");
            fs::write(folder.path().join(&name), script).unwrap();
            // 2154: the service sets variables. 2164: they all stop at the first command that fails.
            tools::lint(folder.path(), &shellcheck, &["--shell", "bash", "--exclude", "SC2154,SC2164", &name]);
        }
    }
}

/// The keys under which services take scripts.
fn texts_of_scripts(document: &Value) -> Vec<String> {
    let is_script = |key: &str| ["run", "bash", "script", "after-script"].contains(&key);
    yaml::strings(document).into_iter().filter(|(key, _)| is_script(key)).map(|(_, text)| text).collect()
}

#[test]
fn the_program_takes_every_command_line() {
    let mut count = 0;
    for block in recipes() {
        let commands = match block.language.as_str() {
            "yaml" => {
                let document = yaml::parse(&block.text);
                let mut commands: Vec<Vec<String>> = texts_of_scripts(&document).iter().flat_map(|text| in_script(text)).collect();
                commands.extend(of_the_action(&document));
                commands.extend(of_hooks(&document));
                commands
            }
            "groovy" => in_groovy(&block.text),
            _ => in_script(&block.text),
        };
        count += commands.len();
        for command in &commands {
            is_taken(&block.page, command);
        }
    }
    assert!(count > 15, "{count} command lines");
    let template = yaml::file("ci/gitlab/orgwarden.gitlab-ci.yml");
    for script in texts_of_scripts(&template) {
        let script = script.replace("$ORGWARDEN_ARGS", "--fail-on high");
        for command in in_script(&script) {
            is_taken("the template for GitLab", &command);
        }
    }
}

#[test]
fn the_program_takes_every_command_line_of_the_other_pages() {
    let mut count = 0;
    for page in pages("docs").iter().map(String::as_str).chain(["README.md"]) {
        for block in blocks(page).iter().filter(|block| ["", "sh"].contains(&block.language.as_str())) {
            let commands = in_script(&block.text);
            count += commands.len();
            for command in &commands {
                is_taken(page, command);
            }
        }
    }
    assert!(count > 50, "{count} command lines");
}

/// Hands a command line to the program with `--help` behind it: options and values are looked at up to there, and nothing is done.
fn is_taken(page: &str, command: &[String]) {
    let output = Command::new(PROGRAM).args(command).arg("--help").output().unwrap();
    assert!(output.status.success(), "{page}: orgwarden {}\n{}", command.join(" "), String::from_utf8_lossy(&output.stderr));
}

/// The arguments of each call of the program in a shell script.
fn in_script(script: &str) -> Vec<Vec<String>> {
    script.replace("\\\n", " ").lines().filter_map(in_line).collect()
}

/// The words after `orgwarden` up to what is not of its command line any more. What variables stand for does not matter.
fn in_line(line: &str) -> Option<Vec<String>> {
    let words = words(line, true);
    let is_program = |word: &String| word == "orgwarden" || word == "./orgwarden";
    let start = words.iter().position(is_program)?;
    // `cargo run … orgwarden`, `command -v orgwarden`: the program is what begins a command.
    let begins = start == 0 || ["|", "||", "&&", ";", "(", "$", "-"].contains(&words[start - 1].as_str());
    let ends = |word: &String| ["|", "||", "&&", ";", ")", ">", ">>", "&", "2>"].contains(&word.as_str());
    begins.then(|| words[start + 1..].iter().take_while(|word| !ends(word)).cloned().collect())
}

/// Words as a shell makes them, operators by themselves, without comments. `shell: false` is what the action does: no operators.
fn words(text: &str, shell: bool) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let (mut word, mut inside, mut quote) = (String::new(), false, None);
    for character in text.chars().chain(['\n']) {
        match quote {
            Some(open) if character == open => quote = None,
            Some(_) => word.push(character),
            None if character == '\'' || character == '"' => (quote, inside) = (Some(character), true),
            None if character == '#' && shell && !inside => break,
            None if character.is_whitespace() || (shell && "|&;()".contains(character)) => {
                if inside {
                    found.push(std::mem::take(&mut word));
                }
                inside = false;
                if !character.is_whitespace() {
                    match found.last_mut() {
                        Some(last) if !inside && (last == "|" || last == "&") && last.starts_with(character) => {
                            last.push(character);
                        }
                        _ => found.push(character.to_string()),
                    }
                }
            }
            None => {
                word.push(character);
                inside = true;
            }
        }
    }
    found
}

/// What the script of the action makes of the inputs of each step that uses it.
fn of_the_action(document: &Value) -> Vec<Vec<String>> {
    let known = yaml::file("action.yml");
    let is_list = document.is_array();
    let jobs: Vec<&Value> = if is_list { Vec::new() } else { yaml::entries(&document["jobs"]).map(|(_, job)| job).collect() };
    let steps = jobs.iter().flat_map(|job| yaml::items(&job["steps"]));
    let mut commands = Vec::new();
    for step in steps.filter(|step| step["uses"].as_str().is_some_and(|action| action.starts_with("OWNER/orgwarden@"))) {
        for (input, _) in yaml::entries(&step["with"]) {
            assert!(known["inputs"][input].is_object(), "the action has no input {input}");
        }
        let input = |name: &str| step["with"][name].as_str().or(known["inputs"][name]["default"].as_str()).unwrap();
        if input("command") != "install" {
            let mut command = vec![input("command").to_owned()];
            command.extend(words(input("args"), false));
            command.extend(["--format".to_owned(), input("format").to_owned()]);
            command.extend(input("paths").lines().map(str::to_owned));
            commands.push(command);
        }
    }
    commands
}

/// What pre-commit runs for each hook of its configuration.
fn of_hooks(document: &Value) -> Vec<Vec<String>> {
    let hooks = if document.is_array() { &Value::Null } else { &document["repos"][0]["hooks"] };
    let arguments = |hook: &Value| yaml::items(&hook["args"]).iter().map(|it| it.as_str().unwrap().to_owned()).collect::<Vec<_>>();
    yaml::items(hooks).iter().map(|hook| [vec!["audit".to_owned()], arguments(hook)].concat()).collect()
}

/// What the `Jenkinsfile` hands to its function of the program's name.
fn in_groovy(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("orgwarden('")?.strip_suffix("')"))
        .map(|text| words(text, true))
        .collect()
}

/// A link to a file that is not there helps nobody.
#[test]
fn links_lead_somewhere() {
    for page in pages("docs/ci") {
        let folder = yaml::path(&page).parent().unwrap().to_owned();
        for link in yaml::text(&page).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap();
            assert!(link.starts_with("https://") || path.is_empty() || folder.join(path).exists(), "{page}: {link}");
        }
    }
}
