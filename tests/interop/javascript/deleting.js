import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { feature, refused } from "./report.js";
import { URL, client, clientSecret } from "./room.js";

const vault = client(clientSecret());
const patience = 30_000;
const settled = async (poller) => (await poller).pollUntilDone({ abortSignal: AbortSignal.timeout(patience) });

feature("delete", async () => {
  await vault.setSecret("doomed", "1");
  await vault.setSecret("doomed", "2");
  const gone = await settled(vault.beginDeleteSecret("doomed"));
  assert.equal(gone.properties.recoveryId, `${URL}/deletedsecrets/doomed`);
  assert.equal(gone.properties.scheduledPurgeDate - gone.properties.deletedOn, 90 * 86_400_000);
  await refused(vault.getSecret("doomed"), 404, /SecretNotFound/);
  assert.equal((await vault.getDeletedSecret("doomed")).properties.recoveryId, gone.properties.recoveryId);
  for await (const item of vault.listPropertiesOfSecrets()) assert.notEqual(item.name, "doomed");
});

feature("deleted secrets in a list", async () => {
  await vault.setSecret("doomed-too", "1");
  await settled(vault.beginDeleteSecret("doomed-too"));
  const names = new Set();
  for await (const item of vault.listDeletedSecrets()) names.add(item.name);
  assert.ok(names.has("doomed") && names.has("doomed-too"));
});

feature("set on a deleted name", () => refused(vault.setSecret("DOOMED", "3"), 409, /deleted but recoverable/));

feature("recover", async () => {
  await settled(vault.beginRecoverDeletedSecret("doomed"));
  assert.equal((await vault.getSecret("doomed")).value, "2");
  assert.equal(await versions("doomed"), 2);
  await refused(vault.getDeletedSecret("doomed"), 404, /SecretNotFound/);
});

async function versions(name) {
  let count = 0;
  for await (const _ of vault.listPropertiesOfSecretVersions(name)) count += 1;
  return count;
}

/** After a purge no call tells when the name is free again; writing says 409 until then. */
async function untilFree(write) {
  for (const deadline = Date.now() + patience; ; await sleep(200)) {
    try {
      return await write();
    } catch (error) {
      if (error.statusCode !== 409 || Date.now() > deadline) throw error;
    }
  }
}

feature("purge", async () => {
  await settled(vault.beginDeleteSecret("doomed"));
  await vault.purgeDeletedSecret("doomed");
  await refused(vault.getDeletedSecret("doomed"), 404, /SecretNotFound/);
  await untilFree(() => vault.setSecret("doomed", "new"));
  assert.equal(await versions("doomed"), 1);
});

feature("backup and restore", async () => {
  const { version } = (await vault.setSecret("kept", "1", { tags: { a: "b" } })).properties;
  await vault.setSecret("kept", "2");
  const blob = await vault.backupSecret("kept");
  await settled(vault.beginDeleteSecret("kept"));
  await refused(vault.restoreSecretBackup(blob), 409, /deleted but recoverable/);
  await vault.purgeDeletedSecret("kept");
  assert.equal((await untilFree(() => vault.restoreSecretBackup(blob))).name, "kept");
  assert.equal((await vault.getSecret("kept")).value, "2");
  const first = await vault.getSecret("kept", { version });
  assert.deepEqual([first.value, first.properties.tags], ["1", { a: "b" }]);
});

feature("restore over a secret", async () => {
  await vault.setSecret("there", "1");
  const blob = await vault.backupSecret("there");
  await refused(vault.restoreSecretBackup(blob), 409, /Conflict/);
  assert.equal((await vault.getSecret("there")).value, "1");
});

feature("damaged backup", () =>
  refused(vault.restoreSecretBackup(new TextEncoder().encode("nonsense")), 400, /Malformed backup blob/));
