//! What operators deploy with, held to what will read it: systemd's unit, the container's file, the chart for Kubernetes.

use crate::servers;
use crate::shell::{Outcome, command, output, root, run, target};
use std::fs;

/// Checks everything in `deploy/`.
pub(crate) fn deploy() -> Outcome {
    unit()?;
    container()?;
    chart()
}

/// The binary need not be installed, so the unit is verified with a program that is everywhere in its place.
fn unit() -> Outcome {
    servers::need(&["/usr/bin/systemd-analyze"], &["systemd"])?;
    let source = root().join("deploy/systemd/strongroom.service");
    let text = fs::read_to_string(&source).map_err(|error| format!("cannot read {source:?}: {error}"))?;
    let (folder, program) = (target().join("deploy"), "/usr/local/bin/strongroom");
    if !text.contains(program) {
        return Err(format!("{source:?} does not start `{program}`"));
    }
    let copy = folder.join("strongroom.service");
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&copy, text.replace(program, "/bin/true")))
        .map_err(|error| format!("cannot write {copy:?}: {error}"))?;
    run(&mut command("systemd-analyze", &["verify", "--man=no", "--recursive-errors=no", &copy.to_string_lossy()]))?;
    // 0 is a service that may do nothing, 10 one that may do everything
    let limit = "--threshold=20";
    output(&mut command(
        "systemd-analyze",
        &["security", "--offline=yes", limit, "--no-pager", &copy.to_string_lossy()],
    ))
    .map(drop)
}

fn container() -> Outcome {
    let (place, list) = (target().join("deploy/hadolint"), root().join("tests/deploy/hadolint.txt"));
    let program = place.join("bin/hadolint");
    if !program.exists() {
        run(&mut command("python3", &["-m", "venv", "--clear", &place.to_string_lossy()]))?;
        let pip =
            ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "--no-deps"];
        run(command(place.join("bin/python"), &pip).args(["--require-hashes", "--requirement"]).arg(list))?;
    }
    run(&mut command(program, &["--failure-threshold=info", "deploy/Containerfile"]))
}

/// By a program of its own that has Helm and the types of Kubernetes as libraries; go.sum pins them.
fn chart() -> Outcome {
    let program = target().join("deploy/chart");
    let build = ["build", "-trimpath", "-mod=readonly", "-o", &program.to_string_lossy(), "."];
    let mut go = command("go", &build);
    run(go.current_dir(root().join("tests/deploy")).env("GOTOOLCHAIN", "local").env("GOFLAGS", ""))?;
    run(&mut command(program, &["deploy/helm/strongroom"]))
}
