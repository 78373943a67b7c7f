//! The central store of this machine.

use super::Session;
use super::central::Central;
use strongroom_core::{Error, Kind, Result};

impl Session {
    /// The store in a file of this user, who may do everything there.
    ///
    /// # Errors
    /// [`Kind::Unsupported`]: it is not built in yet.
    pub(super) fn embedded(&self) -> Result<Central> {
        Err(Error::new(Kind::Unsupported, "not signed in to a central server, and no store is built in")
            .with_hint("`strongroom login URL`, or set STRONGROOM_URL and STRONGROOM_API_KEY"))
    }
}
