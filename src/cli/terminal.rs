//! Where output goes and how it looks there: decided once, passed down.

use std::cell::RefCell;
use std::env;
use std::io::{self, IsTerminal, Write};

use anyhow::Context as _;
use clap::ValueEnum;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::diagnostic::Diagnostic;
use crate::report::{Style, pretty, untrusted};

/// Width where there is no terminal to ask.
const WIDTH_WITHOUT_TERMINAL: usize = 120;

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless `NO_COLOR` or CI is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The outside world of a run: streams, looks, and the time it is.
pub struct Terminal {
    out: RefCell<Box<dyn Write>>,
    err: RefCell<Box<dyn Write>>,
    out_style: Style,
    err_style: Style,
    progress: bool,
    now: Timestamp,
}

impl Terminal {
    /// The process's own streams. `now` decides what has expired.
    #[must_use]
    pub fn of_process(now: Timestamp) -> Self {
        let lively = |is_terminal: bool| is_terminal && !is_set("CI") && env::var_os("TERM").is_none_or(|term| term != "dumb");
        let colour = |is_terminal: bool| lively(is_terminal) && !is_set("NO_COLOR");
        let (out, err) = (io::stdout(), io::stderr());
        Self {
            out_style: Style { width: width(), colour: colour(out.is_terminal()) },
            err_style: Style { width: width(), colour: colour(err.is_terminal()) },
            progress: lively(err.is_terminal()),
            out: RefCell::new(Box::new(io::BufWriter::new(out))),
            err: RefCell::new(Box::new(err)),
            now,
        }
    }

    /// The same with colour as the user wants it.
    pub(super) fn with_colour(&self, colour: Colour) -> View<'_> {
        let set = |style: Style| match colour {
            Colour::Auto => style,
            Colour::Always => Style { colour: true, ..style },
            Colour::Never => Style { colour: false, ..style },
        };
        View { terminal: self, out_style: set(self.out_style), err_style: set(self.err_style) }
    }
}

/// A terminal with its looks settled.
pub(super) struct View<'a> {
    terminal: &'a Terminal,
    pub(super) out_style: Style,
    err_style: Style,
}

impl View<'_> {
    /// Whether somebody watches standard error, and not a pipeline's log.
    pub(super) fn shows_progress(&self) -> bool {
        self.terminal.progress
    }

    pub(super) fn now(&self) -> Timestamp {
        self.terminal.now
    }

    /// The day it is in UTC, as the dates of certificates are.
    pub(super) fn today(&self) -> Date {
        TimeZone::UTC.to_datetime(self.now()).date()
    }

    /// Writes results, in which nothing that others wrote is a command to the runner of a pipeline.
    pub(super) fn results(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut results = Vec::new();
        write(&mut results)?;
        let text = String::from_utf8(results).map_err(io::Error::other)?;
        self.commands(|out| out.write_all(untrusted::log(&text).as_bytes()))
    }

    /// Writes what is for the runner of a pipeline. A reader that went away (`| head`) is not an error: it has what it wanted.
    pub(super) fn commands(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut out = self.terminal.out.borrow_mut();
        match write(&mut **out).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// Writes a result as indented JSON with a final line break.
    pub(super) fn json(&self, value: &impl serde::Serialize) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(value).context("cannot be written as JSON")?;
        self.results(|out| writeln!(out, "{}", untrusted::json(&text))).context("cannot write to standard output")
    }

    /// Shows problems on standard error, each followed by an empty line.
    pub(super) fn diagnostics(&self, diagnostics: &[Diagnostic]) {
        if !diagnostics.is_empty() {
            self.note(pretty::diagnostics(diagnostics, self.err_style).trim_end_matches('\n'));
            self.note("");
        }
    }

    /// Says something on standard error. Nothing can be done when nobody listens there.
    pub(super) fn note(&self, text: &str) {
        let _ = writeln!(self.terminal.err.borrow_mut(), "{}", untrusted::log(text));
    }

    /// Says on standard error what went wrong with something named by someone else.
    pub(super) fn error(&self, text: &str) {
        self.note(&format!("error: {}", untrusted::lines(text)));
    }
}

fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some_and(|value| !value.is_empty())
}

fn width() -> usize {
    let stated = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|width| *width > 0);
    stated.or_else(|| terminal_size::terminal_size().map(|(width, _)| width.0.into())).unwrap_or(WIDTH_WITHOUT_TERMINAL)
}
