import assert from "node:assert/strict";
import { feature } from "./report.js";
import { client, clientSecret } from "./room.js";

const vault = client(clientSecret());
const names = Array.from({ length: 60 }, (_, at) => `page-${String(at).padStart(2, "0")}`);

async function listed(most, settings) {
  let pages = 0;
  const items = [];
  for await (const page of vault.listPropertiesOfSecrets().byPage(settings)) {
    pages += 1;
    assert.ok(page.length <= most, `${page.length} on a page`);
    items.push(...page.filter((item) => item.name.startsWith("page-")));
  }
  assert.deepEqual(items.map((item) => item.name).sort(), names);
  assert.ok(items.every((item) => item.version === undefined && item.contentType === "t"));
  assert.ok(pages >= 60 / most);
}

feature("60 secrets in pages", async () => {
  for (const name of names) await vault.setSecret(name, "value", { contentType: "t" });
  await listed(25);
});

feature("60 secrets in pages of 7", () => listed(7, { maxPageSize: 7 }));

feature("30 versions", async () => {
  const written = new Map();
  for (let at = 0; at < 30; at += 1) {
    written.set((await vault.setSecret("thirty", `${at}`)).properties.version, `${at}`);
  }
  const found = new Map();
  for await (const { version } of vault.listPropertiesOfSecretVersions("thirty")) {
    assert.ok(!found.has(version));
    found.set(version, (await vault.getSecret("thirty", { version })).value);
  }
  assert.deepEqual([...found].sort(), [...written].sort());
});

feature("versions of an unknown name", async () => {
  for await (const item of vault.listPropertiesOfSecretVersions("absent")) assert.fail(item.name);
});
