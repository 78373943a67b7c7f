use std::sync::Arc;

use azure_core::credentials::TokenCredential;

use crate::report::{Scenarios, causes, refused};
use crate::room::{Given, SCOPE, client, client_secret, signed_in, workload_identity};
use crate::secrets::{set, value};

pub(crate) fn add(to: &mut Scenarios) {
    to.add("client secret", async { works(signed_in()).await });
    to.add("workload identity", async { works(workload_identity()).await });
    to.add("wrong client secret", async {
        let credential = client_secret(&std::env::var("AZURE_TENANT_ID").unwrap(), "wrong");
        fails(client(credential).get_secret("signing-in", None).await, "AADSTS7000215");
    });
    // Asked without the vault, as in the other languages.
    to.add("unknown tenant", async {
        let credential = client_secret("11111111-2222-3333-4444-555555555555", "any");
        fails(credential.get_token(&[SCOPE], None).await, "AADSTS90002");
    });
    to.add("token given as it is", async { works(Arc::new(Given("INTEROP_TOKEN"))).await });
    to.add("token that is no token", refuses("INTEROP_TOKEN_MALFORMED", "IDX12729"));
    to.add("token signed by another key", refuses("INTEROP_TOKEN_FORGED", "IDX10511"));
    to.add("token for another audience", refuses("INTEROP_TOKEN_AUDIENCE", "AKV10022"));
    to.add("expired token", refuses("INTEROP_TOKEN_EXPIRED", "IDX10223"));
}

async fn works(credential: Arc<dyn TokenCredential>) {
    let vault = client(credential);
    set(&vault, "signing-in", "value").await;
    assert_eq!(value(&vault, "signing-in", None).await, "value");
}

async fn refuses(token: &'static str, word: &'static str) {
    refused(client(Arc::new(Given(token))).get_secret("signing-in", None).await, 401, word);
}

/// The authority must have refused; how the SDK wraps that is its own affair.
fn fails<T>(answer: azure_core::Result<T>, word: &str) {
    let error = answer.err().expect("the authority refuses");
    assert!(causes(&error).iter().any(|cause| cause.contains(word)), "{error:?}");
}
