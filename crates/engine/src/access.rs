//! Who may what: the one place that decides.

use std::net::IpAddr;
use strongroom_core::central::{AccountKind, Role};
use strongroom_core::{Error, Kind, Result};
use uuid::Uuid;

/// Where a request comes from, for the audit trail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address it came from; none for this machine's own command line.
    pub address: Option<IpAddr>,
    /// Tells this request from all others.
    pub request_id: String,
}

/// Somebody who was recognised, for one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Whether it is a person's or a program's.
    pub kind: AccountKind,
    /// What it may do.
    pub role: Role,
    /// Where the request comes from.
    pub origin: Origin,
}

/// What a caller wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// See that a secret is there, and all but its values.
    SeeSecret,
    /// Read values.
    ReadValues,
    /// Make, change or remove a secret.
    ChangeSecret,
    /// Change who sees a secret.
    ChangeVisibility,
    /// See accounts.
    SeeAccounts,
    /// Make, change or remove accounts and their keys.
    ManageAccounts,
    /// Read the audit trail.
    ReadAudit,
    /// Make or change projects.
    ManageProjects,
}

/// Whose secret it is, and whether others see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) name: &'a str,
    pub(crate) owner: Uuid,
    pub(crate) is_private: bool,
}

/// Decides whether `caller` may do `wish`, to a secret if there is one.
///
/// # Errors
/// [`Kind::NotFound`] for what the caller may not know of, [`Kind::Forbidden`] for the rest.
pub(crate) fn authorize(caller: &Caller, wish: Wish, subject: Option<Subject<'_>>) -> Result<()> {
    let owns = subject.is_none_or(|subject| subject.owner == caller.id);
    if let Some(Subject { name, is_private: true, .. }) = subject
        && !owns
    {
        return Err(hidden(name));
    }
    let least = match wish {
        Wish::SeeSecret | Wish::SeeAccounts => Role::Lister,
        Wish::ReadValues => Role::Reader,
        Wish::ChangeSecret | Wish::ChangeVisibility => Role::Editor,
        Wish::ManageAccounts | Wish::ReadAudit | Wish::ManageProjects => Role::Admin,
    };
    if caller.role > least {
        let Caller { name, role, .. } = caller;
        return Err(Error::new(Kind::Forbidden, format!("`{name}` has the role {role}; this takes the role {least}")));
    }
    if wish == Wish::ChangeVisibility && !owns {
        return Err(Error::new(
            Kind::Forbidden,
            "only the user who created the secret is allowed to update its private status",
        ));
    }
    Ok(())
}

/// What is not there and what may not be seen are told alike.
pub(crate) fn hidden(text: &str) -> Error {
    Error::not_found("secret", text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn caller(role: Role) -> Caller {
        let (id, name) = (Uuid::from_u128(1), "bob".to_owned());
        Caller { id, name, kind: AccountKind::User, role, origin: Origin::default() }
    }

    #[test]
    fn a_role_may_what_lesser_roles_may() {
        for (wish, roles) in [
            (Wish::SeeSecret, 4),
            (Wish::ReadValues, 3),
            (Wish::ChangeSecret, 2),
            (Wish::ChangeVisibility, 2),
            (Wish::ManageAccounts, 1),
            (Wish::ReadAudit, 1),
        ] {
            let allowed = Role::ALL.into_iter().filter(|role| authorize(&caller(*role), wish, None).is_ok());
            assert_eq!(allowed.collect::<Vec<_>>(), Role::ALL[..roles], "{wish:?}");
        }
    }

    #[test]
    fn others_private_secrets_are_absent_to_everyone() {
        let subject = Subject { name: "x", owner: Uuid::from_u128(2), is_private: true };
        for wish in [Wish::SeeSecret, Wish::ReadValues, Wish::ChangeSecret, Wish::ChangeVisibility] {
            for role in Role::ALL {
                let error = authorize(&caller(role), wish, Some(subject)).unwrap_err();
                assert_eq!((error.kind(), error.to_string()), (Kind::NotFound, hidden("x").to_string()));
            }
        }
        let public = Subject { is_private: false, ..subject };
        assert!(authorize(&caller(Role::Editor), Wish::ChangeSecret, Some(public)).is_ok());
        assert_eq!(
            authorize(&caller(Role::Admin), Wish::ChangeVisibility, Some(public)).unwrap_err().kind(),
            Kind::Forbidden
        );
    }
}
