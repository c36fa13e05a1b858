import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CREDENTIAL_RULES } from '../../server/src/core/credential/findings/registry.ts';
import { RULES } from '../../server/src/core/rules/generated/registry.ts';

const FOLDER = 'server/src/core/credential/findings';

describe('rules about credential files', () => {
  it('have one meaning each, in one file each, and a page', () => {
    const ids = [...CREDENTIAL_RULES, ...RULES.map(({ meta }) => meta)].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    for (const { id } of CREDENTIAL_RULES) assert.ok(existsSync(`docs/rules/${id}.md`), id);
  });

  it('are all in the registry', () => {
    const declared = readdirSync(FOLDER).flatMap((name) =>
      [...readFileSync(path.join(FOLDER, name), 'utf8').matchAll(/id: '([^']+)'/g)].map(([, id]) => id),
    );
    assert.deepEqual(declared.sort(), CREDENTIAL_RULES.map(({ id }) => id).sort());
  });
});
