/** Snippets that the extension offers before the server has started. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { buildProjectIndex } from '../../../server/src/core/identity/projectIndex.ts';
import { parseManifestFile } from '../../../server/src/core/manifest/manifestFile.ts';
import { runRules } from '../../../server/src/core/rules/runRules.ts';
import { backendRoles } from '../../../server/src/core/schema/backendRoles.ts';
import { KINDS } from '../../../server/src/core/schema/schemaAt.ts';

const SNIPPETS = JSON.parse(readFileSync('client/language/snippets.json', 'utf8')) as Readonly<
  Record<string, { readonly prefix: string; readonly body: readonly string[] }>
>;

/** What stands there when every hole is left as it is. */
function filled(body: readonly string[]): string {
  const words = new Map<string, string>();
  return body
    .join('\n')
    .replace(/\$\{(\d+)\|([^|]*)\|\}|\$\{(\d+):([^}]*)\}/g, (_, choice, all, hole, word) => {
      const number = String(choice ?? hole);
      if (!words.has(number)) words.set(number, String(all?.split(',')[0] ?? word));
      return words.get(number) ?? '';
    })
    .replace('$0', '')
    .replaceAll('\\}', '}');
}

describe('snippets of the extension', () => {
  for (const [name, { body }] of Object.entries(SNIPPETS)) {
    it(`${name}: is a manifest without mistake`, () => {
      assert.deepEqual(parseManifestFile('a.identity.yaml', filled(body)).findings, []);
    });
  }

  it('there is one for each kind that a project has several of', () => {
    const kinds = Object.values(SNIPPETS).map(({ body }) => /^kind: (\w+)/m.exec(body.join('\n'))?.[1]);
    assert.deepEqual(
      KINDS.filter((kind) => !kinds.includes(kind)),
      ['Project'],
    );
  });

  it('fit together: only machines are left to declare', () => {
    const text = Object.values(SNIPPETS)
      .map(({ body }) => filled(body))
      .join('---\n');
    const index = buildProjectIndex(
      new Map([['a.identity.yaml', parseManifestFile('a.identity.yaml', text)]]),
    );
    const context = { index, now: new Date(0), records: new Map(), backendRoles: backendRoles() };
    const rules = new Set(runRules(context, {}).map(({ rule }) => rule));
    assert.deepEqual([...rules], ['machine/undeclared']);
  });
});
