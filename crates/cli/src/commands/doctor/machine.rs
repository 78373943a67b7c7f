//! What is on this machine: settings, folders, catalogue, stack.

use super::check::Check;
use crate::session::Session;
use crate::settings::Origin;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use strongroom_core::{Component, ComponentType, Error, Kind, ManagerLayout, Owner, Result, Scope};

/// Settings, folders, catalogue and stack.
pub(super) fn checks(session: &Session) -> Vec<Check> {
    let version = env!("CARGO_PKG_VERSION");
    vec![
        Check::ok("program", format!("strongroom {version} on {} {}", std::env::consts::OS, std::env::consts::ARCH)),
        configuration(session),
        privacy(session),
        catalogue(session),
        stack(session),
    ]
}

fn configuration(session: &Session) -> Check {
    let file = session.home.config_file();
    if file.exists() {
        Check::ok("configuration", format!("`{}`", file.display()))
    } else {
        Check::ok("configuration", "defaults; there is no config.toml")
    }
}

/// Whether others on this machine can look into what is kept.
fn privacy(session: &Session) -> Check {
    let home = &session.home;
    let kept = [home.data().to_owned(), home.catalogue(), home.key_file(), home.local_stores(), home.journal()];
    let open = |path: &Path| fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0);
    match kept.iter().find(|path| open(path)) {
        Some(path) => {
            let path = path.display();
            Check::warn("files", format!("others may look into `{path}`"), format!("`chmod go= {path}`"))
        }
        None => Check::ok("files", format!("`{}`, for you alone", home.data().display())),
    }
}

fn catalogue(session: &Session) -> Check {
    match session.catalogue() {
        Ok(_) => Check::ok("catalogue", "opens"),
        Err(error) => Check::fail("catalogue", &error),
    }
}

fn stack(session: &Session) -> Check {
    match session.active_stack() {
        Ok(stack) => match session.settings.active_stack.origin {
            Origin::Default => Check::ok("active stack", format!("`{}`", stack.name)),
            origin => Check::ok("active stack", format!("`{}`, by {origin}", stack.name)),
        },
        Err(error) => Check::fail("active stack", &error),
    }
}

/// The secrets manager of the active stack, if it is usable; what there is to say of it goes into `checks`.
pub(super) fn manager(session: &Session, checks: &mut Vec<Check>) -> Option<Component> {
    const NAME: &str = "secrets manager";
    let component = match session.active_component(ComponentType::SecretsManager) {
        Ok(Some(component)) => component,
        Ok(None) => {
            let error = Error::new(Kind::NotFound, "none on the active stack")
                .with_hint("`strongroom secrets-manager list`, then `strongroom stack update -x NAME`");
            checks.push(Check::fail(NAME, &error));
            return None;
        }
        // Said by the check of the stack already.
        Err(_) => return None,
    };
    match scope(&component) {
        Ok(scope) => {
            let Component { name, flavor, .. } = &component;
            checks.push(Check::ok(NAME, format!("`{name}`, flavor `{flavor}`, {scope}")));
            Some(component)
        }
        Err(error) => {
            checks.push(Check::fail(NAME, &error));
            None
        }
    }
}

fn scope(component: &Component) -> Result<String> {
    let flavor = strongroom_backends::flavor(&component.flavor)?;
    (flavor.check)(&component.configuration)?;
    let owner = Owner { id: component.id, name: component.name.clone() };
    let layout = ManagerLayout::new(flavor.rules, &component.configuration, owner)?;
    Ok(match layout.scope() {
        Scope::Namespace(namespace) => format!("namespace `{namespace}`"),
        scope => format!("scope `{}`", scope.kind().as_str()),
    })
}
