//! How the clients are installed under `target/interop` and started.

use super::folder;
use super::vault::Vault;
use crate::shell::{Outcome, command, output, run};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where a client comes from and where it is installed.
pub(super) struct Place {
    pub(super) source: PathBuf,
    pub(super) installed: PathBuf,
}

impl Place {
    /// Runs `install` unless it was run to its end for the same `lock`.
    fn once(&self, lock: &str, install: impl FnOnce() -> Outcome) -> Outcome {
        let (lock, done) = (self.source.join(lock), self.installed.join("installed"));
        let wanted = fs::read(&lock).map_err(|error| format!("cannot read {lock:?}: {error}"))?;
        if fs::read(&done).is_ok_and(|found| found == wanted) {
            return Ok(());
        }
        install()?;
        fs::write(&done, wanted).map_err(|error| format!("cannot write {done:?}: {error}"))
    }
}

/// The interpreter with the Python SDKs and what they need; `python/tokens.py` runs with it too.
pub(super) fn python_interpreter() -> PathBuf {
    folder().join("python/venv/bin/python")
}

pub(super) fn python(place: &Place) -> Outcome {
    place.once("requirements.txt", || {
        run(&mut command("python3", &["-m", "venv", "--clear", &text(place.installed.join("venv"))]))?;
        // What builds the packages that have no wheels comes first, as pip would fetch it without a hash.
        let lists = ["build.txt", "requirements.txt"].map(|list| place.source.join(list));
        for list in lists.iter().filter(|list| list.exists()) {
            let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"];
            let mut pip = command(place.installed.join("venv/bin/python"), &pip);
            run(pip.args(["--no-deps", "--no-build-isolation", "--require-hashes", "--requirement"]).arg(list))?;
        }
        Ok(())
    })
}

pub(super) fn python_program(place: &Place, _: &Vault) -> Outcome<Command> {
    Ok(python_file(place, "main.py"))
}

/// A program of the client's folder, by the Python that has its packages.
pub(super) fn python_file(place: &Place, file: &str) -> Command {
    command(place.installed.join("venv/bin/python"), &["-B", &text(place.source.join(file))])
}

/// npm installs beside the lock file, so the program is copied there.
pub(super) fn javascript(place: &Place) -> Outcome {
    let files = fs::read_dir(&place.source).map_err(|error| format!("cannot read {:?}: {error}", place.source))?;
    for file in files.flatten() {
        let copy = place.installed.join(file.file_name());
        fs::copy(file.path(), &copy).map_err(|error| format!("cannot copy to {copy:?}: {error}"))?;
    }
    place.once("package-lock.json", || {
        let mut npm =
            command("npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"]);
        run(npm.arg(&place.installed).stdout(std::process::Stdio::null()))
    })
}

pub(super) fn go(place: &Place) -> Outcome {
    let mut go =
        command("go", &["build", "-trimpath", "-mod=readonly", "-o", &text(place.installed.join("interop")), "."]);
    run(go.current_dir(&place.source).env("GOTOOLCHAIN", "local").env("GOFLAGS", ""))
}

/// The plug-in is named with its version, as a pom would not pin Maven's own choice.
const COPY: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

pub(super) fn java(place: &Place) -> Outcome {
    let (lib, sums) = (place.installed.join("lib"), place.source.join("lib.sha256"));
    place.once("lib.sha256", || {
        let mut maven =
            command("mvn", &["--batch-mode", "--quiet", "-Dstyle.color=never", "--strict-checksums", "--file"]);
        maven.arg(place.source.join("pom.xml")).arg(COPY).args([
            format!("-Dmaven.repo.local={}", text(place.installed.join("repository"))),
            format!("-DoutputDirectory={}", text(&lib)),
        ]);
        run(&mut maven)?;
        run(command("sha256sum", &["--check", "--strict", "--quiet", &text(&sums)]).current_dir(&lib))
    })?;
    let mut javac =
        command("javac", &["-Xlint:all,-processing", "-Werror", "--release", "17", "-encoding", "UTF-8", "-cp"]);
    javac.arg(class_path(place)?).arg("-d").arg(place.installed.join("classes"));
    run(javac.args(sources(&place.source, "java")?))
}

pub(super) fn java_program(place: &Place, vault: &Vault) -> Outcome<Command> {
    // Java reads no PEM.
    let store = place.installed.join(if vault.is_default() { "trust-default" } else { "trust" });
    fs::remove_file(&store).ok();
    let password = "not-a-secret";
    let mut keytool = command("keytool", &["-importcert", "-noprompt", "-alias", "vault", "-storepass", password]);
    output(keytool.arg("-file").arg(vault.certificate()).arg("-keystore").arg(&store))?;
    let mut java = command("java", &[&format!("-Djavax.net.ssl.trustStorePassword={password}")]);
    java.arg(format!("-Djavax.net.ssl.trustStore={}", text(&store)));
    java.arg("-cp").arg(format!("{}:{}", text(place.installed.join("classes")), class_path(place)?)).arg("Main");
    Ok(java)
}

/// The libraries whose hashes were checked, and no others.
fn class_path(place: &Place) -> Outcome<String> {
    let sums = place.source.join("lib.sha256");
    let sums = fs::read_to_string(&sums).map_err(|error| format!("cannot read {sums:?}: {error}"))?;
    let names = sums.lines().filter_map(|line| line.split_whitespace().nth(1));
    Ok(names.map(|name| text(place.installed.join("lib").join(name))).collect::<Vec<_>>().join(":"))
}

fn sources(folder: &Path, extension: &str) -> Outcome<Vec<PathBuf>> {
    let files = fs::read_dir(folder).map_err(|error| format!("cannot read {folder:?}: {error}"))?;
    let paths = files.flatten().map(|file| file.path());
    Ok(paths.filter(|path| path.extension().is_some_and(|found| found == extension)).collect())
}

/// Builds it as the test that it is, but starts it without cargo, which would wait for other builds.
pub(super) fn rust(place: &Place) -> Outcome {
    let arguments = ["test", "--no-run", "--locked", "--package", "strongroom-keyvault", "--test", "interop"];
    let messages = output(command(env!("CARGO"), &arguments).arg("--message-format=json"))?;
    let mut built = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let program = built.find_map(|message| Some(message["executable"].as_str()?.to_owned()));
    let (program, copy) = (program.ok_or("cargo named no executable")?, place.installed.join("interop"));
    fs::copy(program, &copy).map(drop).map_err(|error| format!("cannot copy to {copy:?}: {error}"))
}

/// A path as an argument.
pub(super) fn text(path: impl AsRef<Path>) -> String {
    path.as_ref().to_string_lossy().into_owned()
}
