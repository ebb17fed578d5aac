//! The functions conditions may call: their names and meaning told once, and the CEL environment that has them.

use std::sync::{Arc, LazyLock};

use cel::common::types::{CelString, STRING_TYPE};
use cel::common::value::CowVal;
use cel::extractors::This;
use cel::{Context, Env, ExecutionError};
use regex::Regex;

/// A function or macro of conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub usage: &'static str,
    /// What it says.
    pub doc: &'static str,
}

const fn function(name: &'static str, usage: &'static str, doc: &'static str) -> Function {
    Function { name, usage, doc }
}

/// All functions of conditions, in the order they are documented.
pub const FUNCTIONS: &[Function] = &[
    function("has", "has(FACT)", "Whether an optional fact or field is there."),
    function("size", "size(LIST)", "Number of elements; of a text the number of characters."),
    function("exists", "LIST.exists(x, CONDITION)", "Whether the condition holds for an element."),
    function("all", "LIST.all(x, CONDITION)", "Whether the condition holds for every element; true for an empty list."),
    function("exists_one", "LIST.exists_one(x, CONDITION)", "Whether the condition holds for exactly one element."),
    function("filter", "LIST.filter(x, CONDITION)", "The elements the condition holds for."),
    function("map", "LIST.map(x, EXPRESSION)", "The list of what the expression is for each element."),
    function("startsWith", "TEXT.startsWith(TEXT)", "Whether the text begins so."),
    function("endsWith", "TEXT.endsWith(TEXT)", "Whether the text ends so."),
    function("contains", "TEXT.contains(TEXT)", "Whether the text holds the other."),
    function(
        "matches",
        "TEXT.matches(\"PATTERN\")",
        "Whether the regular expression is found in the text; anchor it with ^ and $.",
    ),
    function("lowerAscii", "TEXT.lowerAscii()", "The text with A to Z in lower case."),
];

/// The patterns of one condition, compiled when it was.
pub(super) type Patterns = Arc<[(String, Regex)]>;

/// The environment every condition is compiled and evaluated in. Built once: it takes longer than compiling a condition.
pub(super) fn environment() -> &'static Arc<Env> {
    static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| {
        let mut env = Env::stdlib();
        // The name is free in the standard library, so this cannot fail; if it ever did, the check of the built-in rules'
        // examples would show it.
        let _ = env.add_member_overload("lowerAscii", "lower_ascii_string", STRING_TYPE, Vec::new(), lower_ascii);
        Arc::new(env)
    });
    &ENVIRONMENT
}

/// Gives `context` the condition's own `matches`: the crate's one compiles the pattern at every call.
pub(super) fn add_patterns(context: &mut Context<'_, '_>, patterns: &Patterns) {
    let patterns = Arc::clone(patterns);
    let matches = move |This(text): This<Arc<String>>, pattern: Arc<String>| {
        let compiled = patterns.iter().find(|(written, _)| *written == **pattern);
        compiled
            .map(|(_, regex)| regex.is_match(&text))
            .ok_or_else(|| ExecutionError::function_error("matches", "the pattern was not compiled"))
    };
    // Free as well: cel's `regex` feature is off.
    let _ = context.add_function("matches", matches);
}

fn lower_ascii<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let text = args.into_iter().next().ok_or_else(ExecutionError::missing_argument_or_target)?;
    text.downcast_ref::<CelString<'_>>()
        .map(|text| CowVal::owned(CelString::from(text.inner().to_ascii_lowercase())))
        .ok_or_else(ExecutionError::missing_argument_or_target)
}
