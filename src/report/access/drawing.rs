//! The graph of who can use what, before it is written in one of the languages for graphs: users, what they hold, apps.

use std::collections::HashMap;

use super::{About, App, AskedUser, Document, Number, Path, User, day};

/// A path with more assignments than this is drawn with their number.
pub const MOST_DRAWN: usize = 50;

/// A graph. Edges go from users to what they hold, and from there to apps.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
    known: HashMap<String, usize>,
}

/// A node.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) shape: Shape,
    /// Its label, line by line, as it was told: not yet harmless.
    pub(super) lines: Vec<String>,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    App,
    Path,
    User,
    /// Users who are not drawn one by one.
    Users,
}

/// An edge between nodes by their index.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Empty for none. Not yet harmless.
    pub(super) label: String,
    /// It lets nobody in, now or at all.
    pub(super) dashed: bool,
}

/// How many paths a drawing shows with the number of their users.
#[must_use]
pub fn drawn_as_numbers(document: &Document) -> usize {
    let many = |app: &App| {
        let paths = app.paths.iter().filter(|path| path.holders.len() > MOST_DRAWN).count();
        paths + usize::from(app.loose_tokens().nth(MOST_DRAWN).is_some())
    };
    document.apps.iter().map(many).sum()
}

impl Drawing {
    /// The graph of a document.
    pub(super) fn of(document: &Document) -> Self {
        let mut drawing = Self::default();
        document.apps.iter().for_each(|app| drawing.add_app(app));
        document.users.iter().for_each(|asked| drawing.add_asked(asked));
        drawing
    }

    fn add_app(&mut self, app: &App) {
        let to = self.app(&app.about);
        self.add_self_authorization(&app.about, app.active_users, to);
        for path in &app.paths {
            let from = self.path(&app.about, path.kind, &path.name, &path.granted_by);
            self.edge(from, to, told_of_path(path), path.effective == Some(false));
            self.add_holders(app, path, from);
        }
        let org = app.about.org.as_deref().unwrap_or_default();
        let loose: Vec<_> = app.loose_tokens().collect();
        if loose.len() > MOST_DRAWN {
            let from = self.node(Shape::Users, vec![format!("{} users with tokens", loose.len())]);
            return self.edge(from, to, "hold tokens".to_owned(), true);
        }
        for token in loose {
            let from = self.user(org, &token.user);
            self.edge(from, to, tokens(token.tokens), true);
        }
    }

    fn add_self_authorization(&mut self, about: &About, users: Number, to: usize) {
        if about.admits == "anybody" {
            let users = match users {
                Number::Known(number) => format!("any of {number} active users"),
                Number::Unknown(_) => "any active user".to_owned(),
            };
            let from = self.node(Shape::Users, vec![users]);
            self.edge(from, to, "after approving it once".to_owned(), false);
        }
    }

    /// The users of a path, or their number where there are too many or they are known by that alone.
    fn add_holders(&mut self, app: &App, path: &Path, to: usize) {
        let by_number = path.reservations.iter().any(|reservation| reservation.word == "by-number");
        if by_number || path.holders.len() > MOST_DRAWN {
            let from = self.node(Shape::Users, vec![format!("{} active users", path.active_users.text())]);
            return self.edge(from, to, String::new(), false);
        }
        let org = app.about.org.as_deref().unwrap_or_default();
        for holder in &path.holders {
            let from = self.user(org, &holder.user);
            self.edge(from, to, end(holder.expires.as_deref(), holder.ended), holder.ended);
        }
    }

    fn add_asked(&mut self, asked: &AskedUser) {
        let Some(user) = &asked.found else { return };
        let from = self.user(&asked.org, user);
        for app in &asked.apps {
            let to = self.app(&app.about);
            for path in &app.paths {
                let through = self.path(&app.about, path.kind, &path.name, &path.granted_by);
                let ended = path.reservations.iter().any(|reservation| reservation.word == "ended");
                self.edge(from, through, end(path.expires.as_deref(), ended), ended);
                self.edge(through, to, String::new(), path.effective == Some(false) && !ended);
            }
            match app.access {
                "may-approve" => self.edge(from, to, "after approving it once".to_owned(), false),
                "unknown" => self.edge(from, to, "not known".to_owned(), true),
                _ => {}
            }
            if app.tokens > 0 {
                self.edge(from, to, tokens(app.tokens), true);
            }
        }
    }

    fn app(&mut self, about: &About) -> usize {
        let org = about.org.as_ref().map(|org| format!("in {org}"));
        let key = format!("app {} {} {}", about.kind, about.path, org.as_deref().unwrap_or_default());
        let lines = [Some(about.name.clone()), Some(format!("{}, {}", about.kind, about.permitted_users)), org];
        self.node_once(key, Shape::App, lines.into_iter().flatten().collect())
    }

    fn path(&mut self, about: &About, kind: &str, name: &str, granted_by: &[String]) -> usize {
        let org = about.org.as_deref().unwrap_or_default();
        // What is in a group differs from app to app.
        let sets = granted_by.join(", ");
        let through = (!granted_by.is_empty()).then(|| format!("with {sets}"));
        let lines = [Some(name.to_owned()), Some(kind.to_owned()), through];
        self.node_once(format!("{kind} {org} {name} {sets}"), Shape::Path, lines.into_iter().flatten().collect())
    }

    fn user(&mut self, org: &str, user: &User) -> usize {
        let state = (user.state != "active").then(|| user.state.to_owned());
        let lines = [Some(user.user.clone()), state].into_iter().flatten().collect();
        self.node_once(format!("user {org} {}", user.id), Shape::User, lines)
    }

    fn node_once(&mut self, key: String, shape: Shape, lines: Vec<String>) -> usize {
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let index = self.node(shape, lines);
        self.known.insert(key, index);
        index
    }

    fn node(&mut self, shape: Shape, lines: Vec<String>) -> usize {
        self.nodes.push(Node { shape, lines });
        self.nodes.len() - 1
    }

    fn edge(&mut self, from: usize, to: usize, label: String, dashed: bool) {
        let drawn = |edge: &Edge| (edge.from, edge.to, &edge.label, edge.dashed) == (from, to, &label, dashed);
        if !self.edges.iter().rev().take(MOST_DRAWN).any(drawn) {
            self.edges.push(Edge { from, to, label, dashed });
        }
    }
}

/// What an edge from a path says: the words of its reservations.
fn told_of_path(path: &Path) -> String {
    let words = path.reservations.iter().map(|reservation| reservation.word).filter(|word| *word != "by-number");
    let words: Vec<&str> = (path.effective == Some(false)).then_some("no effect").into_iter().chain(words).collect();
    words.join(", ")
}

fn end(expires: Option<&str>, ended: bool) -> String {
    match (expires, ended) {
        (Some(date), true) => format!("ended {}", day(date)),
        (None, true) => "ended".to_owned(),
        (Some(date), false) => format!("ends {}", day(date)),
        (None, false) => String::new(),
    }
}

fn tokens(number: u64) -> String {
    if number == 1 { "1 token".to_owned() } else { format!("{number} tokens") }
}
