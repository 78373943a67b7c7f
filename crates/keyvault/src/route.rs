//! All routes of a listener: its vault and the token authority.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};
use http::Method;

use crate::app::Door;
use crate::refusal::Refusal;
use crate::{authority, guard, ops};

/// The largest body of a write: 25,600 bytes of value, escaped six-fold, and tags.
const WRITE_LIMIT: usize = 1 << 20;
/// The largest body of a restore: 500 versions of the largest value, sealed and in base64.
const RESTORE_LIMIT: usize = 64 << 20;

/// The routes of one listener.
pub(crate) fn router(door: Door) -> Router {
    vault(door.clone()).merge(authority::router()).with_state(door)
}

fn vault(door: Door) -> Router<Door> {
    // SDKs name the current version by an empty last segment, so both spellings of the path are routes.
    let secret = get(ops::get::secret).put(ops::set::secret).patch(ops::update::secret).delete(ops::delete::secret);
    // `restore` may also be the name of a secret: only the POST is special.
    let restore = secret.clone().merge(post(ops::backup::restore).layer(DefaultBodyLimit::max(RESTORE_LIMIT)));
    Router::new()
        .route("/secrets", get(ops::list::secrets))
        .route("/secrets/", get(ops::list::secrets))
        .route("/secrets/{name}", restore)
        .route("/secrets/{name}/", secret)
        .route("/secrets/{name}/versions", get(ops::list::versions))
        .route("/secrets/{name}/backup", post(ops::backup::backup))
        .route("/secrets/{name}/{version}", get(ops::get::secret).patch(ops::update::secret))
        .route("/deletedsecrets", get(ops::list::deleted))
        .route("/deletedsecrets/{name}", get(ops::deleted::secret).merge(delete(ops::deleted::purge)))
        .route("/deletedsecrets/{name}/recover", post(ops::deleted::recover))
        .layer(DefaultBodyLimit::max(WRITE_LIMIT))
        .fallback(async || Refusal::unknown_path())
        .method_not_allowed_fallback(async |method: Method| Refusal::method_not_allowed(&method))
        .layer(from_fn_with_state(door, guard::admit))
}
