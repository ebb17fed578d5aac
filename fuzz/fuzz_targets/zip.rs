//! Any bytes, as a zipped package: no panic, no more memory than allowed, and no path that leads out.
#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use orgwarden::collect::tree::package::{Limits, read};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { entry_bytes: 1 << 20, total_bytes: 1 << 22, ..Limits::default() };
    let Ok((entries, problems)) = read(Cursor::new(bytes), &limits, |_| true) else { return };
    assert!(entries.iter().map(|entry| entry.bytes.len()).sum::<usize>() <= 1 << 22);
    assert!(entries.iter().all(|entry| entry.name.split('/').all(|part| !matches!(part, "" | "." | ".."))));
    assert!(problems.iter().all(|problem| !problem.name.contains(char::is_control)));
});
