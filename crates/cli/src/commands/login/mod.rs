//! `strongroom login`, `strongroom logout` and `strongroom status`.

mod sign_in;
mod sign_out;
mod status;

pub(super) use sign_in::{check_way, login};
pub(super) use sign_out::logout;
pub(super) use status::status;
