"""Where the vault is, and clients for it. The variables are those of ../README.md."""

import os

from azure.core.credentials import AccessToken
from azure.identity import ClientSecretCredential, WorkloadIdentityCredential
from azure.keyvault.secrets import SecretClient

URL = os.environ["INTEROP_VAULT_URL"]
SCOPE = "https://vault.azure.net/.default"
DEFAULTS = os.environ["INTEROP_DEFAULTS"] == "1"

# On localhost two checks must be off that cannot hold there: that Microsoft knows the authority, and that the host
# lies under the token's resource. With DEFAULTS nothing is off, and the hosts file leads Azure's names here.
AUTHORITY = {} if DEFAULTS else {"disable_instance_discovery": True}
VAULT = {} if DEFAULTS else {"verify_challenge_resource": False}


def client(credential):
    return SecretClient(URL, credential, **VAULT)


def client_secret(tenant=None, secret=None):
    return ClientSecretCredential(
        tenant or os.environ["AZURE_TENANT_ID"],
        os.environ["AZURE_CLIENT_ID"],
        secret or os.environ["AZURE_CLIENT_SECRET"],
        **AUTHORITY,
    )


def workload_identity():
    return WorkloadIdentityCredential(**AUTHORITY)


class Given:
    """A credential that has one token, whatever it is asked for."""

    def __init__(self, variable):
        self.token = os.environ[variable]

    def get_token(self, *scopes, **_):
        assert scopes == (SCOPE,), scopes
        return AccessToken(self.token, 4_000_000_000)
