//! One error type for all crates: what kind, what happened, what to do next, and what caused it.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// What went wrong, as far as it changes what a caller does next.
///
/// A kind is decided by status and code, never by text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The named thing is not there.
    NotFound,
    /// A thing of that name is already there.
    AlreadyExists,
    /// The request itself is wrong; the same request can never work.
    Invalid,
    /// The request collides with the present state: another's item, a deleted name, a concurrent change.
    Conflict,
    /// The service or flavor cannot do this at all.
    Unsupported,
    /// Nobody is signed in, or the sign-in was refused.
    Unauthenticated,
    /// Signed in, but not allowed; also a secret that is disabled or outside its validity.
    Forbidden,
    /// The service could not be reached or did not answer in time; trying again may help.
    Unavailable,
    /// What is stored cannot be read: damaged, torn, or sealed with another key.
    Corrupt,
    /// The service failed at the request and does not say why: its log does.
    Failed,
}

impl Kind {
    /// The name used in JSON output (`not_found`, …).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::AlreadyExists => "already_exists",
            Self::Invalid => "invalid",
            Self::Conflict => "conflict",
            Self::Unsupported => "unsupported",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::Unavailable => "unavailable",
            Self::Corrupt => "corrupt",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The result of everything that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure: kind, message, optional hint and cause. Never holds a value, a token or a body.
///
/// Messages are lower case without a full stop, names in backticks; the hint is the next step.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    message: Cow<'static, str>,
    hint: Option<Cow<'static, str>>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    is_of_item: bool,
    wait: Option<Duration>,
}

impl Error {
    /// An error of `kind` that says `message`.
    pub fn new(kind: Kind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), hint: None, source: None, is_of_item: false, wait: None }))
    }

    /// [`Kind::NotFound`]: "`what` `name` does not exist".
    pub fn not_found(what: &str, name: impl fmt::Display) -> Self {
        Self::new(Kind::NotFound, format!("{what} `{name}` does not exist"))
    }

    /// [`Kind::AlreadyExists`]: "`what` `name` already exists".
    pub fn already_exists(what: &str, name: impl fmt::Display) -> Self {
        Self::new(Kind::AlreadyExists, format!("{what} `{name}` already exists"))
    }

    /// [`Kind::Invalid`] with `message`.
    pub fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Invalid, message)
    }

    /// [`Kind::Corrupt`] with `message`.
    pub fn corrupt(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Corrupt, message)
    }

    /// [`Kind::Unavailable`] to who asked too often, and may ask again after `wait`; the service itself is well.
    pub fn too_often(message: impl Into<Cow<'static, str>>, wait: Duration) -> Self {
        let mut error = Self::new(Kind::Unavailable, message);
        error.0.wait = Some(wait);
        error.with_hint(format!("try again in {} seconds", wait.as_secs()))
    }

    /// A serde failure on a secret payload: line and column only, as serde's own text quotes values.
    pub fn payload(what: &str, error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        Self::corrupt(format!("{what} is not the JSON it should be (line {line}, column {column})"))
    }

    /// The same error with the next step for the user.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// The same error with what caused it. The cause must not hold a value either.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same error one level up: `message` is said, this one becomes its cause; kind and hint stay.
    #[must_use]
    pub fn within(self, message: impl Into<Cow<'static, str>>) -> Self {
        let Inner { kind, ref hint, is_of_item, wait, message: _, source: _ } = *self.0;
        let (hint, mut outer) = (hint.clone(), Self::new(kind, message));
        (outer.0.hint, outer.0.is_of_item, outer.0.wait) = (hint, is_of_item, wait);
        outer.with_source(self)
    }

    /// The same error, said to be the item's: whoever asks gets it. See [`Self::is_of_item`].
    #[must_use]
    pub fn of_item(mut self) -> Self {
        self.0.is_of_item = true;
        self
    }

    /// The same error for another who waits for the same thing; causes become text.
    #[must_use]
    pub fn copy(&self) -> Self {
        let Inner { kind, message, hint, source: _, is_of_item, wait } = &*self.0;
        let mut copied = Self::new(*kind, message.clone());
        copied.0.hint.clone_from(hint);
        (copied.0.is_of_item, copied.0.wait) = (*is_of_item, *wait);
        let causes = self.causes();
        if causes.is_empty() { copied } else { copied.with_source(causes.join(": ")) }
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Whether what is [`Kind::Forbidden`] is so for all, as of a disabled item, and not for who asked.
    pub fn is_of_item(&self) -> bool {
        self.0.is_of_item
    }

    /// How long who asked too often has to wait; `None` for every other failure.
    pub fn wait(&self) -> Option<Duration> {
        self.0.wait
    }

    /// The next step for the user, if there is one to name.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// The messages of what caused this, outermost first.
    pub fn causes(&self) -> Vec<String> {
        std::iter::successors(self.source(), |&cause| cause.source()).map(ToString::to_string).collect()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("hint", &self.0.hint)
            .field("causes", &self.causes())
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_up_keeps_kind_and_hint() {
        let inner = Error::not_found("secret", "a").with_hint("register it first");
        let outer = inner.within("cannot run the step");
        assert_eq!(outer.kind(), Kind::NotFound);
        assert_eq!(outer.hint(), Some("register it first"));
        assert_eq!((outer.causes(), outer.wait()), (vec!["secret `a` does not exist".to_owned()], None));
        let wait = Duration::from_secs(60);
        let outer = Error::too_often("too many sign-ins", wait).within("cannot sign in");
        assert_eq!((outer.copy().wait(), outer.hint()), (Some(wait), Some("try again in 60 seconds")));
    }
}
