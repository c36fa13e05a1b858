/** What is generated is what its sources say, and what is said to exist does. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BACKENDS } from '../../server/src/backends/generated/registry.ts';
import { RULES } from '../../server/src/core/rules/generated/registry.ts';
import { describePath } from '../../server/src/core/schema/describe.ts';
import { DOCUMENT_RULES } from '../../server/src/core/schema/documentRules.ts';
import { KINDS } from '../../server/src/core/schema/schemaAt.ts';

describe('reference pages', () => {
  it('are fresh (else: npm run generate -- --docs)', async () => {
    const { generateDocs } = (await import('../../scripts/generate/docs.mjs' as string)) as {
      generateDocs(): Promise<Record<string, string>>;
    };
    const pages = await generateDocs();
    for (const [file, text] of Object.entries(pages)) {
      assert.equal(existsSync(file) ? readFileSync(file, 'utf8') : 'missing', text, file);
    }
    for (const folder of ['docs/rules', 'docs/kinds'])
      for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
        if (file.endsWith('.md'))
          assert.ok(`${folder}/${file}` in pages, `${folder}/${file} is of nothing that there is`);
  });

  it('exist for each rule that code can report', () => {
    const known = new Set([...RULES.map(({ meta }) => meta.id), ...DOCUMENT_RULES.map(({ id }) => id)]);
    const sources = ['server/src/core/manifest', 'server/src/core/schema', 'server/src/core/rules'];
    const files = sources.flatMap((folder) => [...readFiles(folder)]);
    const used = files.flatMap((text) =>
      [...text.matchAll(/'(manifest\/[a-z0-9-]+)'/g)].map(([, id]) => id ?? ''),
    );
    const formats = [
      ...[...readFiles('server/src/core/schema/formats')].join('\n').matchAll(/problem\(\s*'([a-z0-9-]+)'/g),
    ].map(([, id]) => `manifest/${id}`);
    assert.ok(used.length > 15 && formats.length > 10);
    for (const id of [...used, ...formats]) assert.ok(known.has(id), id);
    for (const id of known) assert.ok(existsSync(`docs/rules/${id}.md`), id);
  });
});

describe('backends', () => {
  for (const { type, roles, load } of BACKENDS) {
    it(`${type} has the type and roles that its config schema says`, async () => {
      const backend = await load();
      assert.equal(backend.type, type);
      assert.deepEqual([...backend.roles].sort(), [...roles].sort());
    });
  }
});

describe('describing a field', () => {
  it('gives what hover and completion need', () => {
    const field = describePath('Certificate', ['spec', 'key', 'origin']);
    assert.deepEqual(
      [field?.title, field?.type, field?.enum, field?.default],
      ['Origin', 'text', ['machine', 'store', 'engine', 'service'], 'engine'],
    );
    assert.equal(describePath('Certificate', ['spec', 'deliverTo', 0, 'backend'])?.references, 'Backend');
    assert.equal(describePath('Certificate', ['spec', 'issuer'])?.required, true);
    assert.equal(describePath('Backend', ['spec', 'authority'], 'local')?.type, 'map');
    assert.equal(describePath('Backend', ['spec', 'authority']), undefined);
    assert.equal(describePath('Certificate', ['spec', 'constructor']), undefined);
    assert.equal(describePath('constructor', []), undefined);
  });

  it('says something about every field of every kind', () => {
    const visit = (kind: string, path: readonly (string | number)[], type?: string): void => {
      const field = describePath(kind, path, type);
      assert.ok(
        field !== undefined &&
          field.title !== '' &&
          (field.description !== '' || typeof path.at(-1) === 'number'),
        `${kind} ${path.join('.')}`,
      );
      for (const name of field.fields) visit(kind, [...path, name], type);
      if (describePath(kind, [...path, 0], type) !== undefined) visit(kind, [...path, 0], type);
    };
    for (const kind of KINDS) visit(kind, []);
    for (const { type } of BACKENDS) visit('Backend', [], type);
  });
});

function* readFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && !entry.parentPath.includes('generated'))
      yield readFileSync(path.join(entry.parentPath, entry.name), 'utf8');
  }
}
