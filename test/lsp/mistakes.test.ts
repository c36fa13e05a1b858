import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Fixture, openFixture } from './fixture.ts';
import { figuresOf, type Planting, table } from './mistakes/figures.ts';
import { themes } from './mistakes/index.ts';
import { plant } from './mistakes/plant.ts';
import { PROJECT } from './mistakes/project.ts';
import { VARIANTS } from './mistakes/variants.ts';

const PAGE = path.resolve(import.meta.dirname, '../../docs/lsp.md');
/** Mistakes that are not answered as they should be, in any variant: what they are answered with. */
const KNOWN: Readonly<Record<string, string>> = {
  'Signs of YAML, in a hurry: an item that is indented too far':
    'YAML reads both lines as one text, and that is said',
  'Signs of YAML, in a hurry: the quote of a list item is not closed':
    'the quote is closed at the end of the list',
};

describe('language server: planted mistakes', function () {
  this.timeout(120_000);
  let fixture: Fixture;
  const plantings: Planting[] = [];
  before(async () => {
    fixture = await openFixture({ files: PROJECT });
  });
  after(() => fixture.end());

  it('are at least 60, of all kinds', () => {
    const all = themes();
    assert.ok(all.reduce((sum, { mistakes }) => sum + mistakes.length, 0) >= 60);
    const kinds = new Set(
      all.flatMap(({ manifest }) => [...manifest.matchAll(/"?kind"?: "?(\w+)/g)].map(([, kind]) => kind)),
    );
    assert.equal(kinds.size, 12);
  });

  for (const [variant, make] of Object.entries(VARIANTS)) {
    it(`${variant}: none is missed, and one finding says what would be right`, async () => {
      const wrong: string[] = [];
      for (const theme of themes()) {
        for (const mistake of theme.mistakes) {
          const planted = make(theme, mistake);
          if (planted === undefined) continue;
          const verdict = await plant(fixture, planted, mistake);
          plantings.push({ variant, verdict, fixable: mistake.right !== null });
          const name = `${theme.name}: ${mistake.what}`;
          if (verdict.instead !== '' && !Object.hasOwn(KNOWN, name))
            wrong.push(`${name}: ${verdict.instead}`);
        }
      }
      const figures = figuresOf(plantings.filter((each) => each.variant === variant));
      assert.equal(figures.missed, 0);
      assert.ok(figures.exact >= 0.95, `exact: ${figures.exact}`);
      assert.ok(figures.fixedOfFixable >= 0.85, `fixed: ${figures.fixedOfFixable}`);
      if (variant === 'as it is') assert.ok(figures.fixed >= 0.75, `fixed, of all: ${figures.fixed}`);
      assert.deepEqual(wrong, []);
    });
  }

  it('have their figures in docs/lsp.md', () => {
    const figures = table(plantings);
    console.log(`\n${figures}\n`);
    assert.ok(readFileSync(PAGE, 'utf8').includes(figures), `docs/lsp.md should have\n${figures}`);
  });
});
