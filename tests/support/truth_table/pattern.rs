//! The condition of a line: which combinations it is about.

use super::combination::{Column, Combination};

/// For some columns the values that fit; every value of the others does.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Vec<(Column, Vec<&'static str>)>);

impl Pattern {
    /// Fits everything.
    pub(super) const ALWAYS: Self = Self(Vec::new());

    /// Reads `always` or `column=value column=value/value …`.
    pub(super) fn read(text: &str, columns: &[Column]) -> Result<Self, String> {
        if text == "always" {
            return Ok(Self::ALWAYS);
        }
        let mut conditions: Vec<(Column, Vec<&str>)> = Vec::new();
        for condition in text.split_whitespace() {
            let (name, values) = condition.split_once('=').ok_or_else(|| format!("`{condition}` is not `column=value`"))?;
            let column = Column::from_word(name).filter(|column| columns.contains(column));
            let column = column.ok_or_else(|| format!("`{name}` is no column of this file; {}", listed(columns)))?;
            if conditions.iter().any(|(named, _)| *named == column) {
                return Err(format!("`{name}` stands twice; write `{name}=a/b`"));
            }
            conditions.push((column, read_values(column, values)?));
        }
        if conditions.is_empty() { Err("there is no condition; write `always`".to_owned()) } else { Ok(Self(conditions)) }
    }

    pub(super) fn fits(&self, combination: Combination) -> bool {
        self.0.iter().all(|(column, values)| values.contains(&combination.word(*column)))
    }

    /// The same with a bit less: without each condition, and without each of the values of a condition; with what is gone.
    pub(super) fn with_less(&self) -> Vec<(String, Self)> {
        let mut all = Vec::new();
        for (index, (column, values)) in self.0.iter().enumerate() {
            let mut without = self.clone();
            without.0.remove(index);
            all.push((format!("the condition on `{}`", column.word()), without));
            // A condition of one value is the condition itself.
            for (at, value) in values.iter().enumerate().filter(|_| values.len() > 1) {
                let mut without = self.clone();
                without.0[index].1.remove(at);
                all.push((format!("`{value}`"), without));
            }
        }
        all
    }
}

fn read_values(column: Column, text: &str) -> Result<Vec<&'static str>, String> {
    let mut values = Vec::new();
    for word in text.split('/') {
        let known = column.values().iter().find(|known| **known == word);
        let known = *known
            .ok_or_else(|| format!("`{word}` is no value of `{}`; they are {}", column.word(), column.values().join(", ")))?;
        if values.contains(&known) {
            return Err(format!("`{word}` stands twice"));
        }
        values.push(known);
    }
    if values.len() == column.values().len() {
        return Err(format!("these are all values of `{}`; leave the column out", column.word()));
    }
    Ok(values)
}

fn listed(columns: &[Column]) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.word()).collect();
    format!("they are {}", names.join(", "))
}
