//! Faults in front of the embedded Key Vault, and a count of what passes.

use crate::answers;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::Method;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// What a request asks of the vault or of the authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// PUT a secret.
    Set,
    /// GET a secret.
    Get,
    /// PATCH a secret.
    Update,
    /// DELETE a secret.
    Delete,
    /// One page of secrets.
    List,
    /// One page of versions.
    Versions,
    /// GET a deleted secret.
    GetDeleted,
    /// One page of deleted secrets.
    ListDeleted,
    /// Bring a deleted secret back.
    Recover,
    /// Remove a deleted secret for good.
    Purge,
    /// Back up or restore; in the central server, make a secret or roll it back.
    Backup,
    /// Ask the authority for a token.
    Token,
    /// Anything else the authority answers.
    Discovery,
}

impl Operation {
    fn of(method: &Method, path: &str) -> Self {
        // the central server has its secrets further down; making one there is a POST
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        let segments: Vec<_> = path.trim_matches('/').split('/').collect();
        match (method.as_str(), segments.as_slice()) {
            ("GET", ["secrets"]) => Self::List,
            ("GET", ["secrets", _, "versions"]) => Self::Versions,
            ("GET", ["secrets", ..]) => Self::Get,
            ("PUT", ["secrets", ..]) => Self::Set,
            ("PATCH", ["secrets", ..]) => Self::Update,
            ("DELETE", ["secrets", ..]) => Self::Delete,
            ("POST", ["secrets", ..]) => Self::Backup,
            ("GET", ["deletedsecrets"]) => Self::ListDeleted,
            ("GET", ["deletedsecrets", ..]) => Self::GetDeleted,
            ("DELETE", ["deletedsecrets", ..]) => Self::Purge,
            ("POST", ["deletedsecrets", ..]) => Self::Recover,
            ("POST", _) => Self::Token,
            _ => Self::Discovery,
        }
    }
}

/// What happens to a request instead of, or after, its answer.
#[derive(Debug, Clone)]
pub enum Fault {
    /// This status with Key Vault's error body, and maybe a `Retry-After`.
    Status(u16, Option<&'static str>),
    /// This status with this code in the body's `innererror`, as Key Vault says why it refuses.
    Refused(u16, &'static str),
    /// The request is carried out, and the connection breaks before the answer ends.
    Reset,
    /// The request is carried out, and the answer is cut in half, as if it were whole.
    Truncate,
    /// A proxy's page with status 200.
    Html,
    /// A 401 that asks for a new token with claims (continuous access evaluation).
    Claims,
    /// A 401 without a word why, from a vault whose clock is this many seconds ahead of ours.
    Clock(i64),
    /// A 401 that asks for a token for this resource.
    Challenge(String),
    /// A redirect to this address.
    Redirect(String),
    /// An empty page of a list, with this link to the next one.
    NextPage(String),
    /// The request is carried out later.
    Latency(Duration),
    /// The request is carried out at once, and its answer comes later.
    Late(Duration),
    /// The request is not carried out and never answered; [`Faults::held`] tells when it came.
    HoldBefore,
    /// The request is carried out and never answered; [`Faults::held`] tells when it was.
    HoldAfter,
}

#[derive(Debug)]
struct Rule {
    operation: Option<Operation>,
    after: usize,
    times: usize,
    fault: Fault,
}

#[derive(Debug, Default)]
struct Inner {
    rules: Mutex<Vec<Rule>>,
    counts: Mutex<BTreeMap<Operation, usize>>,
    held: Notify,
}

/// The switches; clones turn the same ones.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Inner>);

impl Faults {
    /// The next `times` requests of this operation meet `fault`.
    pub fn add(&self, operation: Operation, times: usize, fault: Fault) {
        self.rules().push(Rule { operation: Some(operation), after: 0, times, fault });
    }

    /// The same, after letting `after` of them pass.
    pub fn add_after(&self, operation: Operation, after: usize, times: usize, fault: Fault) {
        self.rules().push(Rule { operation: Some(operation), after, times, fault });
    }

    /// The next `times` requests to the vault meet `fault`, after letting `after` pass. Requests to the authority do not count.
    pub fn add_any(&self, after: usize, times: usize, fault: Fault) {
        self.rules().push(Rule { operation: None, after, times, fault });
    }

    /// All requests pass again, and counting starts anew.
    pub fn clear(&self) {
        self.rules().clear();
        self.counts().clear();
    }

    /// How many requests of each operation came since the last [`Self::clear`].
    pub fn counts(&self) -> MutexGuard<'_, BTreeMap<Operation, usize>> {
        self.0.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many requests of one operation came.
    pub fn count(&self, operation: Operation) -> usize {
        self.counts().get(&operation).copied().unwrap_or(0)
    }

    /// How many requests came to the vault; those to the authority do not count.
    pub fn calls(&self) -> usize {
        let to_vault = |operation: &Operation| !matches!(operation, Operation::Token | Operation::Discovery);
        self.counts().iter().filter(|(operation, _)| to_vault(operation)).map(|(_, count)| count).sum()
    }

    /// Returns when a request is held.
    pub async fn held(&self) {
        self.0.held.notified().await;
    }

    /// The router with the faults in front of every route.
    pub fn wrap(&self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.clone(), meet))
    }

    fn rules(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.0.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self, operation: Operation) -> Option<Fault> {
        let mut rules = self.rules();
        let vault = !matches!(operation, Operation::Token | Operation::Discovery);
        let rule =
            rules.iter_mut().find(|rule| rule.operation.map_or(vault, |of| of == operation) && rule.times > 0)?;
        if rule.after > 0 {
            rule.after -= 1;
            return None;
        }
        rule.times -= 1;
        Some(rule.fault.clone())
    }
}

async fn meet(State(faults): State<Faults>, request: Request, next: Next) -> Response {
    let operation = Operation::of(request.method(), request.uri().path());
    *faults.counts().entry(operation).or_default() += 1;
    match faults.next(operation) {
        None => next.run(request).await,
        Some(Fault::Status(status, retry_after)) => answers::refusal(status, retry_after),
        Some(Fault::Refused(status, code)) => answers::coded(status, code),
        Some(Fault::Reset) => answers::broken(next.run(request).await, false).await,
        Some(Fault::Truncate) => answers::broken(next.run(request).await, true).await,
        Some(Fault::Html) => answers::html(),
        Some(Fault::Claims) => answers::claims(),
        Some(Fault::Clock(ahead)) => answers::dated(ahead),
        Some(Fault::Challenge(resource)) => answers::challenge(&resource),
        Some(Fault::Redirect(to)) => answers::redirect(&to),
        Some(Fault::NextPage(link)) => answers::next_page(&link),
        Some(Fault::Latency(pause)) => {
            tokio::time::sleep(pause).await;
            next.run(request).await
        }
        Some(Fault::Late(pause)) => {
            let answer = next.run(request).await;
            tokio::time::sleep(pause).await;
            answer
        }
        Some(Fault::HoldBefore) => hold(&faults).await,
        Some(Fault::HoldAfter) => {
            next.run(request).await;
            hold(&faults).await
        }
    }
}

async fn hold(faults: &Faults) -> Response {
    faults.0.held.notify_one();
    std::future::pending().await
}
