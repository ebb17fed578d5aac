/// A complex type of the WSDL.
#[derive(Debug)]
pub struct ComplexType {
    /// Its name in the WSDL; for a component also the name of its root element.
    pub name: &'static str,
    /// Whether `elements` is all there is, so that another element is worth a warning. Types of which only a part is read are open.
    pub closed: bool,
    /// Its elements, in the order Salesforce writes them.
    pub elements: &'static [ElementType],
}

/// An element of a complex type.
#[derive(Debug)]
pub struct ElementType {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// Whether it may occur more than once.
    pub many: bool,
    /// Whether the schema wants it.
    pub required: bool,
    /// The first API version that has it; 0 for elements that the oldest WSDL compared (47.0) already has.
    pub since: u16,
}

/// The type of an element.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Free text.
    Text,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// One of these words.
    Enum(&'static [&'static str]),
    /// More elements.
    Complex(&'static ComplexType),
}

impl ComplexType {
    /// The element of this name.
    #[must_use]
    pub fn element(&self, name: &str) -> Option<&'static ElementType> {
        self.elements.iter().find(|element| element.name == name)
    }

    /// The element at a path such as `oauthConfig/scopes`.
    #[must_use]
    pub fn at(&'static self, path: &str) -> Option<&'static ElementType> {
        let (name, rest) = path.split_once('/').map_or((path, None), |(name, rest)| (name, Some(rest)));
        let element = self.element(name)?;
        match (rest, element.kind) {
            (None, _) => Some(element),
            (Some(rest), Kind::Complex(inner)) => inner.at(rest),
            (Some(_), _) => None,
        }
    }

    /// The first API version that has everything on a path; 0 where no version is known to lack it.
    #[must_use]
    pub fn since(&'static self, path: &str) -> u16 {
        path.match_indices('/')
            .map(|(at, _)| path.get(..at).unwrap_or(path))
            .chain([path])
            .filter_map(|prefix| self.at(prefix))
            .map(|element| element.since)
            .max()
            .unwrap_or_default()
    }

    /// Where an element stands in the order Salesforce writes them.
    #[must_use]
    pub fn rank(&self, name: &str) -> usize {
        self.elements.iter().position(|element| element.name == name).unwrap_or(self.elements.len())
    }
}

impl ElementType {
    /// The same element, in the schema from this API version on.
    pub(super) const fn since(mut self, version: u16) -> Self {
        self.since = version;
        self
    }
}

/// An element that occurs at most once.
pub(super) const fn one(name: &'static str, kind: Kind) -> ElementType {
    ElementType { name, kind, many: false, required: false, since: 0 }
}

/// An element that must occur once.
pub(super) const fn required(name: &'static str, kind: Kind) -> ElementType {
    ElementType { required: true, ..one(name, kind) }
}

/// An element that may repeat.
pub(super) const fn many(name: &'static str, kind: Kind) -> ElementType {
    ElementType { many: true, ..one(name, kind) }
}
