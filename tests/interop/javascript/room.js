// Where the vault is, and clients for it. The variables are those of ../README.md.

import assert from "node:assert/strict";
import { ClientSecretCredential, WorkloadIdentityCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";

const env = process.env;
export const URL = env.INTEROP_VAULT_URL;
export const SCOPE = "https://vault.azure.net/.default";
const defaults = env.INTEROP_DEFAULTS === "1";

// On localhost two checks must be off that cannot hold there: that Microsoft knows the authority, and that the host
// lies under the token's resource. With defaults nothing is off, and the hosts file leads Azure's names here.
const authority = defaults ? {} : { authorityHost: env.AZURE_AUTHORITY_HOST, disableInstanceDiscovery: true };
const vault = defaults ? {} : { disableChallengeResourceVerification: true };

export const client = (credential) => new SecretClient(URL, credential, vault);

export const clientSecret = ({ tenant = env.AZURE_TENANT_ID, secret = env.AZURE_CLIENT_SECRET } = {}) =>
  new ClientSecretCredential(tenant, env.AZURE_CLIENT_ID, secret, authority);

export const workloadIdentity = () => new WorkloadIdentityCredential(authority);

/** A credential that has one token, whatever it is asked for. */
export const given = (variable) => ({
  async getToken(scopes) {
    assert.deepEqual([scopes].flat(), [SCOPE]);
    return { token: env[variable], expiresOnTimestamp: 4e12 };
  },
});
