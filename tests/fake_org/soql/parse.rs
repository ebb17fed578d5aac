//! From text to a query.

use super::super::error::ApiError;
use super::lexer::{Token, tokens};
use super::{Condition, Function, Item, Literal, Operator, Order, Path, Query, Values};

/// Reads a query. What the grammar does not have is `MALFORMED_QUERY`.
pub(crate) fn parse(text: &str) -> Result<Query, ApiError> {
    if text.len() > 100_000 {
        return Err(ApiError::new(400, "MALFORMED_QUERY", "SOQL statements cannot be longer than 100000 characters."));
    }
    let mut parser = Parser { text, tokens: tokens(text)?, next: 0 };
    let query = parser.query()?;
    if parser.next < parser.tokens.len() { Err(parser.unexpected()) } else { Ok(query) }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(Token, usize)>,
    next: usize,
}

impl Parser<'_> {
    fn query(&mut self) -> Result<Query, ApiError> {
        self.expect("SELECT")?;
        let select = self.list(Self::item)?;
        self.expect("FROM")?;
        let from = self.path()?;
        let mut query = Query {
            text: self.text.to_owned(),
            select,
            from,
            filter: None,
            group: Vec::new(),
            order: Vec::new(),
            limit: None,
            offset: 0,
        };
        if self.accept("WHERE") {
            query.filter = Some(self.condition()?);
        }
        if self.accept("GROUP") {
            self.expect("BY")?;
            query.group = self.list(Self::path)?;
        }
        if self.accept("ORDER") {
            self.expect("BY")?;
            query.order = self.list(Self::order)?;
        }
        if self.accept("LIMIT") {
            query.limit = Some(self.number()?);
        }
        if self.accept("OFFSET") {
            query.offset = self.number()?;
        }
        if query.offset > 2000 {
            let text = "Maximum SOQL offset allowed is 2000";
            return Err(ApiError::new(400, "NUMBER_OUTSIDE_VALID_RANGE", text));
        }
        Ok(query)
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T, ApiError>) -> Result<Vec<T>, ApiError> {
        let mut items = vec![item(self)?];
        while self.sign(",") {
            items.push(item(self)?);
        }
        Ok(items)
    }

    fn item(&mut self) -> Result<Item, ApiError> {
        let path = self.path()?;
        if !self.sign("(") {
            return Ok(Item::Field { path, alias: self.alias() });
        }
        let function = match path.text.to_ascii_uppercase().as_str() {
            "COUNT" if self.sign(")") => return Ok(Item::CountRows),
            "COUNT" => Function::Count,
            "COUNT_DISTINCT" => Function::CountDistinct,
            "MIN" => Function::Min,
            "MAX" => Function::Max,
            "SUM" => Function::Sum,
            _ => return Err(ApiError::at("MALFORMED_QUERY", self.text, path.at, format!("unexpected token: '{}'", path.text))),
        };
        let path = self.path()?;
        self.expect_sign(")")?;
        Ok(Item::Aggregate { function, path, alias: self.alias() })
    }

    fn alias(&mut self) -> Option<String> {
        const NEXT: [&str; 6] = ["FROM", "ASC", "DESC", "NULLS", "LIMIT", "OFFSET"];
        match self.tokens.get(self.next) {
            Some((Token::Word(word), _)) if !NEXT.iter().any(|next| word.eq_ignore_ascii_case(next)) => {
                self.next += 1;
                Some(word.clone())
            }
            _ => None,
        }
    }

    fn order(&mut self) -> Result<Order, ApiError> {
        let item = self.item()?;
        let descending = !self.accept("ASC") && self.accept("DESC");
        let mut nulls_last = false;
        if self.accept("NULLS") {
            nulls_last = self.accept("LAST");
            if !nulls_last {
                self.expect("FIRST")?;
            }
        }
        Ok(Order { item, descending, nulls_last })
    }

    /// Either all `AND` or all `OR`: a mixture needs brackets, and so does `NOT` as a part of one.
    fn condition(&mut self) -> Result<Condition, ApiError> {
        if self.accept("NOT") {
            return Ok(Condition::Not(Box::new(self.simple()?)));
        }
        let first = self.simple()?;
        let mut parts = vec![first];
        let word = if self.peek("AND") { "AND" } else { "OR" };
        while self.accept(word) {
            parts.push(self.simple()?);
        }
        if self.peek("AND") || self.peek("OR") {
            return Err(self.unexpected());
        }
        Ok(match (parts.len(), word) {
            (1, _) => parts.remove(0),
            (_, "AND") => Condition::And(parts),
            _ => Condition::Or(parts),
        })
    }

    fn simple(&mut self) -> Result<Condition, ApiError> {
        if self.sign("(") {
            let inner = self.condition()?;
            self.expect_sign(")")?;
            return Ok(inner);
        }
        if self.peek("NOT") {
            return Err(self.unexpected());
        }
        let path = self.path()?;
        let negated = self.accept("NOT");
        if self.accept("IN") {
            return Ok(Condition::In { path, negated, values: self.values()? });
        }
        if negated {
            return Err(self.unexpected());
        }
        let operator = self.operator()?;
        Ok(Condition::Compare { path, operator, value: self.literal()? })
    }

    fn values(&mut self) -> Result<Values, ApiError> {
        self.expect_sign("(")?;
        let values =
            if self.peek("SELECT") { Values::Query(Box::new(self.query()?)) } else { Values::List(self.list(Self::literal)?) };
        self.expect_sign(")")?;
        Ok(values)
    }

    fn operator(&mut self) -> Result<Operator, ApiError> {
        if self.accept("LIKE") {
            return Ok(Operator::Like);
        }
        let Some((Token::Sign(sign), _)) = self.tokens.get(self.next) else { return Err(self.unexpected()) };
        let operator = match *sign {
            "=" => Operator::Equal,
            "!=" | "<>" => Operator::NotEqual,
            "<" => Operator::Less,
            "<=" => Operator::AtMost,
            ">" => Operator::Greater,
            ">=" => Operator::AtLeast,
            _ => return Err(self.unexpected()),
        };
        self.next += 1;
        Ok(operator)
    }

    fn literal(&mut self) -> Result<Literal, ApiError> {
        if let Some(span) = self.span_of_days()? {
            return Ok(span);
        }
        let Some((token, _)) = self.tokens.get(self.next).cloned() else { return Err(self.unexpected()) };
        let literal = match token {
            Token::Text(text) if text.len() > 4000 => {
                return Err(ApiError::new(400, "MALFORMED_QUERY", "a string in WHERE has at most 4000 characters"));
            }
            Token::Text(text) => Literal::Text(text),
            Token::Word(word) => word_literal(&word).ok_or_else(|| self.unexpected())?,
            Token::Sign(_) => return Err(self.unexpected()),
        };
        self.next += 1;
        Ok(literal)
    }

    /// `LAST_N_DAYS:30` and `NEXT_N_DAYS:30`.
    fn span_of_days(&mut self) -> Result<Option<Literal>, ApiError> {
        let last = self.accept("LAST_N_DAYS");
        if !last && !self.accept("NEXT_N_DAYS") {
            return Ok(None);
        }
        self.expect_sign(":")?;
        let days = i64::try_from(self.number()?).map_err(|_| self.unexpected())?;
        // The day itself belongs to LAST_N_DAYS, and the span of NEXT_N_DAYS begins tomorrow.
        Ok(Some(if last { Literal::Days(-days, 1) } else { Literal::Days(1, days + 1) }))
    }

    fn number(&mut self) -> Result<usize, ApiError> {
        let Some((Token::Word(word), _)) = self.tokens.get(self.next) else { return Err(self.unexpected()) };
        let number = word.parse().map_err(|_| self.unexpected())?;
        self.next += 1;
        Ok(number)
    }

    fn path(&mut self) -> Result<Path, ApiError> {
        match self.tokens.get(self.next) {
            Some((Token::Word(word), at)) if word.starts_with(|c: char| c.is_alphabetic()) => {
                self.next += 1;
                Ok(Path { text: word.clone(), at: *at })
            }
            _ => Err(self.unexpected()),
        }
    }

    fn peek(&self, keyword: &str) -> bool {
        matches!(self.tokens.get(self.next), Some((Token::Word(word), _)) if word.eq_ignore_ascii_case(keyword))
    }

    fn accept(&mut self, keyword: &str) -> bool {
        let found = self.peek(keyword);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, keyword: &str) -> Result<(), ApiError> {
        if self.accept(keyword) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some((Token::Sign(found), _)) if *found == sign);
        self.next += usize::from(found);
        found
    }

    fn expect_sign(&mut self, sign: &str) -> Result<(), ApiError> {
        if self.sign(sign) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn unexpected(&self) -> ApiError {
        let (what, at) = match self.tokens.get(self.next) {
            Some((Token::Word(text) | Token::Text(text), at)) => (text.as_str(), *at),
            Some((Token::Sign(sign), at)) => (*sign, *at),
            None => ("<EOF>", self.text.chars().count()),
        };
        ApiError::at("MALFORMED_QUERY", self.text, at, format!("unexpected token: '{what}'"))
    }
}

fn word_literal(word: &str) -> Option<Literal> {
    Some(match word.to_ascii_uppercase().as_str() {
        "NULL" => Literal::Null,
        "TRUE" => Literal::Bool(true),
        "FALSE" => Literal::Bool(false),
        "TODAY" => Literal::Days(0, 1),
        "YESTERDAY" => Literal::Days(-1, 0),
        "TOMORROW" => Literal::Days(1, 2),
        _ => return number_or_date(word),
    })
}

fn number_or_date(word: &str) -> Option<Literal> {
    if let Ok(number) = word.parse() {
        return Some(Literal::Number(number));
    }
    if word.contains('T') {
        // A `+` of the offset that was not encoded has become a space, and the word has ended there: not a date.
        let time: jiff::Timestamp = word.parse().ok()?;
        return Some(Literal::DateTime(time.to_string().chars().take(19).collect()));
    }
    word.parse::<jiff::civil::Date>().ok().map(|date| Literal::Date(date.to_string()))
}
