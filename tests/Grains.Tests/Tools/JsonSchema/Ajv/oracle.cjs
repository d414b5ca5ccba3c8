// Answers one question a line: {"schema": ..., "documents": [...]} gives {"valid": [...]} or {"error": "..."}.
// The first argument is the folder of the installed packages.
const path = require("node:path");
const readline = require("node:readline");

const ajv = (file) => require(path.join(process.argv[2], "ajv", "dist", file)).default;
const Ajv2020 = ajv("2020.js");
const AjvCore = ajv("core.js");
const vocabularies = ajv("vocabularies/draft2020.js");

// Ajv writes code that tracks what is evaluated even when nobody asks, and in some alternatives that code throws. This one does not track.
class WithoutTracking extends AjvCore {
  constructor(options) {
    super({ ...options, dynamicRef: true, next: true, unevaluated: false });
  }

  _addVocabularies() {
    super._addVocabularies();
    vocabularies.forEach((vocabulary) => this.addVocabulary(vocabulary));
  }
}

// Not strict: what the specification allows is allowed. Formats are annotations here as there.
const options = { strict: false, validateFormats: false, unicodeRegExp: true, ownProperties: true, logger: false, meta: false, validateSchema: false };

function answer(line) {
  try {
    const { schema, documents } = JSON.parse(line);
    const Validator = line.includes('"unevaluated') ? Ajv2020 : WithoutTracking;
    const validate = new Validator(options).compile(schema);
    return { valid: documents.map((document) => validate(document)) };
  } catch (error) {
    return { error: String(error) };
  }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => process.stdout.write(JSON.stringify(answer(line)) + "\n"));
