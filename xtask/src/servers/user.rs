//! Whose processes the servers are: ours, or for those that root must not run, another user's.

use crate::shell::{Outcome, command, run};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;

/// Whether this process may do everything.
pub(super) fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0)
}

/// Root gives `folder` and all in it to `user`; anybody else keeps it.
pub(super) fn give(folder: &Path, user: &str) -> Outcome {
    if is_root() { run(command("chown", &["--recursive", user]).arg(folder)) } else { Ok(()) }
}

/// `program` as `user`, under the process id that was started.
pub(super) fn as_user(user: &str, program: &str) -> Command {
    command("setpriv", &["--reuid", user, "--regid", user, "--clear-groups", program])
}

/// Whether `user` can write in `folder`, which is theirs, through all folders above it.
pub(super) fn opens(folder: &Path, user: &str) -> Outcome<bool> {
    let status = as_user(user, "test").arg("-w").arg(folder).current_dir("/").status();
    status.map(|status| status.success()).map_err(|error| format!("cannot start setpriv: {error}"))
}
