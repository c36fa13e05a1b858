// Makes what follows from other files, which git ignores: validators and types from schemas/, the list of rules from
// core/rules/ and core/lint/rules/, the list of backends from backends/, the texts to translate from client/src. With --docs also the reference
// pages, which are committed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateBackendRegistry } from './generate/backends.mjs';
import { l10nBundle } from './generate/l10n.mjs';
import { generateOtherRules } from './generate/otherRules.mjs';
import {
  generateDetectorRegistry,
  generateLintRegistry,
  generateRuleRegistry,
  generateScannerIdentity,
} from './generate/rules.mjs';
import { assembleSchemas } from './generate/schemas.mjs';
import { generateSchemaModule, generateTypes, generateValidators } from './generate/validators.mjs';

/** Leaves a file alone that is right already, so that nothing that watches it starts again. */
function write(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  let before;
  try {
    before = readFileSync(file, 'utf8');
  } catch {
    before = undefined;
  }
  if (before !== text) writeFileSync(file, text);
}

const schemas = assembleSchemas();
const outputs = {
  'server/src/core/schema/generated/schemas.ts': generateSchemaModule(schemas),
  'server/src/core/schema/generated/specs.ts': await generateTypes(schemas),
  ...(await generateValidators(schemas, 'server/src/core/schema/generated')),
  'server/src/core/rules/generated/registry.ts': generateRuleRegistry(),
  'server/src/core/lint/generated/registry.ts': generateLintRegistry(),
  'server/src/core/secrets/generated/registry.ts': generateDetectorRegistry(),
  'server/src/core/secrets/generated/scannerIdentity.ts': generateScannerIdentity(),
  'server/src/backends/generated/registry.ts': generateBackendRegistry(schemas),
  'l10n/bundle.l10n.json': `${JSON.stringify(l10nBundle('client/src'), null, 2)}\n`,
};
for (const [file, text] of Object.entries(outputs)) write(file, text);
write('server/src/core/rules/generated/otherRules.ts', await generateOtherRules());

if (process.argv.includes('--docs')) {
  const { generateDocs } = await import('./generate/docs.mjs');
  for (const [file, text] of Object.entries(await generateDocs())) write(file, text);
}
