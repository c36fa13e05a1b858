import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** What VS Code calls in the extension host: it fails when the promise rejects. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', reporter: 'spec', color: false, timeout: 60_000, forbidOnly: true });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./manifests.test.ts');
  await import('./language.test.ts');
  await import('./credentials.test.ts');
  await import('./views.test.ts');
  await import('./pages.test.ts');
  await import('./lifecycle.test.ts');
  await import('./firstRun.test.ts');

  const totals = { passed: 0, failed: 0, pending: 0 };
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on('pass', () => {
        totals.passed += 1;
      })
      .on('fail', () => {
        totals.failed += 1;
      })
      .on('pending', () => {
        totals.pending += 1;
      });
  });
  const results = process.env['IDAC_SUITE_RESULTS'];
  if (results !== undefined) writeFileSync(results, JSON.stringify(totals));
  if (totals.failed > 0) throw new Error(`${totals.failed} tests failed in VS Code`);
}
