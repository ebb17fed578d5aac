//! Room for deep expressions.

use std::cell::Cell;
use std::{panic, thread};

/// Enough for the longest chain that fits into [`LONGEST_CONDITION`](super::LONGEST_CONDITION) bytes, in debug builds too.
const STACK: usize = 64 << 20;

thread_local! {
    static HAS_STACK: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` on a thread with a stack deep enough for any condition.
///
/// Loading and judging do this by themselves; whoever loads or judges many rules wraps the whole in one call, so that one
/// thread is made and not thousands.
pub fn with_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if HAS_STACK.get() {
        return work();
    }
    let mut work = Some(work);
    let result = thread::scope(|scope| {
        let on_thread = || {
            HAS_STACK.set(true);
            work.take().map(|work| work())
        };
        let spawned = thread::Builder::new().name("rules".to_owned()).stack_size(STACK).spawn_scoped(scope, on_thread);
        spawned.ok().and_then(|thread| thread.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked)))
    });
    match (result, work) {
        (Some(result), _) => result,
        // No thread could be made. The stack at hand does for all but absurd conditions.
        (None, Some(work)) => work(),
        (None, None) => unreachable!("work that was taken has a result"),
    }
}
