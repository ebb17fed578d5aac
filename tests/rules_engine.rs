//! The rules engine from outside: what a rule file may say, how its mistakes are told, and how rules judge.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)] // a panic is how a test fails

use std::fmt::Write as _;

use insta::assert_snapshot;
use orgwarden::finding::{Preset, Severity};
use orgwarden::inventory::{Fact, Origin};
use orgwarden::rules::schema::{SourceKind, SubjectKind};
use orgwarden::rules::test::{Outcome, run};
use orgwarden::rules::value::{FactSet, Item, Value};
use orgwarden::rules::{
    Judgement, Message, Rule, RuleSet, Verdict, builtin, builtin_files, check, json_schema, judge, load, why_not, with_stack,
};
use orgwarden::source::yaml::{Spanned, locate, locate_within, parse};
use orgwarden::source::{Location, SourceText, Span};

/// A sound rule; tests replace one line of it.
const SOUND: &str = r#"id: example-rule
title: An example
severity: high
effect: unsafe
applies-to: app
why: Because.
when: app.oauth.configured
check: app.enabled
message: "{app.label} is off"
remediation: { setup: Switch it on. }
controls: { cwe: [CWE-1] }
references: ["https://example.com/"]
examples:
  - name: off
    facts: { app.oauth.configured: true }
    verdict: fail
  - name: on
    facts: { app.oauth.configured: true, app.enabled: true }
    verdict: pass
"#;

/// [`SOUND`] with the line of `key` replaced.
fn with(key: &str, line: &str) -> String {
    let lines = SOUND.lines().map(|sound| if sound.starts_with(&format!("{key}:")) { line } else { sound });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn load_one(text: &str) -> (Vec<Rule>, String) {
    let file = SourceText::new("mine/example-rule.yaml", text);
    let (RuleSet { rules, .. }, diagnostics) = load([file], &RuleSet::default());
    let mut told = String::new();
    for diagnostic in diagnostics {
        let location = diagnostic.location.as_ref().unwrap();
        let quoted = location.text().map_or("", |text| text.slice(location.span()));
        writeln!(told, "{}:{} [{quoted}] {}", location.position().line, location.position().column, diagnostic.title).unwrap();
        if let Some(help) = diagnostic.help {
            writeln!(told, "    {help}").unwrap();
        }
    }
    (rules, told)
}

fn mistakes(text: &str) -> String {
    let (rules, told) = load_one(text);
    assert!(rules.is_empty(), "the rule was accepted");
    told
}

/// The mistakes of a rule with this check.
fn check_mistakes(check: &str) -> String {
    mistakes(&with("check", &format!("check: {check:?}")))
}

fn sound(text: &str) -> Rule {
    let (mut rules, told) = load_one(text);
    assert_eq!(told, "");
    rules.remove(0)
}

fn accepts(check: &str) {
    sound(&with("check", &format!("check: {check:?}")));
}

#[test]
fn a_sound_file_becomes_a_rule() {
    let rule = sound(SOUND);
    assert_eq!((rule.id(), rule.info().category.as_str()), ("example-rule", "mine"));
    assert_eq!(rule.info().severity, Severity::High);
    assert_eq!(rule.applies_to(), SubjectKind::App);
    assert_eq!(rule.facts().into_iter().collect::<Vec<_>>(), ["app.enabled", "app.oauth.configured"]);
    assert_eq!(rule.evidence().iter().map(|spec| spec.fact).collect::<Vec<_>>(), ["app.enabled"]);
}

#[test]
fn a_rule_without_a_preset_is_recommended() {
    assert_eq!(sound(SOUND).info().preset, Preset::Recommended);
    let strict = sound(&SOUND.replace("effect:", "preset: strict\ntags: [pkce]\neffect:"));
    assert_eq!((strict.info().preset, &strict.info().tags[..]), (Preset::Strict, &["pkce".to_owned()][..]));
}

#[test]
fn why_a_rule_does_not_apply_is_the_part_of_its_condition_that_is_false() {
    for (when, reason) in [
        ("app.oauth.configured", "`app.oauth.configured` is false"),
        ("app.enabled && app.oauth.configured && app.label == 'x'", "`app.oauth.configured` is false, `app.label == 'x'` is false"),
        ("(app.enabled && (app.label == '' && app.name != ''))", "`app.name != ''` is false"),
        ("app.enabled && (app.oauth.configured || app.label == '&&')", "`app.oauth.configured || app.label == '&&'` is false"),
        ("app.oauth.configured || (app.enabled && false)", "`app.oauth.configured || (app.enabled && false)` is false"),
        ("app.enabled ? app.oauth.configured && true : true", "`app.enabled ? app.oauth.configured && true : true` is false"),
    ] {
        let rule = sound(&with("when", &format!("when: {when:?}")).replace("check: app.enabled", "check: app.contact_email != ''"));
        let facts = sound(&SOUND.replace("app.oauth.configured: true, app.enabled", "app.enabled")).examples()[1].facts();
        assert_eq!(why_not(&rule, None, &facts), reason);
    }
    let for_orgs = sound(&SOUND.replace("applies-to: app\n", "applies-to: app\nsource: org\n"));
    assert_eq!(why_not(&for_orgs, Some(SourceKind::Files), &for_orgs.examples()[0].facts()), "it is for live orgs");
}

#[test]
fn words_for_presets_and_tags_are_known_ones() {
    assert_snapshot!(mistakes(&SOUND.replace("effect:", "preset: stric\ntags: [pkce, refresh-token-rotatoin]\neffect:")), @r#"
    4:9 [stric] unknown preset `stric`
        did you mean `strict`?
    5:14 [refresh-token-rotatoin] unknown tag `refresh-token-rotatoin`
        did you mean `refresh-token-rotation`?
    "#);
}

mod manual_checks {
    use super::*;

    const MANUAL: &str = r"id: example-rule
title: Apps may be created
severity: low
effect: unsafe
applies-to: org
why: Nobody reviews them.
manual:
  where: Setup > App Manager
  look-at: The button.
  right: There is none.
";

    fn load_manual(text: &str) -> (RuleSet, Vec<String>) {
        let (set, diagnostics) = load([SourceText::new("mine/example-rule.yaml", text)], &RuleSet::default());
        (set, diagnostics.into_iter().map(|diagnostic| diagnostic.title).collect())
    }

    #[test]
    fn is_no_rule() {
        let (set, told) = load_manual(MANUAL);
        assert_eq!((set.rules.len(), set.manual.len(), told.len()), (0, 1, 0));
        let check = &set.manual[0];
        assert_eq!((check.applies_to, check.steps.place.as_str()), (SubjectKind::Org, "Setup > App Manager"));
        assert!(check.info.remediation.is_nothing());
    }

    #[test]
    fn says_where_to_look_at_what_and_what_is_right() {
        assert_eq!(load_manual(&MANUAL.replace("  right: There is none.\n", "")).1, ["the key `right` is missing"]);
        assert_eq!(load_manual(&MANUAL.replace("The button.", "' '")).1, ["`look-at` is empty"]);
    }

    #[test]
    fn evaluates_nothing() {
        for line in
            ["check: \"true\"", "when: \"true\"", "message: text", "source: org", "evidence: [{ fact: org.oauth.pkce_required }]"]
        {
            let (key, _) = line.split_once(':').unwrap();
            let (set, told) = load_manual(&format!("{MANUAL}{line}\n"));
            assert_eq!((set.manual.len(), told), (0, vec![format!("`{key}` has no use beside `manual`: nothing is evaluated")]));
        }
    }

    #[test]
    fn without_it_a_rule_needs_a_condition_a_message_and_a_remedy() {
        let (start, _) = MANUAL.split_once("manual:").unwrap();
        let missing = ["remediation", "check", "message"].map(|key| format!("the key `{key}` is missing"));
        let (_, told) = load_manual(start);
        for missing in missing {
            assert!(told.contains(&missing), "{told:?}");
        }
    }

    #[test]
    fn takes_an_id_like_a_rule() {
        let twice = [SourceText::new("a/example-rule.yaml", SOUND), SourceText::new("b/example-rule.yaml", MANUAL)];
        let (set, diagnostics) = load(twice, &RuleSet::default());
        assert_eq!((set.rules.len(), set.manual.len()), (1, 0));
        assert_eq!(diagnostics[0].location.as_ref().unwrap().to_string(), "b/example-rule.yaml:1:5");
    }
}

mod mistakes_in_conditions {
    use super::*;

    #[test]
    fn names() {
        assert_snapshot!(check_mistakes("app.oath.scopes.size() > 0"), @r#"
        8:13 [oath] there is no fact `app.oath`
            did you mean `oauth`?
        "#);
        assert_snapshot!(check_mistakes("'api' in app.oauth.scope"), @r#"
        8:28 [scope] there is no fact `app.oauth.scope`
            did you mean `scopes`?
        "#);
        assert_snapshot!(check_mistakes("ap.enabled"), @r#"
        8:9 [ap] there is no `ap`
            did you mean `app`?
        "#);
        assert_snapshot!(check_mistakes("part.type == 'x'"), @r#"
        8:9 [part] this rule is about something else and has no `part`
            it can read: app, org, contract; `part` is for rules with `applies-to: orphan-part`
        "#);
        assert_snapshot!(check_mistakes("app.oauth.callbacks.exists(c, c.cleartext)"), @r#"
        8:41 [cleartext] the elements have no field `cleartext`
            did you mean `clear_text`?
        "#);
        assert_snapshot!(check_mistakes("app.label.startswith('x')"), @r#"
        8:19 [startswith] there is no function `startswith`
            did you mean `startsWith`?
        "#);
        assert_snapshot!(check_mistakes("app.tokens.scopes == ['api']"), @r#"
        8:20 [scopes] there is no fact `app.tokens.scopes`
            did you mean `app.oauth.scopes`?
        "#);
        assert_snapshot!(check_mistakes("app.oauth"), @r#"
        8:9 [app.oauth] `app.oauth` is a group of facts, not a value
            it has: configured, scopes, declared_scopes, unknown_scopes, custom_scopes, consumer_secret, consumer_key_shared_with, callbacks, redirects
        "#);
    }

    #[test]
    fn types() {
        assert_snapshot!(check_mistakes("app.label > 3"), @r#"
        8:19 [>] one side is a text, the other a number
        "#);
        assert_snapshot!(check_mistakes("app.label"), @r#"
        8:9 [app.label] a condition must be true or false; this is a text
        "#);
        assert_snapshot!(check_mistakes("app.enabled && app.label"), @r#"
        8:24 [app.label] this must be true or false; it is a text
        "#);
        assert_snapshot!(check_mistakes("app.oauth.scopes == 'api'"), @r#"
        8:26 [==] one side is a list of texts, the other a text
        "#);
        assert_snapshot!(check_mistakes("app.oauth.scopes.contains('api')"), @r#"
        8:9 [app.oauth.scopes] `contains` needs a text; it has a list of texts
            to look for an element, use `… in LIST`
        "#);
        assert_snapshot!(check_mistakes("'x' in app.label"), @r#"
        8:13 [in] `in` needs a list on its right; it has a text
            to look into a text, use `TEXT.contains("…")`
        "#);
        assert_snapshot!(check_mistakes("3 in app.oauth.scopes"), @r#"
        8:11 [in] a list of texts never holds a number
        "#);
        assert_snapshot!(check_mistakes("app.oauth.callbacks.url == 'x'"), @r#"
        8:29 [url] a list of objects has no fields, so no `url`
            look at its elements: `.exists(x, …)`, `.all(x, …)`
        "#);
        assert_snapshot!(check_mistakes("app.label.exists(c, c == 'x')"), @r#"
        8:9 [app.label] this needs a list; it has a text
        "#);
        assert_snapshot!(check_mistakes("app.enabled ? app.label : 3"), @r#"
        8:21 [?] one side is a text, the other a number
        "#);
        assert_snapshot!(check_mistakes("app.kind < 'x'"), @r#"
        8:18 [<] only numbers and dates have an order; this is a text
        "#);
    }

    #[test]
    fn words_of_closed_lists() {
        assert_snapshot!(check_mistakes("app.kind == 'connectedapp'"), @r#"
        8:21 ['connectedapp'] this is never "connectedapp"
            did you mean `connected-app`?
        "#);
        assert_snapshot!(check_mistakes("'x' == app.kind"), @r#"
        8:9 ['x'] this is never "x"
            it can be one of: connected-app, external-client-app
        "#);
        assert_snapshot!(check_mistakes("app.access.permitted_users in ['admin-approved', 'self-authorise']"), @r#"
        8:58 ['self-authorise'] this is never "self-authorise"
            did you mean `self-authorize`?
        "#);
        assert_snapshot!(check_mistakes("'jwt' in app.flows.used"), @r#"
        8:9 ['jwt'] this is never "jwt"
            it can be one of: web-server, user-agent, jwt-bearer, saml-bearer, saml-assertion, refresh-token, device, username-password, client-credentials, token-exchange, code-credentials, hybrid-web-server, hybrid-user-agent, hybrid-refresh, asset-token
        "#);
        assert_snapshot!(check_mistakes("app.flows.used.exists(f, f == 'web_server')"), @r#"
        8:39 ['web_server'] this is never "web_server"
            did you mean `web-server`?
        "#);
        assert_snapshot!(check_mistakes("app.certificates.all(c, c.role != 'auth')"), @r#"
        8:43 ['auth'] this is never "auth"
            did you mean `oauth`?
        "#);
    }

    #[test]
    fn scopes() {
        assert_snapshot!(check_mistakes("'RefreshToken' in app.oauth.scopes"), @r#"
        8:9 ['RefreshToken'] "RefreshToken" is not the OAuth name of this scope
            conditions use the OAuth name: `refresh_token`
        "#);
        assert_snapshot!(check_mistakes("'refresh-token' in app.oauth.scopes"), @r#"
        8:9 ['refresh-token'] no scope is called "refresh-token"
            did you mean `refresh_token`?
        "#);
        assert_snapshot!(check_mistakes("app.oauth.scopes.all(s, s in ['api', 'offline_access'])"), @r#"
        8:46 ['offline_access'] "offline_access" is not the OAuth name of this scope
            conditions use the OAuth name: `refresh_token`
        "#);
        accepts("'refresh_token' in app.oauth.scopes");
        accepts("'our_warehouse' in app.oauth.scopes");
        accepts("'RefreshToken' in app.oauth.declared_scopes");
    }

    #[test]
    fn optional_facts_must_be_asked_for() {
        assert_snapshot!(check_mistakes("app.tokens.refresh_days < 90"), @r#"
        8:20 [refresh_days] `app.tokens.refresh_days` may be absent
            ask `has(app.tokens.refresh_days)` first
        "#);
        assert_snapshot!(check_mistakes("app.certificates.all(c, c.days_left > 30)"), @r#"
        8:35 [days_left] `c.days_left` may be absent
            ask `has(c.days_left)` first
        "#);
        assert_snapshot!(check_mistakes("has(app.label)"), @r#"
        8:17 [label] `has()` asks nothing here: `app.label` is always there
        "#);
        assert_snapshot!(check_mistakes("has(app.oauth)"), @r#"
        8:17 [oauth] `has()` asks nothing here: `app.oauth` is always there
        "#);
        accepts("has(app.tokens.refresh_days) && app.tokens.refresh_days < 90");
        accepts("app.certificates.all(c, !has(c.days_left) || c.days_left > 30)");
        let guarded_in_when = with("check", "check: app.tokens.refresh_days < 90");
        sound(&guarded_in_when.replace("when: app.oauth.configured", "when: app.oauth.configured && has(app.tokens.refresh_days)"));
    }

    #[test]
    fn what_conditions_do_not_support() {
        assert_snapshot!(check_mistakes("app.enabled == null"), @r#"
        8:24 [null] conditions have no `null`
            ask `has()` whether an optional fact is there
        "#);
        assert_snapshot!(check_mistakes("app.label == {'a': 1}"), @r#"
        8:22 [{] conditions do not support map literals
        "#);
        assert_snapshot!(check_mistakes("app.access.profiles[0] == 'x'"), @r#"
        8:28 [[] conditions do not support indexing of lists
            look at the elements: `.exists(x, …)`, `.all(x, …)`
        "#);
        assert_snapshot!(check_mistakes("size(app.label) > 1.5"), @r#"
        8:27 [1.5] conditions do not support fractional numbers
        "#);
        assert_snapshot!(check_mistakes("size(app.label) > 1u"), @r#"
        8:27 [1u] conditions do not support unsigned numbers
        "#);
        assert_snapshot!(check_mistakes("size(app.label) / 2 > 1"), @r#"
        8:25 [/] conditions do not support division
        "#);
        assert_snapshot!(check_mistakes("app.?label == 'x'"), @"8:12 [.] the condition cannot be read: `.?` is unexpected here");
        assert_snapshot!(check_mistakes("timestamp('2026-01-01') > timestamp('2026-01-01')"), @r#"
        8:9 [timestamp] there is no function `timestamp`
            there are: has, size, exists, all, exists_one, filter, map, startsWith, endsWith, contains, matches, lowerAscii
        8:35 [timestamp] there is no function `timestamp`
            there are: has, size, exists, all, exists_one, filter, map, startsWith, endsWith, contains, matches, lowerAscii
        "#);
        assert_snapshot!(check_mistakes("app.access.profiles.exists(p)"), @r#"
        8:29 [exists] `exists` is not written like this
            it is written `LIST.exists(x, CONDITION)`
        "#);
        assert_snapshot!(check_mistakes("app.access.profiles.exists(app, true)"), @r#"
        8:29 [exists] `app` is already the name of a group of facts
            use another name for the element
        "#);
        assert_snapshot!(
            check_mistakes("app.urls.all(a, app.urls.all(b, app.urls.all(c, a.url == b.url && b.url == c.url)))"),
            @r#"
        8:50 [all] more than 2 nested loops over lists
        "#
        );
    }

    #[test]
    fn patterns() {
        assert_snapshot!(check_mistakes("app.name.matches('[a-')"), @r#"
        8:26 ['[a-'] not a regular expression: unclosed character class
        "#);
        assert_snapshot!(check_mistakes("app.name.matches(app.label)"), @r#"
        8:26 [app.label] the pattern of `matches` must be a text in quotes
        "#);
        accepts("app.name.lowerAscii().matches('^[a-z_]+$')");
    }

    #[test]
    fn syntax() {
        assert_snapshot!(check_mistakes("app.enabled &&"), @r#"
        8:23 [] the condition ends too early
        "#);
        assert_snapshot!(check_mistakes("app.enabled & true"), @r#"
        8:21 [&] the condition cannot be read: `&` is unexpected here
        "#);
        assert_snapshot!(check_mistakes("'ä' == app.label) || true"), @r#"
        8:25 [)] the condition cannot be read: `)` is unexpected here
        "#);
        assert_snapshot!(check_mistakes(""), @r#"
        8:10 [] the condition ends too early
        "#);
    }

    #[test]
    fn all_of_them_are_told() {
        assert_snapshot!(check_mistakes("app.enabeld || app.label == 3 || 'Api' in app.oauth.scopes"), @r#"
        8:13 [enabeld] there is no fact `app.enabeld`
            did you mean `enabled`?
        8:34 [==] one side is a text, the other a number
        8:42 ['Api'] "Api" is not the OAuth name of this scope
            conditions use the OAuth name: `api`
        "#);
    }

    #[test]
    fn length_and_depth_are_bounded() {
        let long = format!("app.enabled{}", " || app.enabled".repeat(200));
        assert!(check_mistakes(&long).contains("2000 bytes at most"));
        // The longest chains that are allowed neither overflow the stack when compiled nor when judged.
        let chain = format!("app.enabled && 0{} > 3", "+1".repeat(900));
        let rule = sound(&with("check", &format!("check: {chain}")));
        assert_eq!(judge(&rule, &rule.examples()[1].facts()), Judgement::Pass);
        assert!(check_mistakes(&format!("{}true{}", "(".repeat(900), ")".repeat(900))).contains("cannot be read"));
    }
}

/// What only live orgs know is read by rules for live orgs only: on files it would be unknown for ever.
mod rules_for_one_kind_of_source {
    use super::*;

    /// [`SOUND`] with this check, and a line `source` where it is not empty.
    fn for_source(source: &str, check: &str) -> String {
        let text = with("check", &format!("check: {check:?}"));
        if source.is_empty() { text } else { text.replace("applies-to: app\n", &format!("applies-to: app\nsource: {source}\n")) }
    }

    #[test]
    fn the_key_is_kept() {
        assert_eq!(sound(SOUND).source(), None);
        assert_eq!(sound(&for_source("files", "app.enabled")).source(), Some(SourceKind::Files));
        assert_eq!(sound(&for_source("org", "app.enabled")).source(), Some(SourceKind::Org));
    }

    #[test]
    fn a_rule_is_for_its_source_and_for_subjects_of_none() {
        let (any, org) = (sound(SOUND), sound(&for_source("org", "app.enabled")));
        for source in [None, Some(SourceKind::Files), Some(SourceKind::Org)] {
            assert!(any.is_for(source));
        }
        assert!(org.is_for(Some(SourceKind::Org)) && org.is_for(None) && !org.is_for(Some(SourceKind::Files)));
    }

    #[test]
    fn facts_of_orgs_need_it() {
        assert_snapshot!(mistakes(&for_source("", "app.enabled && app.access.active_users > 0")), @r"
        8:35 [active_users] only live orgs know `app.access.active_users`
            add `source: org` to the rule
        ");
        assert_snapshot!(mistakes(&for_source("files", "app.enabled && app.access.active_users > 0")), @r"
        9:35 [active_users] only live orgs know `app.access.active_users`
            a rule with `source: files` cannot read it
        ");
        assert_snapshot!(mistakes(&for_source("cloud", "app.enabled")), @r"
        6:9 [cloud] unknown source `cloud`
            it can be one of: files, org
        ");
        assert_snapshot!(mistakes(&with("message", "message: \"{app.label} has {app.access.active_users}\"")), @r"
        9:28 [app.access.active_users] only live orgs know `app.access.active_users`
            add `source: org` to the rule
        ");
        assert_snapshot!(mistakes(&SOUND.replace("remediation:", "evidence: [{ fact: app.access.active_users }]\nremediation:")), @r"
        10:20 [app.access.active_users] only live orgs know `app.access.active_users`
            add `source: org` to the rule
        ");
        sound(&for_source("org", "app.enabled && app.access.active_users > 0"));
    }
}

mod mistakes_in_files {
    use super::*;

    #[test]
    fn keys_and_words() {
        assert_snapshot!(mistakes(&with("severity", "severty: high")), @r#"
        3:1 [severty] unknown key `severty`
            did you mean `severity`?
        "#);
        assert_snapshot!(mistakes(&with("check", "")), @r#"
        1:5 [example-rule] the key `check` is missing
            only a check that is made by hand can do without; it has `manual`
        "#);
        assert_snapshot!(mistakes(&with("severity", "severity: hihg")), @r#"
        3:11 [hihg] unknown severity `hihg`
            did you mean `high`?
        "#);
        assert_snapshot!(mistakes(&with("effect", "effect: dangerous")), @r#"
        4:9 [dangerous] unknown effect `dangerous`
            it can be one of: broken, unsafe
        "#);
        assert_snapshot!(mistakes(&with("applies-to", "applies-to: apps")), @r#"
        5:13 [apps] unknown subject `apps`
            did you mean `app`?
        "#);
        assert_snapshot!(mistakes(&with("references", "references: [example.com]")), @r#"
        12:14 [example.com] a reference is a URL that begins with https://
        "#);
        assert_snapshot!(mistakes(&with("remediation", "remediation: {}")), @r#"
        10:14 [{] `remediation` needs `setup` or `metadata`, or both
        "#);
        assert_snapshot!(mistakes(&with("references", "references: https://example.com/")), @r#"
        12:13 [https://example.com/] a list is expected here
            `[]` is the empty list
        "#);
        assert_snapshot!(mistakes(&with("title", "title: ''")), @r#"
        2:8 [''] `title` is empty
        "#);
    }

    #[test]
    fn ids() {
        assert_snapshot!(mistakes(&with("id", "id: Example_Rule")), @r#"
        1:5 [Example_Rule] an id has lower-case letters and digits, with single hyphens between words
        "#);
        assert_snapshot!(mistakes(&with("id", "id: other-rule")), @r#"
        1:5 [other-rule] the rule is called `other-rule`, its file `example-rule.yaml`
            rename the file to `other-rule.yaml`, or the rule
        "#);
    }

    #[test]
    fn messages() {
        assert_snapshot!(mistakes(&with("message", r#"message: "{app.lable} is {app.enabled && 3}""#)), @r#"
        9:16 [lable] there is no fact `app.lable`
            did you mean `label`?
        9:42 [3] this must be true or false; it is a number
        "#);
        assert_snapshot!(mistakes(&with("message", r#"message: "a } b {app.label""#)), @r#"
        9:13 [}] this brace closes nothing
            write `{{` or `}}` for a brace
        9:17 [{] this brace is never closed
            write `{{` or `}}` for a brace
        "#);
    }

    #[test]
    fn evidence() {
        let evidence = |line: &str| mistakes(&(SOUND.to_owned() + "evidence:\n  - " + line + "\n"));
        assert_snapshot!(evidence("fact: app.oauth.scope"), @r#"
        21:11 [app.oauth.scope] there is no fact `app.oauth.scope`
            did you mean `app.oauth.scopes`?
        "#);
        assert_snapshot!(evidence("{ fact: app.label, where: item == 'x' }"), @r#"
        21:31 [item == 'x'] `where` is for lists, and `app.label` is none
        "#);
        assert_snapshot!(evidence("{ fact: app.oauth.callbacks, where: item.clear_txt }"), @r#"
        21:46 [clear_txt] the elements have no field `clear_txt`
            did you mean `clear_text`?
        "#);
        assert_snapshot!(evidence("app.oauth.scopes"), @r#"
        21:5 [app.oauth.scopes] keys with values are expected here
        "#);
    }

    #[test]
    fn examples() {
        let example = |facts: &str| mistakes(&SOUND.replace("facts: { app.oauth.configured: true }", facts));
        assert_snapshot!(example("facts: { app.oauth.configurd: true }"), @r#"
        15:14 [app.oauth.configurd] there is no fact `app.oauth.configurd`
            did you mean `app.oauth.configured`?
        "#);
        assert_snapshot!(example("facts: { app: { oauth: { scope: [api] } } }"), @r#"
        15:30 [scope] there is no fact `app.oauth.scope`
            did you mean `app.oauth.scopes`?
        "#);
        assert_snapshot!(example("facts: { app.oauth.configured: maybe }"), @r#"
        15:36 [maybe] `app.oauth.configured` is true or false
        "#);
        assert_snapshot!(example("facts: { app.name: 12, app.kind: connected, app.oauth.scopes: api }"), @r#"
        15:24 [12] `app.name` is a text (put it in quotes where YAML reads something else)
        15:38 [connected] unknown value `connected`
            it can be one of: connected-app, external-client-app
        15:67 [api] `app.oauth.scopes` is a list of texts
        "#);
        assert_snapshot!(example("facts: { app.oauth.callbacks: [x, { uri: y }, { url: no }] }"), @r#"
        15:36 [x] the elements of `app.oauth.callbacks` are objects: `{field: value}`
        15:41 [uri] there is no field `uri`
            did you mean `url`?
        15:58 [no] `url` is a text (put it in quotes where YAML reads something else)
        "#);
        assert_snapshot!(example("facts: { app.flows.used: [jwt-bearer, saml] }"), @r#"
        15:43 [saml] unknown value `saml`
            it can be one of: web-server, user-agent, jwt-bearer, saml-bearer, saml-assertion, refresh-token, device, username-password, client-credentials, token-exchange, code-credentials, hybrid-web-server, hybrid-user-agent, hybrid-refresh, asset-token
        "#);
        assert_snapshot!(example("facts: { app.oauth: true }"), @r#"
        15:25 [true] `app.oauth` is a group of facts: its facts are written `path: value`
        "#);
        assert_snapshot!(example("unknown: [app.enabld]"), @r#"
        15:15 [app.enabld] there is no fact `app.enabld`
            did you mean `app.enabled`?
        "#);
        assert_snapshot!(example("facts: { app.enabled: true, app: { enabled: false } }"), @r#"
        15:40 [enabled] `app.enabled` is given twice
        "#);
        assert_snapshot!(mistakes(&SOUND.replace("verdict: pass", "verdict: fail")), @r#"
        1:5 [example-rule] the rule has no example with `verdict: pass`
        "#);
        assert_snapshot!(mistakes(&SOUND.replace("name: off", "name: on")), @r#"
        17:11 [on] another example has the same name
        "#);
        assert_snapshot!(mistakes(&SOUND.replace("verdict: pass", "verdict: passed")), @r#"
        1:5 [example-rule] the rule has no example with `verdict: pass`
        19:14 [passed] unknown verdict `passed`
            did you mean `pass`?
        "#);
    }

    #[test]
    fn one_bad_file_leaves_the_others() {
        let bad = SourceText::new("a/bad.yaml", "id: [");
        let good = SourceText::new("a/example-rule.yaml", SOUND);
        let (RuleSet { rules, .. }, diagnostics) = load([bad, good], &RuleSet::default());
        assert_eq!((rules.len(), diagnostics.len()), (1, 1));
        assert!(diagnostics[0].location.as_ref().unwrap().to_string().starts_with("a/bad.yaml:1:"));
    }

    #[test]
    fn many_files_come_out_in_one_order() {
        let file = |number: usize| {
            let text = SOUND.replace("example-rule", &format!("rule-{number:02}"));
            let text = if number % 7 == 3 { text.replace("app.enabled\n", "app.enabld\n") } else { text };
            SourceText::new(format!("mine/rule-{number:02}.yaml"), text)
        };
        let (RuleSet { rules, .. }, diagnostics) = load((0..40).rev().map(file), &RuleSet::default());
        let ids: Vec<&str> = rules.iter().map(Rule::id).collect();
        assert!(ids.is_sorted() && ids.len() == 34, "{ids:?}");
        let places: Vec<String> = diagnostics.iter().map(|problem| problem.location.as_ref().unwrap().to_string()).collect();
        assert_eq!(places[0], "mine/rule-38.yaml:8:12");
        assert_eq!(places.len(), 6);
    }

    #[test]
    fn ids_are_unique_also_beside_the_built_in_rules() {
        let twice = [SourceText::new("a/example-rule.yaml", SOUND), SourceText::new("b/example-rule.yaml", SOUND)];
        let (RuleSet { rules, .. }, diagnostics) = load(twice, &RuleSet::default());
        assert_eq!(rules.len(), 1);
        assert_eq!(diagnostics[0].location.as_ref().unwrap().to_string(), "b/example-rule.yaml:1:5");

        let (others, _) = builtin();
        let taken = others.rules[0].id();
        let text = SOUND.replace("example-rule", taken);
        let (RuleSet { rules, .. }, diagnostics) = load([SourceText::new(format!("mine/{taken}.yaml"), text)], &others);
        assert_eq!((rules.len(), diagnostics.len()), (0, 1));
        assert!(diagnostics[0].help.as_ref().unwrap().contains("rules/"));
    }
}

/// The part of a YAML text value that `needle` is must be found in the file, however the value is written.
#[test]
fn parts_of_texts_are_found_in_every_style() {
    #[derive(serde::Deserialize)]
    struct File {
        check: Spanned<String>,
    }
    let cases = [
        ("plain", "check: a.one && b.two\n", "b.two", "1:17 [b.two]"),
        ("plain over lines", "check: a.one\n  && b.two\n", "b.two", "2:6 [b.two]"),
        ("single quotes", "check: 'a == ''x'' && b.two'\n", "b.two", "1:23 [b.two]"),
        ("inside doubled quotes", "check: 'a == ''x'' && b.two'\n", "x", "1:16 [x]"),
        ("double quotes", "check: \"a == \\\"x\\\" && b.two\"\n", "b.two", "1:23 [b.two]"),
        ("literal block", "check: |\n  a.one &&\n    b.two\n", "b.two", "3:5 [b.two]"),
        ("folded block", "check: >-\n  a.one &&\n  b.two\n", "b.two", "3:3 [b.two]"),
        ("after non-ASCII", "x: äöü\ncheck: x == 'ä' && b.two\n", "b.two", "2:20 [b.two]"),
        ("non-ASCII itself", "check: \"a == 'ä€𝄞' && b\"\n", "ä€𝄞", "1:15 [ä€𝄞]"),
        ("the same letters before", "check: >-\n  aa aab\n  aab.x\n", "aab.x", "3:3 [aab.x]"),
        ("whole", "check: abc\n", "abc", "1:8 [abc]"),
    ];
    for (style, text, needle, expected) in cases {
        let source = SourceText::new("x.yaml", text);
        let value = match parse::<File>(&source) {
            Ok(file) => file.check,
            Err(problem) => panic!("{style}: {}", problem.title),
        };
        let at = value.value.rfind(needle).unwrap();
        let found = locate_within(&source, &value, at..at + needle.len());
        let position = found.position();
        assert_eq!(format!("{}:{} [{}]", position.line, position.column, source.slice(found.span())), expected, "{style}");
        assert!(locate(&source, &value).span().start <= found.span().start, "{style}");
    }
}

mod judging {
    use super::*;

    fn facts(known: &[(&'static str, Value)], unknown: &[&'static str]) -> FactSet {
        let mut set = sound(SOUND).examples()[0].facts();
        for (path, value) in known {
            set.insert(path, Fact::known(value.clone()));
        }
        for path in unknown {
            set.forget(path, format!("no {path}"));
        }
        set
    }

    fn texts(texts: &[&str]) -> Value {
        Value::List(texts.iter().map(|text| Item::text(*text, None)).collect())
    }

    fn verdict(check: &str, known: &[(&'static str, Value)], unknown: &[&'static str]) -> Verdict {
        // Some of these checks always say the same, which gets a warning.
        let (rules, told) = load_one(&with("check", &format!("check: {check:?}")));
        judge(rules.first().expect(&told), &facts(known, unknown)).verdict()
    }

    /// In the conditions `U` is an unknown fact, `T` a true and `F` a false one.
    #[test]
    fn three_valued_logic() {
        let table = [
            ("F && U", Verdict::Fail),
            ("U && F", Verdict::Fail),
            ("T && U", Verdict::Unknown),
            ("U && T", Verdict::Unknown),
            ("U && U", Verdict::Unknown),
            ("T || U", Verdict::Pass),
            ("U || T", Verdict::Pass),
            ("F || U", Verdict::Unknown),
            ("U || F", Verdict::Unknown),
            ("!U", Verdict::Unknown),
            ("U == U", Verdict::Unknown),
            ("U ? T : T", Verdict::Unknown),
            ("T ? T : U", Verdict::Pass),
            ("F ? U : F", Verdict::Fail),
            ("(U || T) && (F && U)", Verdict::Fail),
            ("L.exists(s, s == 'api' || U)", Verdict::Pass),
            ("L.exists(s, s == 'web' || U)", Verdict::Unknown),
            ("L.exists(s, s == 'id' || (s == 'api' && U))", Verdict::Pass),
            ("L.all(s, s != 'api' && U)", Verdict::Fail),
            ("L.all(s, s == 'api' || U)", Verdict::Unknown),
            ("N.exists(s, s == 'api')", Verdict::Unknown),
            ("N.exists(s, s == 'api') || T", Verdict::Pass),
            ("size(N) > 0 && F", Verdict::Fail),
            ("'api' in N", Verdict::Unknown),
            ("has(O)", Verdict::Unknown),
            ("has(A)", Verdict::Fail),
            ("has(A) && A > 3", Verdict::Fail),
            ("A > 3 && has(A)", Verdict::Fail),
            ("!has(A) || A > 3", Verdict::Pass),
        ];
        for (short, expected) in table {
            let mut check = String::new();
            for letter in short.chars() {
                match letter {
                    'U' => check += "app.flows.code_credentials",
                    'T' => check += "app.oauth.configured",
                    'F' => check += "app.enabled",
                    'L' => check += "app.oauth.scopes",
                    'N' => check += "app.access.profiles",
                    'O' => check += "app.tokens.refresh_days",
                    'A' => check += "app.session.timeout_minutes",
                    other => check.push(other),
                }
            }
            let known = [("app.oauth.scopes", texts(&["api", "id"]))];
            let unknown = ["app.flows.code_credentials", "app.access.profiles", "app.tokens.refresh_days"];
            assert_eq!(verdict(&check, &known, &unknown), expected, "{short}");
        }
    }

    #[test]
    fn whether_a_rule_applies() {
        // The rule is SOUND: when app.oauth.configured, check app.enabled.
        let rule = sound(SOUND);
        let (when, check) = ("app.oauth.configured", "app.enabled");
        let of = |known: &[(&'static str, bool)], unknown: &[&'static str]| {
            let known: Vec<_> = known.iter().map(|(path, value)| (*path, Value::Bool(*value))).collect();
            judge(&rule, &facts(&known, unknown))
        };
        assert_eq!(of(&[(when, false), (check, false)], &[]), Judgement::NotApplicable);
        assert_eq!(of(&[(when, false)], &[check]), Judgement::NotApplicable);
        assert_eq!(of(&[(when, true), (check, true)], &[]), Judgement::Pass);
        assert_eq!(of(&[(when, true)], &[check]), Judgement::Unknown("no app.enabled".into()));
        assert_eq!(of(&[(check, true)], &[when]), Judgement::Pass);
        assert_eq!(of(&[(check, false)], &[when]), Judgement::Unknown("no app.oauth.configured".into()));
        assert_eq!(of(&[], &[when, check]), Judgement::Unknown("no app.oauth.configured".into()));
    }

    #[test]
    fn functions() {
        let known =
            [("app.name", "Data_Loader".into()), ("app.oauth.scopes", texts(&["api", "id"])), ("app.urls", Value::List(vec![]))];
        let table = [
            ("app.name.startsWith('Data') && app.name.endsWith('er') && app.name.contains('_')", true),
            ("app.name.lowerAscii() == 'data_loader'", true),
            ("app.name.matches('^D') && !app.name.matches('^d') && app.name.matches('L.ader')", true),
            ("size(app.name) == 11 && app.oauth.scopes.size() == 2", true),
            ("app.oauth.scopes.exists_one(s, s == 'api')", true),
            ("app.oauth.scopes.filter(s, s != 'api') == ['id']", true),
            ("app.oauth.scopes.map(s, s + '!') == ['api!', 'id!']", true),
            ("app.oauth.scopes.map(s, s != 'id', s) == ['api']", true),
            ("app.oauth.scopes.all(s, s in ['api', 'id', 'web'])", true),
            ("app.urls.exists(u, u.https)", false),
            ("app.urls.all(u, u.https)", true),
            ("1 + 2 * 3 - 1 == 6 && -1 < 0", true),
            ("app.name > 'Data' && app.name <= 'Data_Loader'", true),
        ];
        for (check, holds) in table {
            let expected = if holds { Verdict::Pass } else { Verdict::Fail };
            assert_eq!(verdict(check, &known, &[]), expected, "{check}");
        }
    }

    #[test]
    fn a_fact_that_was_not_collected_is_no_pass() {
        let rule = sound(SOUND);
        let Judgement::Unknown(reason) = judge(&rule, &FactSet::default()) else { panic!("decided without facts") };
        assert!(reason.starts_with("internal error"), "{reason}");
    }

    #[test]
    fn failures_have_severity_message_and_evidence() {
        let text = with("check", "check: '!app.oauth.scopes.exists(s, s == \"full\" || s == \"web\")'")
            + "severity-if:\n  - { severity: info, when: app.flows.code_credentials }\n  - { severity: critical, when: '\"full\" in app.oauth.scopes' }\n"
            + "evidence:\n  - { fact: app.oauth.scopes, where: item == \"full\" || item == \"web\" }\n  - fact: app.kind\n  - fact: app.access.profiles\n";
        let text = text.replace(
            "{app.label} is off",
            "{{{app.label}}}: {app.oauth.scopes}, {app.flows.code_credentials}, {size(app.label) > 3}, {app.session.timeout_minutes}",
        );
        let rule =
            sound(&text.replace("{ app.oauth.configured: true }", "{ app.oauth.configured: true, app.oauth.scopes: [full] }"));
        let file = SourceText::new("a.xml", "<a>api</a>\n<b>full</b>\n<c>web</c>\n");
        let origin = |from: usize, to: usize| Some(Origin::Stated(Location::new(&file, Span::new(from, to))));
        let scopes = [("api", 0, 10), ("full", 11, 22), ("web", 23, 33)];
        let scopes = scopes.map(|(scope, from, to)| Item::text(scope, origin(from, to)));
        let mut facts = facts(&[("app.label", "Portal".into())], &["app.flows.code_credentials"]);
        facts.insert("app.oauth.scopes", Fact::known(Value::List(scopes.to_vec())));
        facts.insert("app.access.profiles", Fact::read(texts(&[]), Origin::Absent(Location::file("a.xml"))));
        let Judgement::Fail(failure) = judge(&rule, &facts) else { panic!("the rule does not fail") };
        assert_eq!(failure.severity, Severity::Critical);
        assert_eq!(failure.message, "{Portal}: api, full, web, unknown, true, none");
        let evidence: Vec<String> = failure
            .evidence
            .iter()
            .map(|piece| {
                let origin = piece.origin.as_ref().map_or("-".to_owned(), |origin| origin.location().to_string());
                format!("{} = {} at {origin}", piece.fact, piece.value)
            })
            .collect();
        assert_snapshot!(evidence.join("\n"), @r#"
        app.oauth.scopes = full at a.xml:2:1
        app.oauth.scopes = web at a.xml:3:1
        app.kind = connected-app at -
        app.access.profiles = none at a.xml:1:1
        "#);
    }

    #[test]
    fn severity_stays_where_its_condition_is_unknown() {
        let rule = sound(&(SOUND.to_owned() + "severity-if:\n  - { severity: critical, when: app.flows.code_credentials }\n"));
        let Judgement::Fail(failure) = judge(&rule, &facts(&[], &["app.flows.code_credentials"])) else {
            panic!("the rule does not fail")
        };
        assert_eq!(failure.severity, Severity::High);
    }

    #[test]
    fn messages_name_objects() {
        let scope = check::Scope { subject: SubjectKind::App, source: None, item: None, guards: None };
        let message = Message::compile("{app.oauth.callbacks.filter(c, c.clear_text)} {app.oauth.callbacks}", &scope).unwrap();
        let text = SOUND.replace(
            "facts: { app.oauth.configured: true }",
            "facts: { app.oauth.configured: true, app.oauth.callbacks: [{ url: 'https://a.example.com' }, { url: 'http://b.example.com', clear_text: true }] }",
        );
        let facts = sound(&text).examples()[0].facts();
        assert_eq!(message.render(&facts), "http://b.example.com https://a.example.com, http://b.example.com");
    }

    #[test]
    fn work_on_the_deep_stack_nests_and_returns() {
        assert_eq!(with_stack(|| with_stack(|| 42)), 42);
    }
}

#[test]
fn examples_tell_how_they_came_out() {
    let text = with("check", "check: app.enabled || app.flows.code_credentials")
        + "  - { name: noisy, facts: { app.oauth.configured: true }, verdict: pass }\n"
        + "  - { name: missing, verdict: fail }\n"
        + "  - { name: undecided, facts: { app.oauth.configured: true }, unknown: [app.flows.code_credentials], verdict: fail }\n"
        + "  - { name: other severity, facts: { app.oauth.configured: true }, verdict: fail, severity: low }\n"
        + "  - { name: other message, facts: { app.oauth.configured: true, app.label: Portal }, verdict: fail, message: Portal is on }\n"
        + "  - { name: rightly unknown, facts: { app.oauth.configured: true }, unknown: [app.flows.code_credentials], verdict: unknown }\n";
    let rules = [sound(&text)];
    let wrong: String = run(&rules).iter().filter(|run| run.outcome != Outcome::Expected).map(ToString::to_string).collect();
    assert_snapshot!(wrong, @r#"
    noisy: example-rule: noisy
      at mine/example-rule.yaml:20:13
      - verdict: pass
      + verdict: fail
      + severity: high
      + message:  is off
      `check` is false:
        app.enabled is false
        app.flows.code_credentials is false
    missing: example-rule: missing
      at mine/example-rule.yaml:21:13
      - verdict: fail
      + verdict: not-applicable
      `when` is false:
        app.oauth.configured is false
    undecided: example-rule: undecided
      at mine/example-rule.yaml:22:13
      - verdict: fail
      + verdict: unknown
      `check` is unknown:
        app.flows.code_credentials is unknown
          app.flows.code_credentials = unknown: the example leaves it unknown
    different: example-rule: other severity
      at mine/example-rule.yaml:23:13
      - severity: low
      + severity: high
    different: example-rule: other message
      at mine/example-rule.yaml:24:13
      - message: Portal is on
      + message: Portal is off
    "#);
    assert_eq!(run(&rules).iter().filter(|run| run.outcome == Outcome::Expected).count(), 3);
}

/// Rules that load and are of no use.
mod warnings {
    use super::*;

    fn warnings(text: &str) -> String {
        let (rules, told) = load_one(text);
        assert_eq!(rules.len(), 1, "{told}");
        told
    }

    /// Line and column of the warning, and what it says.
    fn of_conditions(when: &str, check: &str) -> String {
        let text = with("check", &format!("check: {check:?}")).replace("when: app.oauth.configured", &format!("when: {when:?}"));
        let told = warnings(&text);
        told.split_once(" [").map_or(told.clone(), |(place, rest)| format!("{place} {}", rest.rsplit_once("] ").unwrap().1))
    }

    #[test]
    fn rules_that_concern_nothing() {
        let never = [
            "false",
            "app.enabled && !app.enabled",
            "app.kind == 'connected-app' && app.kind == 'external-client-app'",
            "has(app.flows.device) && app.flows.device && !app.flows.device",
            "app.name == 'A' && app.name == 'B'",
            "app.kind in ['connected-app'] && app.kind != 'connected-app' && size(app.oauth.scopes) > 1",
        ];
        for when in never {
            let told = of_conditions(when, "app.enabled");
            assert_eq!(told, "7:8 the rule concerns nothing: this is false whatever the facts are\n", "{when}");
        }
    }

    #[test]
    fn checks_that_always_say_the_same() {
        let (always, never) = ("the rule never fails: this is true", "the rule never passes: this is false");
        let table = [
            ("app.enabled", "true", format!("{always} whatever the facts are")),
            ("app.enabled", "1 + 1 == 2", format!("{always} whatever the facts are")),
            ("app.enabled", "app.enabled || app.oauth.configured", format!("{always} wherever `when` is")),
            ("app.enabled", "size(app.name) > 3 && !app.enabled", format!("{never} wherever `when` is true")),
            (
                "true",
                "has(app.tokens.refresh_days) && app.tokens.refresh_days > 30 && app.tokens.refresh_days < 31",
                format!("{never} whatever the facts are"),
            ),
        ];
        for (when, check, expected) in table {
            assert_eq!(of_conditions(when, check), format!("8:9 {expected}\n"), "{when} / {check}");
        }
    }

    #[test]
    fn severities_that_are_never_given() {
        let severities = |entries: &str| warnings(&format!("{SOUND}severity-if:\n{entries}"));
        assert_snapshot!(severities("  - { severity: low, when: app.enabled }\n"), @"21:28 [app.enabled] this severity is never given: where the rule fails, this is false or an earlier one is true");
        let after_one_that_holds =
            "  - { severity: low, when: true || app.enabled }\n  - { severity: info, when: app.flows.headless }\n";
        assert_snapshot!(severities(after_one_that_holds), @"22:29 [app.flows.headless] this severity is never given: where the rule fails, this is false or an earlier one is true");
        let both = "  - { severity: low, when: app.flows.headless }\n  - { severity: info, when: '\"api\" in app.oauth.scopes' }\n";
        assert_snapshot!(severities(both), @"");
    }

    #[test]
    fn evidence_that_shows_nothing() {
        let evidence = |entry: &str| warnings(&format!("{SOUND}evidence:\n  - {{ {entry} }}\n"));
        assert_snapshot!(evidence("fact: app.oauth.callbacks, where: item.invalid && !item.invalid"), @"21:41 [item.invalid && !item.invalid] no element is shown: this is false whatever the facts are");
        assert_snapshot!(evidence("fact: app.oauth.scopes, where: false"), @"21:38 [false] no element is shown: this is false whatever the facts are");
        // Texts of a list are not tried.
        assert_snapshot!(evidence("fact: app.oauth.scopes, where: 'item == \"api\" && item == \"id\"'"), @"");
        assert_snapshot!(evidence("fact: app.certificates, where: item.role == \"saml\" && item.readable"), @"");
    }

    /// What is not tried counts as unknown, so that lists and many facts at once cannot make a warning wrong.
    #[test]
    fn no_warning_without_certainty() {
        let sound = [
            ("size(app.oauth.scopes) > 0", "'api' in app.oauth.scopes"),
            ("app.name > 'A' && app.name < 'B'", "app.enabled"),
            ("app.name == app.label", "app.enabled"),
            ("app.kind == 'external-client-app'", "app.kind == 'connected-app' || app.enabled"),
            ("has(app.tokens.refresh_days)", "app.tokens.refresh_days * 2 < 60"),
            ("app.oauth.scopes.all(s, s == 'api') || app.flows.used.exists(f, f == 'device')", "app.enabled"),
        ];
        for (when, check) in sound {
            assert_eq!(of_conditions(when, check), "", "{when} / {check}");
        }
    }
}

/// Where a fact does not exist, a near one, the one whose end was written, or where to look is named.
#[test]
fn unknown_facts_get_suggestions() {
    assert_snapshot!(check_mistakes("'api' in oauth.scopes"), @r#"
    8:18 [oauth] there is no `oauth`
        did you mean `app.oauth.scopes`?
    "#);
    assert_snapshot!(check_mistakes("scopes == []"), @r#"
    8:9 [scopes] there is no `scopes`
        did you mean `app.oauth.scopes`?
    "#);
    assert_snapshot!(check_mistakes("waiver.expired"), @r#"
    8:9 [waiver] this rule is about something else and has no `waiver`
        it can read: app, org, contract; `waiver` is for rules with `applies-to: waiver`
    "#);
    let evidence = |fact: &str| mistakes(&format!("{SOUND}evidence:\n  - fact: {fact}\n"));
    assert_snapshot!(evidence("part.type"), @r#"
    21:11 [part.type] this rule is about something else and has no fact `part.type`
        rules with `applies-to: orphan-part` can read it
    "#);
    assert_snapshot!(evidence("app.oauth"), @r#"
    21:11 [app.oauth] `app.oauth` is a group of facts, not a fact
        it has: configured, scopes, declared_scopes, unknown_scopes, custom_scopes, consumer_secret, consumer_key_shared_with, callbacks, redirects
    "#);
    assert_snapshot!(evidence("oauth.scopes"), @r#"
    21:11 [oauth.scopes] there is no fact `oauth.scopes`
        did you mean `app.oauth.scopes`?
    "#);
    assert_snapshot!(evidence("something.else"), @r#"
    21:11 [something.else] there is no fact `something.else`
        it can read: app, org, contract; `orgwarden facts --schema` lists all
    "#);
    let example = |fact: &str| mistakes(&SOUND.replace("facts: { app.oauth.configured: true }", &format!("unknown: [{fact}]")));
    assert_snapshot!(example("waiver.expired"), @r#"
    15:15 [waiver.expired] this rule is about something else and has no fact `waiver.expired`
        rules with `applies-to: waiver` can read it
    "#);
}

#[test]
fn only_examples_that_fail_have_a_severity_and_a_message() {
    let text = SOUND.replace("verdict: pass", "verdict: pass\n    severity: low\n    message: x");
    assert_snapshot!(mistakes(&text), @r#"
    20:15 [low] only an example that fails has a `severity`
        leave it out, or write `verdict: fail`
    21:14 [x] only an example that fails has a `message`
        leave it out, or write `verdict: fail`
    "#);
}

#[test]
fn the_json_schema_accepts_the_built_in_rules() {
    let schema = jsonschema::validator_for(&json_schema()).unwrap();
    for file in builtin_files() {
        let value: serde_json::Value = parse(&file).map_err(|problem| problem.title).unwrap();
        let errors: Vec<String> = schema.iter_errors(&value).map(|error| format!("{} {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", file.name());
    }
}

#[test]
fn the_json_schema_refuses_a_file_that_is_neither_a_rule_nor_a_manual_check() {
    let schema = jsonschema::validator_for(&json_schema()).unwrap();
    let accepts = |text: &str| {
        let value: serde_json::Value = parse(&SourceText::new("example-rule.yaml", text)).map_err(|problem| problem.title).unwrap();
        schema.is_valid(&value)
    };
    let manual = "manual: { where: Setup, look-at: the box, right: ticked }\n";
    let (head, _) = SOUND.split_once("check:").unwrap();
    // A YAML of the old kind takes `on` and `off` for true and false.
    let sound = SOUND.replace(": off\n", ": offline\n").replace(": on\n", ": online\n");
    let head = head.lines().filter(|line| !line.starts_with("when:")).fold(String::new(), |all, line| all + line + "\n");
    assert!(accepts(&sound) && accepts(&format!("{head}{manual}")));
    assert!(!accepts(&head) && !accepts(&format!("{sound}{manual}")));
}

proptest::proptest! {
    /// Whatever stands in a condition or a message, loading ends with a rule or with diagnostics that have a place.
    #[test]
    fn no_text_breaks_the_loader(check in r#"(app|\.|oauth|scopes|exists|\(|\)|s|,|==|"x"|'|\[|\]|&&|!|\{|\}|1| |ä|has|\?|:|-|in){0,14}"#) {
        let quoted = serde_json::to_string(&check).unwrap();
        for key in ["check", "message"] {
            let file = SourceText::new("mine/example-rule.yaml", with(key, &format!("{key}: {quoted}")));
            let (RuleSet { rules, .. }, diagnostics) = load([file], &RuleSet::default());
            proptest::prop_assert!(rules.len() == 1 || diagnostics.iter().all(|problem| problem.location.is_some()));
            proptest::prop_assert!(rules.len() == 1 || !diagnostics.is_empty());
        }
    }
}

/// Conditions are not evaluated by the CEL interpreter, but mean what it says they mean.
mod conditions_are_cel {
    use std::collections::HashMap;

    use cel::{Context, Program, Value as CelValue};
    use orgwarden::rules::{Condition, Truth};
    use proptest::prelude::*;

    use super::*;

    const SCOPES: [&str; 3] = ["api", "id", "web"];

    fn facts() -> FactSet {
        let mut facts = sound(SOUND).examples()[0].facts();
        facts.insert("app.name", Fact::known("Data_Loader".into()));
        facts.insert("app.oauth.scopes", Fact::known(Value::List(SCOPES.map(|scope| Item::text(scope, None)).to_vec())));
        facts.insert("app.tokens.refresh_days", Fact::known(30.into()));
        facts
    }

    /// The same facts as maps of CEL.
    fn context() -> Context<'static, 'static> {
        let map = |entries: Vec<(&str, CelValue)>| -> CelValue {
            entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<HashMap<String, CelValue>>().into()
        };
        let scopes: Vec<CelValue> = SCOPES.map(CelValue::from).to_vec();
        let oauth = map(vec![("configured", true.into()), ("scopes", scopes.into())]);
        let tokens = map(vec![("refresh_days", 30_i64.into())]);
        let app = map(vec![
            ("name", "Data_Loader".into()),
            ("enabled", false.into()),
            ("oauth", oauth),
            ("tokens", tokens),
            ("session", map(Vec::new())),
        ]);
        let mut context = Context::default();
        context.add_variable_from_value("app", app);
        context
    }

    fn condition() -> impl Strategy<Value = String> {
        let number = prop_oneof![
            (-3_i64..40).prop_map(|number| number.to_string()),
            Just("size(app.oauth.scopes)".to_owned()),
            Just("app.name.size()".to_owned()),
            Just("app.tokens.refresh_days".to_owned()),
            Just("(2 + 3 * size(app.oauth.scopes) - 1)".to_owned()),
            Just("-size(app.name)".to_owned()),
        ];
        let comparison = prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
        let numbers = (number.clone(), comparison, number).prop_map(|(left, operator, right)| format!("{left} {operator} {right}"));
        let fixed = prop::sample::select(vec![
            "app.enabled",
            "app.oauth.configured",
            "has(app.tokens.refresh_days)",
            "has(app.session.timeout_minutes)",
            "'api' in app.oauth.scopes",
            "app.name in ['x', 'Data_Loader']",
            "app.name.startsWith('Data') && app.name.endsWith('er')",
            "app.name.contains('_l')",
            "app.name < 'E' && 'A' + 'b' < app.name",
            "app.oauth.scopes.exists(s, s == 'id' || app.enabled)",
            "app.oauth.scopes.all(s, size(s) > 2)",
            "app.oauth.scopes.exists_one(s, s.size() == 3)",
            "app.oauth.scopes.filter(s, s != 'id') == ['api', 'web']",
            "app.oauth.scopes.map(s, s + '!') == ['api!', 'id!', 'web!']",
            "app.oauth.scopes.map(s, s != 'id', size(s)) == [3, 3]",
            "app.oauth.scopes + ['x'] != app.oauth.scopes",
            "app.oauth.scopes.all(s, app.oauth.scopes.exists(t, t == s))",
            "has(app.session.timeout_minutes) && app.session.timeout_minutes > 3",
            "app.session.timeout_minutes > 3 && has(app.session.timeout_minutes)",
        ]);
        let leaf = prop_oneof![numbers, fixed.prop_map(str::to_owned)];
        leaf.prop_recursive(4, 24, 3, |inner| {
            let two = (inner.clone(), prop::sample::select(vec!["&&", "||", "==", "!="]), inner.clone());
            let three = (inner.clone(), inner.clone(), inner.clone());
            prop_oneof![
                two.prop_map(|(left, operator, right)| format!("({left}) {operator} ({right})")),
                inner.prop_map(|condition| format!("!({condition})")),
                three.prop_map(|(condition, yes, no)| format!("({condition}) ? ({yes}) : ({no})")),
            ]
        })
    }

    proptest! {
        #[test]
        fn both_say_the_same(text in condition()) {
            let scope = check::Scope { subject: SubjectKind::App, source: None, item: None, guards: None };
            let own = Condition::compile(&text, &scope);
            prop_assume!(text.len() <= 2_000);
            let own = match own {
                Ok(condition) => condition.holds(&facts()),
                Err(problems) => panic!("{text}: {problems:?}"),
            };
            let cel = match Program::compile(&text).unwrap().execute(&context()) {
                Ok(CelValue::Bool(true)) => Truth::True,
                Ok(CelValue::Bool(false)) => Truth::False,
                // What an absent fact leaves open, it leaves open for both.
                Err(_) if matches!(own, Truth::Unknown(_)) => own.clone(),
                other => panic!("{text}: {other:?}"),
            };
            prop_assert_eq!(own, cel);
        }
    }
}
