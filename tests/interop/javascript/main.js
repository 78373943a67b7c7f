// @azure/keyvault-secrets and @azure/identity against a vault: see ../README.md.

import { run } from "./report.js";

// Each registers its scenarios, in the order of ../features.txt.
import "./signing-in.js";
import "./secrets.js";
import "./lists.js";
import "./deleting.js";
import "./load.js";

await run();
