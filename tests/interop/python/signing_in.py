from azure.core.exceptions import ClientAuthenticationError, HttpResponseError

from report import feature, refused
from room import SCOPE, Given, client, client_secret, workload_identity


def works(credential):
    vault = client(credential)
    vault.set_secret("signing-in", "value")
    assert vault.get_secret("signing-in").value == "value"


@feature("client secret")
def by_client_secret():
    works(client_secret())


@feature("workload identity")
def by_workload_identity():
    works(workload_identity())


@feature("wrong client secret")
def wrong_secret():
    with refused(ClientAuthenticationError, None, "AADSTS7000215"):
        client(client_secret(secret="wrong")).get_secret("signing-in")


@feature("unknown tenant")
def unknown_tenant():
    # Asked without the vault: the SDK itself refuses a credential whose tenant is not the challenge's.
    # MSAL looks the tenant up first, and words the refusal (AADSTS90002) itself.
    with refused(ClientAuthenticationError, None, "Unable to get authority configuration"):
        client_secret(tenant="11111111-2222-3333-4444-555555555555").get_token(SCOPE)


@feature("token given as it is")
def given():
    works(Given("INTEROP_TOKEN"))


def refuses(token, words):
    with refused(HttpResponseError, 401, words):
        client(Given(token)).get_secret("signing-in")


@feature("token that is no token")
def no_token():
    refuses("INTEROP_TOKEN_MALFORMED", "IDX12729")


@feature("token signed by another key")
def forged():
    refuses("INTEROP_TOKEN_FORGED", "IDX10511")


@feature("token for another audience")
def other_audience():
    refuses("INTEROP_TOKEN_AUDIENCE", "AKV10022")


@feature("expired token")
def expired():
    refuses("INTEROP_TOKEN_EXPIRED", "IDX10223")
