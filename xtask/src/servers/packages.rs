//! Debian's packages: servers that no other registry pins for us.
//! Debian keeps one version per release in its archive, signed; so the release pins it, and what was found is said.

use super::user::is_root;
use crate::shell::{Outcome, command, output};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// apt-get runs once at a time.
static APT: Mutex<()> = Mutex::new(());

/// Installs `packages` when one of `files` is missing.
pub(crate) fn need(files: &[&str], packages: &[&str]) -> Outcome {
    let missing = || files.iter().find(|file| !Path::new(file).exists());
    let _one = APT.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(file) = missing() else { return Ok(()) };
    let wanted = packages.join(" ");
    if !is_root() {
        return Err(format!("{file} is missing; as root, run `apt-get install --no-install-recommends {wanted}`"));
    }
    println!("  {file} is missing: installing {wanted}");
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat())?;
    missing().map_or(Ok(()), |file| Err(format!("{file} is still missing after installing {wanted}")))
}

/// Other users of apt on the machine are waited for; no service of a package is started.
fn apt(arguments: &[&str]) -> Outcome {
    let mut apt = command("apt-get", &["--quiet=2", "--option=DPkg::Lock::Timeout=300"]);
    apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1");
    // what it prints matters only if it fails
    output(&mut apt).map(drop)
}

/// The version in what a program prints when asked: its first word that starts with a digit.
pub(super) fn version(program: &str) -> Outcome<String> {
    let said = output(&mut command(program, &["--version"]))?;
    let mut words = said.split_whitespace();
    let version = words.find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    version.map(str::to_owned).ok_or_else(|| format!("{program} tells no version: {said}"))
}
