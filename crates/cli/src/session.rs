//! What every command works with: settings, folders, the printer, the catalogue and the active secrets manager.

mod central;
mod credentials;
mod embedded;
mod lock;
mod migration;
mod runtimes;
mod turns;
mod values;

pub(crate) use central::{Central, Place, address};
pub(crate) use credentials::{Credentials, Proof, Server};
pub(crate) use lock::WriteLock;

use crate::args::GlobalArgs;
use crate::env::Env;
use crate::home::{self, Home};
use crate::output::Printer;
use crate::settings::Settings;
use runtimes::Runtimes;
use std::cell::OnceCell;
use std::future::Future;
use std::sync::Arc;
use strongroom_backends::Context;
use strongroom_core::{
    Component, ComponentId, ComponentType, Error, Kind, ManagerLayout, Owner, Result, SecretName, SecretsManager, Stack,
};
use strongroom_engine::{Catalogue, Match};

/// One run of the program. The catalogue and the runtime come to life when they are first asked for.
#[derive(Debug)]
pub(crate) struct Session {
    /// The settings that count.
    pub(crate) settings: Settings,
    /// Where files live.
    pub(crate) home: Home,
    /// The environment.
    pub(crate) env: Env,
    /// Where output goes.
    pub(crate) printer: Printer,
    catalogue: OnceCell<Catalogue>,
    runtimes: Runtimes,
}

/// A secrets manager that is open, and the component it is.
#[derive(Debug)]
pub(crate) struct OpenManager {
    /// The component.
    pub(crate) component: Component,
    /// Its secrets.
    pub(crate) secrets: SecretsManager,
}

impl Session {
    /// A session with everything settled and nothing opened yet.
    ///
    /// # Errors
    /// What [`Home::new`] and [`Settings::merge`] refuse.
    pub(crate) fn open(globals: &GlobalArgs, env: Env) -> Result<Self> {
        let home = Home::new(&env)?;
        let settings = Settings::merge(globals, &env, &home)?;
        let hints = settings.hints.value.then(|| home.hints());
        let printer = Printer::new(settings.output.value, hints, &env);
        Ok(Self { settings, home, env, printer, catalogue: OnceCell::new(), runtimes: Runtimes::default() })
    }

    /// The catalogue of components and stacks; made on first use.
    ///
    /// # Errors
    /// As [`Catalogue::open`].
    pub(crate) fn catalogue(&self) -> Result<&Catalogue> {
        if let Some(catalogue) = self.catalogue.get() {
            return Ok(catalogue);
        }
        home::make_folder(self.home.data())?;
        let opened = Catalogue::open(&self.home.catalogue())?;
        Ok(self.catalogue.get_or_init(|| opened))
    }

    /// The stack to work on: `--stack`, the environment, the configuration file, or the one that `stack set` chose.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::NotFound`] when the stack asked for is not there.
    pub(crate) fn active_stack(&self) -> Result<Stack> {
        let catalogue = self.catalogue()?;
        let setting = &self.settings.active_stack;
        match &setting.value {
            Some(text) => catalogue.stack(text, Match::Exact).map_err(|error| {
                let hint = "`strongroom stack list` shows those there are";
                error
                    .within(format!("no active stack: {} asks for one that cannot be used", setting.origin))
                    .with_hint(hint)
            }),
            None => catalogue.active_stack(),
        }
    }

    /// The component of type `kind` on the active stack, if there is one.
    ///
    /// # Errors
    /// As [`Self::active_stack`].
    pub(crate) fn active_component(&self, kind: ComponentType) -> Result<Option<Component>> {
        match &self.settings.active_stack.value {
            Some(_) => self.catalogue()?.component_of(&self.active_stack()?, kind),
            None => self.catalogue()?.active_component(kind),
        }
    }

    /// The secrets manager on the active stack, open.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::NotFound`] when there is none, and what opening it fails with.
    pub(crate) fn active_manager(&self) -> Result<OpenManager> {
        let Some(component) = self.active_component(ComponentType::SecretsManager)? else {
            let stack = self.active_stack()?.name;
            return Err(Error::new(Kind::NotFound, format!("no secrets manager on the active stack `{stack}`"))
                .with_hint(
                    "`strongroom secrets-manager register NAME --flavor=local`, then `strongroom stack update -x NAME`",
                ));
        };
        self.open_manager(component)
    }

    /// Opens the secrets manager that `component` describes. Asks its service nothing.
    ///
    /// # Errors
    /// What its flavor and its scope refuse.
    pub(crate) fn open_manager(&self, component: Component) -> Result<OpenManager> {
        let flavor = strongroom_backends::flavor(&component.flavor)?;
        let owner = Owner { id: component.id, name: component.name.clone() };
        let layout = ManagerLayout::new(flavor.rules, &component.configuration, owner)?;
        let backend = (flavor.open)(&component.configuration, &self.context(component.id))?;
        // What needs no integration lives on this machine.
        self.runtimes.expect_network(flavor.integration.is_some());
        Ok(OpenManager { component, secrets: SecretsManager::new(layout, backend) })
    }

    /// What a back-end may use of the world around it.
    pub(crate) fn context(&self, id: ComponentId) -> Context {
        let printer = self.printer.clone();
        Context {
            id,
            local_stores: self.home.local_stores(),
            key_file: self.home.key_file(),
            journal: self.home.journal(),
            env: self.env.lookup(),
            notice: Arc::new(move |line| printer.note(line)),
        }
    }

    /// Waits for the turn to write the secret `name` of `manager`; keep what it returns until the write is done.
    ///
    /// # Errors
    /// [`strongroom_core::Kind::Unavailable`] when others keep writing it.
    pub(crate) fn lock(&self, manager: &OpenManager, name: &SecretName) -> Result<WriteLock> {
        WriteLock::acquire(&self.home.locks(), &manager.secrets, name)
    }

    /// Runs a future to its end, on this thread.
    ///
    /// # Errors
    /// What the future fails with.
    pub(crate) fn block_on<T>(&self, future: impl Future<Output = Result<T>>) -> Result<T> {
        self.runtimes.block_on(future)
    }
}
