//! Soft delete: waiting until a name is gone, and writing to a name that a deleted secret still holds.

use super::config::OnSoftDeleted;
use super::doing::Doing;
use super::retry::{Failure, Pauses};
use super::{KeyVault, model};
use azure_core::http::RequestContent;
use azure_security_keyvault_secrets::models::SetSecretParameters;
use std::time::{Duration, Instant};
use strongroom_core::{DeleteMode, Error, Item, ItemName, Kind, Result, Revision, Tags};

/// How long a secret that the vault may or may not have deleted is looked for among the deleted.
const DOUBT: Duration = Duration::from_secs(5);

impl KeyVault {
    /// Deletes a secret and waits until its name is gone; `false` when there was none.
    pub(super) async fn remove(&self, name: &ItemName, mode: DeleteMode, deadline: Instant) -> Result<bool> {
        let doing = Doing::Delete(name);
        let call = || async { self.client.delete_secret(name.as_str(), None).await?.into_model() };
        let mut pauses = Pauses::new();
        let deleted = loop {
            match self.attempt(deadline, doing, call).await {
                Ok(deleted) => break deleted,
                // an earlier try may have deleted it, and only its answer was lost
                Err(Failure::Refused(refusal)) if refusal.status == 404 && refusal.is_in_doubt => {
                    let soon = deadline.min(Instant::now() + DOUBT);
                    return Ok(self.wait_until_deleted(name, soon).await.is_ok());
                }
                Err(Failure::Refused(refusal)) if refusal.status == 404 => return Ok(false),
                // being recovered
                Err(Failure::Refused(refusal)) if refusal.status == 409 => {
                    self.pause(&mut pauses, deadline, refusal.into_error(&self.vault, doing)).await?;
                }
                Err(failure) => return Err(self.explain(failure, doing)),
            }
        };
        // A vault without soft delete names no place to recover from, and is done.
        if deleted.recovery_id.is_some() && mode != DeleteMode::Unawaited {
            self.wait_until_deleted(name, deadline).await?;
            while mode == DeleteMode::Purge && !self.purge(name, deadline).await? {
                let error = Error::new(Kind::Conflict, format!("`{name}` is deleted, but cannot be purged yet"));
                self.pause(&mut pauses, deadline, error.with_hint("purge it in the vault in a minute")).await?;
            }
        }
        Ok(true)
    }

    /// Writes a new version, whatever state the name is in.
    pub(super) async fn write(&self, item: &Item, deadline: Instant) -> Result<Revision> {
        let (name, doing) = (&item.name, Doing::Write(&item.name));
        let mut pauses = Pauses::new();
        loop {
            let call = || async {
                let body: RequestContent<SetSecretParameters> = model::body(item).try_into()?;
                self.client.set_secret(name.as_str(), body, None).await?.into_model()
            };
            match self.attempt(deadline, doing, call).await {
                Ok(written) => {
                    self.journal.settle(name);
                    return Ok(model::revision(written.id.as_deref()));
                }
                Err(Failure::Refused(refusal)) if refusal.status == 409 => {
                    let held = refusal.code == "ObjectIsDeletedButRecoverable";
                    let error = refusal.into_error(&self.vault, doing);
                    if !(held && self.free(item, deadline).await?) {
                        // being deleted, recovered or purged: no call tells when that is done
                        self.pause(&mut pauses, deadline, error).await?;
                    }
                }
                Err(failure) => return Err(self.explain(failure, doing)),
            }
        }
    }

    /// Makes the name of a deleted secret writable; `false` when the vault is still at work on it.
    async fn free(&self, item: &Item, deadline: Instant) -> Result<bool> {
        let name = &item.name;
        let call = || async { self.client.get_deleted_secret(name.as_str(), None).await?.into_model() };
        let doing = Doing::LookAtDeleted(name);
        let deleted = match self.attempt(deadline, doing, call).await {
            Ok(deleted) => deleted,
            Err(Failure::Refused(refusal)) if refusal.status == 404 => return Ok(false),
            Err(failure) => return Err(self.explain(failure, doing)),
        };
        let tags: Tags = deleted.tags.unwrap_or_default().into_iter().collect();
        if !item.identity.iter().all(|(tag, value)| tags.get(tag) == Some(value)) {
            return Err(Error::new(
                Kind::Conflict,
                format!("cannot write `{name}`: a deleted secret of someone else holds the name"),
            )
            .with_hint("purge it in the vault, or choose another name"));
        }
        match self.config.on_soft_deleted {
            OnSoftDeleted::Fail => {
                Err(Error::new(Kind::Conflict, format!("cannot write `{name}`: it is deleted but recoverable"))
                    .with_hint(
                        "`on_soft_deleted` is `fail`: recover or purge it in the vault, or set `recover` or `purge`",
                    ))
            }
            OnSoftDeleted::Purge => self.purge(name, deadline).await,
            OnSoftDeleted::Recover => {
                self.journal.note(name, &model::revision(deleted.id.as_deref()).0)?;
                let call = || async { self.client.recover_deleted_secret(name.as_str(), None).await };
                let doing = Doing::Recover(name);
                match self.attempt(deadline, doing, call).await {
                    Ok(_) => self.wait_until_live(name, deadline).await.map(|()| true),
                    Err(Failure::Refused(refusal)) if [404, 409].contains(&refusal.status) => Ok(false),
                    Err(Failure::Refused(refusal)) if refusal.status == 403 => Err(refusal
                        .into_error(&self.vault, doing)
                        .within(format!("cannot write `{name}`: it is deleted"))),
                    Err(failure) => Err(self.explain(failure, doing)),
                }
            }
        }
    }

    /// Removes a deleted secret for good; `false` when the vault is still at work on it.
    pub(super) async fn purge(&self, name: &ItemName, deadline: Instant) -> Result<bool> {
        let doing = Doing::Purge(name);
        let call = || async { self.client.purge_deleted_secret(name.as_str(), None).await };
        match self.attempt(deadline, doing, call).await {
            Ok(_) => Ok(true),
            Err(Failure::Refused(refusal)) if refusal.status == 409 => Ok(false),
            Err(Failure::Refused(refusal)) if refusal.status == 404 => Ok(true),
            Err(Failure::Refused(refusal)) if refusal.status == 403 => Err(refusal
                .into_error(&self.vault, doing)
                .with_hint("the vault may have purge protection, or the permission to purge is missing; `on_soft_deleted=recover` needs neither")),
            Err(failure) => Err(self.explain(failure, doing)),
        }
    }

    /// A recovered secret takes seconds to appear.
    async fn wait_until_live(&self, name: &ItemName, deadline: Instant) -> Result<()> {
        let mut pauses = Pauses::new();
        let doing = Doing::Read(name);
        let call = || async { self.client.get_secret(name.as_str(), None).await.map(drop) };
        loop {
            match self.attempt(deadline, doing, call).await {
                Ok(()) => return Ok(()),
                // there, but not to be read
                Err(Failure::Refused(refusal)) if refusal.status == 403 => return Ok(()),
                Err(Failure::Refused(refusal)) if refusal.status == 404 => {
                    let error = Error::new(Kind::Unavailable, format!("`{name}` is still being recovered"));
                    self.pause(&mut pauses, deadline, error.with_hint("try again in a minute")).await?;
                }
                Err(failure) => return Err(self.explain(failure, doing)),
            }
        }
    }

    /// A deleted secret takes seconds to appear among the deleted; until then its name can do nothing.
    pub(super) async fn wait_until_deleted(&self, name: &ItemName, deadline: Instant) -> Result<()> {
        let mut pauses = Pauses::new();
        let doing = Doing::LookAtDeleted(name);
        let call = || async { self.client.get_deleted_secret(name.as_str(), None).await.map(drop) };
        loop {
            match self.attempt(deadline, doing, call).await {
                Ok(()) => return Ok(()),
                // gone, but not to be looked at
                Err(Failure::Refused(refusal)) if refusal.status == 403 => return Ok(()),
                Err(Failure::Refused(refusal)) if refusal.status == 404 => {
                    let error = Error::new(
                        Kind::Unavailable,
                        format!("`{name}` is deleted, but the vault is not done with it"),
                    );
                    self.pause(&mut pauses, deadline, error.with_hint("its name can be used in a minute")).await?;
                }
                Err(failure) => return Err(self.explain(failure, doing)),
            }
        }
    }
}
