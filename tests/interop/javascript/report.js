// Runs scenarios and reports each on one line of JSON. A scenario that resolves did what its feature promises; what it
// resolves to, if anything, is what was seen instead of a plain success. One that rejects fails the run.

import assert from "node:assert/strict";

const scenarios = [];

export function feature(name, scenario) {
  scenarios.push([name, scenario]);
}

/** `promise` must be refused with `status` (undefined: without one); code or text must match `pattern`. */
export async function refused(promise, status, pattern) {
  await assert.rejects(promise, (error) => {
    assert.match(`${error.code} ${error.message}`, pattern);
    assert.equal(error.statusCode, status, error.message);
    return true;
  });
}

export async function run() {
  for (const [name, scenario] of scenarios) {
    let outcome;
    try {
      outcome = (await scenario()) ?? "ok";
    } catch (error) {
      process.exitCode = 1;
      outcome = `failed: ${error.name}: ${error.message}`;
      console.error(error.stack);
    }
    console.log(JSON.stringify({ feature: name, client: process.env.INTEROP_CLIENT, outcome }));
  }
}
