import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FEATURES } from '../../server/src/lsp/features.ts';

const PAGE = readFileSync(path.resolve(import.meta.dirname, '../../docs/lsp.md'), 'utf8');

/** Methods that the page says yes or no to. Those after the first of a row are written without what they share with it. */
function documented(answer: 'yes' | 'no'): ReadonlySet<string> {
  const methods = new Set<string>();
  for (const [, cell = ''] of PAGE.matchAll(new RegExp(`^\\| (.+?) \\| ${answer} \\|`, 'gm'))) {
    const names = [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
    const folder = (names[0] ?? '').replace(/[^/]+$/, '');
    for (const name of names)
      methods.add(name.includes('/') && !name.startsWith('…') ? name : folder + name.replace('…/', ''));
  }
  return methods;
}

describe('language server: the list of methods', () => {
  const handled = new Set(
    FEATURES.flatMap(({ rows }) => rows.map(({ method }) => method)).filter(
      (method) => !method.startsWith('identity/'),
    ),
  );

  it('says yes to every method that is handled', () => {
    const yes = documented('yes');
    const missing = [...handled].filter((method) => !yes.has(method));
    assert.deepEqual(missing, []);
  });

  it('says no to none of them', () => {
    const no = documented('no');
    assert.ok(no.size > 20);
    assert.deepEqual(
      [...handled].filter((method) => no.has(method)),
      [],
    );
  });
});
