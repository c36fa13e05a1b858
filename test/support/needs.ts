import { spawnSync } from 'node:child_process';

/**
 * Skips a test where a program is not installed, and says so; in CI nothing may be missing, so there it fails.
 * Call it in `before` or in a test, with mocha's `this`.
 */
export function needs(test: { skip(): never | void }, what: string, present: boolean): void {
  if (present) return;
  if (process.env['CI']) throw new Error(`${what} is missing: CI must install it (see .ci/run)`);
  console.log(`      needs ${what}, which is not installed here; runs in CI`);
  test.skip();
}

/** Whether a program can be started. */
export function hasProgram(name: string, versionFlag = '--version'): boolean {
  return spawnSync(name, [versionFlag], { stdio: 'ignore' }).error === undefined;
}
