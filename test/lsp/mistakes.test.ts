import { type Fixture, openFixture } from './fixture.ts';
import { themes } from './mistakes/index.ts';
import { plant, type Verdict } from './mistakes/plant.ts';
import { PROJECT } from './mistakes/project.ts';
import { VARIANTS } from './mistakes/variants.ts';

describe('language server: planted mistakes', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await openFixture({ files: PROJECT });
  });
  after(() => fixture.end());

  it('run', async function () {
    this.timeout(300_000);
    const only = process.env['ONLY'];
    for (const [variant, make] of Object.entries(VARIANTS)) {
      const verdicts: Verdict[] = [];
      for (const theme of themes()) {
        for (const mistake of theme.mistakes) {
          const planted = make(theme, mistake);
          if (planted === undefined) continue;
          const verdict = await plant(fixture, planted, mistake);
          verdicts.push(verdict);
          if (verdict.instead !== '' && (only === undefined || only === variant))
            console.log(
              `${variant} | ${theme.name}: ${mistake.what}: ${verdict.found ? '' : 'MISSED '}${verdict.instead}`,
            );
        }
      }
      const share = (holds: (v: Verdict) => boolean) =>
        ((verdicts.filter(holds).length / verdicts.length) * 100).toFixed(1);
      console.log(
        `== ${variant}: ${verdicts.length}; missed ${verdicts.filter((v) => !v.found).length}; exact ${share((v) => v.exact)}; said ${share((v) => v.said)}; fixed ${share((v) => v.fixed)}`,
      );
    }
  });
});
