import assert from "node:assert/strict";
import { feature, refused } from "./report.js";
import { SCOPE, client, clientSecret, given, workloadIdentity } from "./room.js";

async function works(credential) {
  const vault = client(credential);
  await vault.setSecret("signing-in", "value");
  assert.equal((await vault.getSecret("signing-in")).value, "value");
}

feature("client secret", () => works(clientSecret()));

feature("workload identity", () => works(workloadIdentity()));

feature("wrong client secret", () =>
  refused(client(clientSecret({ secret: "wrong" })).getSecret("signing-in"), undefined, /AADSTS7000215/));

// Asked without the vault: the SDK itself refuses a credential whose tenant is not the challenge's. On
// localhost MSAL looks the tenant up first and words the refusal itself.
feature("unknown tenant", () =>
  refused(
    clientSecret({ tenant: "11111111-2222-3333-4444-555555555555" }).getToken(SCOPE),
    undefined,
    /AADSTS90002|endpoints_resolution_error/,
  ));

feature("token given as it is", () => works(given("INTEROP_TOKEN")));

const refuses = (token, pattern) => refused(client(given(token)).getSecret("signing-in"), 401, pattern);

feature("token that is no token", () => refuses("INTEROP_TOKEN_MALFORMED", /IDX12729/));

feature("token signed by another key", () => refuses("INTEROP_TOKEN_FORGED", /IDX10511/));

feature("token for another audience", () => refuses("INTEROP_TOKEN_AUDIENCE", /AKV10022/));

feature("expired token", () => refuses("INTEROP_TOKEN_EXPIRED", /IDX10223/));
