//! Where the demo's commands run: a temporary folder, and an environment that holds nothing of the user's.

use super::vault::Vault;
use crate::env;
use crate::session::Session;
use std::ffi::OsString;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::{fs, io};
use strongroom_core::{Error, Kind, Result};
use tempfile::TempDir;

/// Files that the commands name.
const FILES: &[(&str, &str)] = &[("key.txt", "a-key-that-opens-nothing"), ("token.txt", "a-token-of-no-session")];

/// The folder and the environment.
#[derive(Debug)]
pub(super) struct Stage {
    folder: TempDir,
    program: PathBuf,
    variables: Vec<(&'static str, OsString)>,
}

impl Stage {
    /// Makes the folder and the files in it.
    ///
    /// # Errors
    /// [`Kind::Unavailable`] when nothing can be written to the folder for temporary files.
    pub(super) fn set(vault: &Vault, session: &Session) -> Result<Self> {
        let broken = |error: io::Error| Error::new(Kind::Unavailable, "cannot set up the demo").with_source(error);
        let folder = tempfile::Builder::new().prefix("strongroom-demo-").tempdir().map_err(broken)?;
        for (name, content) in FILES.iter().chain(&[("ca.pem", vault.ca_certificate())]) {
            fs::write(folder.path().join(name), content).map_err(broken)?;
        }
        let program = std::env::current_exe().map_err(broken)?;
        let kept = [env::PATH, env::TERM, env::NO_COLOR].into_iter();
        let kept = kept.filter_map(|name| Some((name, OsString::from(session.env.get(name)?))));
        let own = [(env::HOME, folder.path().join("home").into_os_string()), (env::NO_HINTS, "1".into())];
        let sign_in = vault.sign_in().map(|(name, value)| (name, OsString::from(value)));
        let variables = kept.chain(own).chain(sign_in).collect();
        Ok(Self { folder, program, variables })
    }

    /// Shows a command, and runs it.
    ///
    /// # Errors
    /// When it fails.
    pub(super) fn run(&self, words: &[String], session: &Session) -> Result<()> {
        let shown = shown(words);
        session.printer.text(&format!("\n$ {shown}\n"))?;
        let status = self
            .command(words)
            .and_then(|mut command| command.status())
            .map_err(|error| Error::new(Kind::Unavailable, format!("cannot run `{shown}`")).with_source(error))?;
        if status.success() {
            return Ok(());
        }
        Err(Error::new(Kind::Unavailable, format!("the demo ends here: `{shown}` failed ({status})"))
            .with_hint("this should not happen; please report it"))
    }

    fn command(&self, words: &[String]) -> io::Result<Command> {
        // Messages go where the data goes, so that a demo in a file is whole and in order.
        let stdout = io::stdout().as_fd().try_clone_to_owned()?;
        let mut command = Command::new(&self.program);
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null()).stderr(stdout).env_clear();
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        Ok(command)
    }
}

/// The command as a user would type it.
fn shown(words: &[String]) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_=@/:.,".contains(letter);
    let quote = |word: &String| {
        if word.chars().all(plain) { word.clone() } else { format!("'{}'", word.replace('\'', r"'\''")) }
    };
    std::iter::once("strongroom".to_owned()).chain(words.iter().map(quote)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_shell_reads_the_shown_words_back() {
        let words = ["run", "--", "sh", "-c", "echo \"it's\" $HOME"].map(str::to_owned);
        assert_eq!(shown(&words), r#"strongroom run -- sh -c 'echo "it'\''s" $HOME'"#);
    }
}
