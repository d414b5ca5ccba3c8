// Says of an OpenAPI document on standard input whether it is valid: {"valid":true,"version":"3.1"}, or why not. Argument: the folder of npm packages.
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const packages = createRequire(join(process.argv[2], "of-the-tests.js"));
const { Validator } = await import(pathToFileURL(packages.resolve("@seriousme/openapi-schema-validator")));
const validator = new Validator();
const result = await validator.validate(JSON.parse(await text(process.stdin)));
if (result.valid) validator.resolveRefs();
process.stdout.write(JSON.stringify({ valid: result.valid, version: validator.version, errors: result.errors }));
