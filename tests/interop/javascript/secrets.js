import assert from "node:assert/strict";
import { feature, refused } from "./report.js";
import { URL, client, clientSecret } from "./room.js";

const vault = client(clientSecret());
const versionOf = async (name, value, options) => (await vault.setSecret(name, value, options)).properties.version;

feature("set and get", async () => {
  const put = await vault.setSecret("plain", "value", { tags: { a: "b" }, contentType: "text/plain" });
  const { name, value, properties } = await vault.getSecret("plain");
  assert.deepEqual([name, value, properties.tags], ["plain", "value", { a: "b" }]);
  assert.equal(properties.id, `${URL}/secrets/plain/${put.properties.version}`);
  assert.equal(put.properties.version.length, 32);
  assert.equal(properties.contentType, "text/plain");
  assert.deepEqual([properties.enabled, properties.createdOn], [true, properties.updatedOn]);
  assert.ok(Math.abs(properties.createdOn - Date.now()) < 60_000);
  assert.deepEqual([properties.recoveryLevel, properties.recoverableDays], ["Recoverable+Purgeable", 90]);
});

feature("get one version", async () => {
  const first = await versionOf("versions", "1");
  const second = await versionOf("versions", "2");
  assert.notEqual(first, second);
  assert.equal((await vault.getSecret("versions", { version: first })).value, "1");
  assert.equal((await vault.getSecret("versions", { version: second })).value, "2");
  assert.equal((await vault.getSecret("versions")).value, "2");
});

feature("names that differ in case only", async () => {
  await vault.setSecret("Case-Twin", "1");
  await vault.setSecret("case-twin", "2");
  assert.equal((await vault.getSecret("CASE-TWIN")).value, "2");
  let versions = 0;
  for await (const _ of vault.listPropertiesOfSecretVersions("case-TWIN")) versions += 1;
  assert.equal(versions, 2);
});

feature("name of 127 characters, not 128", async () => {
  await vault.setSecret("n".repeat(127), "value");
  assert.equal((await vault.getSecret("n".repeat(127))).value, "value");
  await refused(vault.setSecret("n".repeat(128), "value"), 400, /BadParameter/);
});

feature("name with an illegal character", async () => {
  for (const name of ["a_b", "a.b", "a b", "ä"]) await refused(vault.setSecret(name, "value"), 400, /BadParameter/);
});

feature("unknown name", async () => {
  await refused(vault.getSecret("absent"), 404, /SecretNotFound/);
  await refused(vault.beginDeleteSecret("absent"), 404, /SecretNotFound/);
});

feature("unknown version", async () => {
  await vault.setSecret("unknown-version", "value");
  await refused(vault.getSecret("unknown-version", { version: "0".repeat(32) }), 404, /SecretNotFound/);
});

feature("Unicode in value and tags", async () => {
  const text = "zwölf Boxkämpfer \u{1f510} \u202e\t\r\n\0 \"'\\ 漢字";
  const tags = { schlüssel: "値\u{1f511}" };
  await vault.setSecret("unicode", text, { tags });
  const got = await vault.getSecret("unicode");
  assert.equal(got.value, text);
  assert.deepEqual(got.properties.tags, tags);
});

feature("empty value", async () => {
  assert.equal((await vault.setSecret("empty", "")).value, "");
  assert.equal((await vault.getSecret("empty")).value, "");
});

const largest = "é".repeat(12_800);

feature("value of 25,600 bytes", async () => {
  await vault.setSecret("largest", largest);
  assert.equal((await vault.getSecret("largest")).value, largest);
});

feature("value of 25,601 bytes", () => refused(vault.setSecret("too-large", `${largest}x`), 400, /BadParameter/));

feature("content type of 255 characters, not 256", async () => {
  const contentType = "t".repeat(255);
  assert.equal((await vault.setSecret("typed", "v", { contentType })).properties.contentType, contentType);
  await refused(vault.setSecret("typed", "v", { contentType: "t".repeat(256) }), 400, /BadParameter/);
});

const tagsOf = (count) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`tag${at}`, `${at}`]));

feature("15 tags", async () => {
  await vault.setSecret("tags", "v", { tags: tagsOf(15) });
  assert.deepEqual((await vault.getSecret("tags")).properties.tags, tagsOf(15));
});

feature("16 tags", () => refused(vault.setSecret("tags", "v", { tags: tagsOf(16) }), 400, /BadParameter/));

feature("tags of a new version are its own", async () => {
  const first = await versionOf("own-tags", "1", { tags: { a: "b" } });
  await vault.setSecret("own-tags", "2");
  assert.equal((await vault.getSecret("own-tags")).properties.tags, undefined);
  assert.deepEqual((await vault.getSecret("own-tags", { version: first })).properties.tags, { a: "b" });
});

feature("update one version", async () => {
  const first = await versionOf("update-one", "1", { tags: { a: "b" } });
  await vault.setSecret("update-one", "2", { tags: { a: "b" } });
  const changed = await vault.updateSecretProperties("update-one", first, { tags: { c: "d" }, contentType: "t" });
  assert.deepEqual([changed.version, changed.tags, changed.contentType], [first, { c: "d" }, "t"]);
  const got = await vault.getSecret("update-one", { version: first });
  assert.deepEqual([got.value, got.properties.tags], ["1", { c: "d" }]);
  assert.deepEqual((await vault.getSecret("update-one")).properties.tags, { a: "b" });
});

feature("update without a version", async () => {
  const first = await versionOf("update-current", "1");
  await vault.setSecret("update-current", "2", { tags: { a: "b" } });
  await vault.updateSecretProperties("update-current", "", { contentType: "t" });
  const { value, properties } = await vault.getSecret("update-current");
  assert.deepEqual([value, properties.contentType, properties.tags], ["2", "t", { a: "b" }]);
  assert.equal((await vault.getSecret("update-current", { version: first })).properties.contentType, undefined);
});

feature("disabled secret", async () => {
  const version = await versionOf("disabled", "value");
  assert.equal((await vault.updateSecretProperties("disabled", version, { enabled: false })).enabled, false);
  await refused(vault.getSecret("disabled"), 403, /disabled secret/);
  const listed = [];
  for await (const item of vault.listPropertiesOfSecrets()) if (item.name === "disabled") listed.push(item.enabled);
  assert.deepEqual(listed, [false]);
  await vault.updateSecretProperties("disabled", version, { enabled: true });
  assert.equal((await vault.getSecret("disabled")).value, "value");
});

feature("not-before and expiry", async () => {
  const [past, future] = [new Date("2001-02-03T04:05:06Z"), new Date("2037-02-03T00:00:00Z")];
  await vault.setSecret("expired", "value", { expiresOn: past });
  await vault.setSecret("not-yet", "value", { notBefore: future });
  // The service does not enforce either.
  assert.deepEqual((await vault.getSecret("expired")).properties.expiresOn, past);
  const got = await vault.getSecret("not-yet");
  assert.deepEqual([got.value, got.properties.notBefore], ["value", future]);
  // The SDK itself wraps what is later than January 2038 to 32 bits.
  const late = new Date("2040-02-03T00:00:00Z");
  const { notBefore } = (await vault.setSecret("late", "value", { notBefore: late })).properties;
  if (notBefore.getTime() === late.getTime()) return undefined;
  assert.equal(notBefore.getTime() / 1000, (late.getTime() / 1000) | 0);
  return "ok until January 2038; the SDK sends later times wrapped to 32 bits";
});
