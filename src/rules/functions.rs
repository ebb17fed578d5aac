//! The functions conditions may call: their names and meaning, told once.

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
