//! `strongroom user …` and `strongroom service-account …`.

mod api_key;
mod password;
pub(in crate::commands) mod service;
pub(in crate::commands) mod user;
mod view;

pub(in crate::commands) use password::{asked, first_line};
pub(in crate::commands) use view::AccountView;
