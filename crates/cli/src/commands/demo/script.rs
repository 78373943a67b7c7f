//! What the demo types, and what it says in between.

use super::vault::Vault;

/// One line of the demo.
#[derive(Debug)]
pub(super) enum Line {
    /// What it is about.
    Said(String),
    /// A command: the words behind `strongroom`.
    Typed(Vec<String>),
}

/// The whole demo.
pub(super) fn lines(vault: &Vault) -> Vec<Line> {
    let url = vault.url();
    let register = |name: &str, scope: &str| {
        typed(&format!(
            "secrets-manager register {name} --flavor=azure --key_vault_name=demo-vault --vault_url={url} \
             --ca_certificate=ca.pem --verify_challenge_resource=false{scope}"
        ))
    };
    vec![
        said(format!(
            "An embedded Key Vault serves `demo-vault` at {url}, over TLS, and checks the tokens of a client \
             secret.\n# A vault in Azure needs only its name; here the next command also says where it is."
        )),
        typed("integration install azure"),
        register("azure_secrets", ""),
        typed("stack update -x azure_secrets"),
        typed("doctor"),
        said("Secrets: a name, and a map of keys to values. Files keep values out of process lists."),
        typed(
            "secrets-manager secret register aws --schema=aws --aws_access_key_id=AKIAEXAMPLE --aws_secret_access_key=@key.txt",
        ),
        typed("secrets-manager secret get aws"),
        typed("secrets-manager secret update aws --aws_session_token=@token.txt"),
        typed("secrets-manager secret get aws --output json"),
        said("A second secrets manager on the same vault, in a namespace of its own: the same name is another secret."),
        register("team_secrets", " --scope=namespace --namespace=team-a"),
        typed("stack register team -a default -o default -x team_secrets --set"),
        typed("secrets-manager secret register aws --aws_access_key_id=AKIATEAM --aws_secret_access_key=@key.txt"),
        typed("secrets-manager secret get aws"),
        typed("secrets-manager secret get aws --stack default"),
        said("A step, in any language: each key is a variable of that one process."),
        step("echo \"a step of team-a has $aws_access_key_id and a key of ${#aws_secret_access_key} characters\""),
        said("Deleted in one scope, still there in the other."),
        typed("secrets-manager secret delete aws --yes"),
        typed("secrets-manager secret list"),
        typed("secrets-manager secret list --stack default"),
    ]
}

/// What a user types next.
pub(super) const NEXT: &str = "
# That was all, and nothing of it is left. With a vault of your own in Azure (docs/guides/azure.md):

  cargo install --path crates/cli
  az login
  strongroom secrets-manager register azure_secrets --flavor=azure --key_vault_name=YOUR-VAULT
  strongroom stack update -x azure_secrets
  strongroom doctor
  strongroom secrets-manager secret register NAME --KEY=@FILE
  strongroom run --secret NAME -- YOUR-STEP

# Without an account: `strongroom secrets-manager register local_secrets --flavor=local`.
";

fn said(text: impl Into<String>) -> Line {
    Line::Said(text.into())
}

fn typed(words: &str) -> Line {
    Line::Typed(words.split_whitespace().map(str::to_owned).collect())
}

fn step(script: &str) -> Line {
    Line::Typed(["run", "--secret", "aws", "--", "sh", "-c", script].map(str::to_owned).into())
}
