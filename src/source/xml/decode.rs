use thiserror::Error;

/// Why bytes are not text that can be read. Offsets count bytes from the start of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// A byte order mark of another encoding.
    #[error("the file is {encoding}, not UTF-8")]
    OtherEncoding {
        /// The encoding the byte order mark stands for.
        encoding: &'static str,
    },
    /// A NUL byte: UTF-16 without a byte order mark, or no text at all.
    #[error("the file holds a NUL byte at offset {offset}: it is UTF-16 or no text at all")]
    Nul {
        /// Of the first NUL byte.
        offset: usize,
    },
    /// Bytes that UTF-8 does not allow.
    #[error("the file is not UTF-8: byte 0x{byte:02X} at offset {offset} cannot stand there")]
    NotUtf8 {
        /// Of the first byte that does not fit.
        offset: usize,
        /// That byte.
        byte: u8,
    },
}

impl DecodeError {
    /// Where in the file the trouble begins, in bytes.
    #[must_use]
    pub const fn offset(self) -> usize {
        match self {
            Self::OtherEncoding { .. } => 0,
            Self::Nul { offset } | Self::NotUtf8 { offset, .. } => offset,
        }
    }
}

/// Byte order marks of encodings that are not read. UTF-32 before UTF-16: its little-endian mark begins with the other's.
const OTHER_MARKS: &[(&[u8], &str)] = &[
    (b"\xFF\xFE\0\0", "UTF-32 (little endian)"),
    (b"\0\0\xFE\xFF", "UTF-32 (big endian)"),
    (b"\xFF\xFE", "UTF-16 (little endian)"),
    (b"\xFE\xFF", "UTF-16 (big endian)"),
];

/// Bytes of a file as text. A UTF-8 byte order mark stays, so that offsets in the text are offsets in the file.
///
/// # Errors
///
/// Whatever is not UTF-8, or holds a NUL byte. Nothing is replaced or guessed: a changed character in a profile's name
/// would be a wrong answer.
pub fn decode(bytes: Vec<u8>) -> Result<String, DecodeError> {
    if let Some((_, encoding)) = OTHER_MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Err(DecodeError::OtherEncoding { encoding });
    }
    if let Some(offset) = memchr::memchr(0, &bytes) {
        return Err(DecodeError::Nul { offset });
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        DecodeError::NotUtf8 { offset, byte: error.as_bytes().get(offset).copied().unwrap_or_default() }
    })
}
