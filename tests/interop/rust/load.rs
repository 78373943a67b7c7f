use std::sync::Arc;

use futures::future::join_all;

use crate::lists::listed;
use crate::report::Scenarios;
use crate::room::{client, signed_in};
use crate::secrets::{set, value};

pub(crate) fn add(to: &mut Scenarios) {
    to.add("100 secrets at once", async {
        let vault = Arc::new(client(signed_in()));
        let tasks = (0..100).map(|at| {
            let vault = vault.clone();
            tokio::spawn(async move {
                let (name, text) = (format!("load-{at}"), at.to_string());
                set(&vault, &name, &text).await;
                assert_eq!(value(&vault, &name, None).await, text);
            })
        });
        for done in join_all(tasks).await {
            done.unwrap();
        }
        assert_eq!(listed(&vault, "load-", None).await.0.len(), 100);
    });
}
