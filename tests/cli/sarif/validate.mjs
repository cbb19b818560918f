// Validates a SARIF file against the schema of SARIF 2.1.0: node validate.mjs FILE. Prints what is wrong with it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const Ajv = require("ajv").default;
const addFormats = require("ajv-formats").default;

const schema = JSON.parse(readFileSync(require.resolve("schemastore/schemas/json/sarif-2.1.0.json"), "utf8"));
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats(ajv);
const validate = ajv.compile(schema);
if (!validate(JSON.parse(readFileSync(process.argv[2], "utf8")))) {
    for (const error of validate.errors) console.log(`${error.instancePath} ${error.message}`);
    process.exit(1);
}
