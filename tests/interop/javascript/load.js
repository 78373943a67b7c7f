import assert from "node:assert/strict";
import { feature } from "./report.js";
import { client, clientSecret } from "./room.js";

feature("100 secrets at once", async () => {
  const vault = client(clientSecret());
  await Promise.all(
    Array.from({ length: 100 }, async (_, at) => {
      const written = await vault.setSecret(`load-${at}`, `${at}`);
      const read = await vault.getSecret(`load-${at}`);
      assert.deepEqual([read.value, read.properties.id], [`${at}`, written.properties.id]);
    }),
  );
  let count = 0;
  for await (const item of vault.listPropertiesOfSecrets()) count += item.name.startsWith("load-");
  assert.equal(count, 100);
});
