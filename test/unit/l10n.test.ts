import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { translations } from '../../scripts/l10n.mjs';
import { REPOSITORY } from '../support/idac.ts';

const text = (file: string): string => readFileSync(path.join(REPOSITORY, file), 'utf8');
/** What must be the same in every language: values put in, links, and words that are typed. */
const FIXED = [/\{\w+\}/g, /\]\([^)]+\)/g, /`[^`]+`/g, /\$\([\w-]+\)/g];
/** So much may wait for a translator, listed, with the English text in its place. A language with less is no help. */
const MAY_WAIT = 0.5;

describe('the texts of the extension', () => {
  it('in package.json are all defined, and all that are defined are used', () => {
    const used = new Set([...text('package.json').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key));
    assert.deepEqual([...used].sort(), Object.keys(JSON.parse(text('package.nls.json'))).sort());
  });

  it('are found by VS Code', () => {
    assert.equal(JSON.parse(text('package.json')).l10n, './l10n');
    assert.ok(existsSync(path.join(REPOSITORY, 'l10n/bundle.l10n.json')), 'made by the build');
  });

  for (const { file, texts, translated } of translations()) {
    describe(file, () => {
      it('has nearly everything, and nearly nothing that is not shown any more', () => {
        const missing = Object.keys(texts).filter((key) => !(key in translated));
        const left = Object.keys(translated).filter((key) => !(key in texts));
        for (const key of missing) console.log(`      waits for a translation: ${key}`);
        for (const key of left) console.log(`      is not shown any more: ${key}`);
        assert.ok(missing.length + left.length <= Object.keys(texts).length * MAY_WAIT);
      });

      it('keeps values, links and what is typed', () => {
        for (const [key, words] of Object.entries(translated)) {
          for (const fixed of key in texts ? FIXED : [])
            assert.deepEqual(
              words.match(fixed)?.sort(),
              texts[key]?.match(fixed)?.sort(),
              `${key}: ${words}`,
            );
        }
      });
    });
  }
});
