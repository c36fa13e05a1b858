/**
 * The same suite in a desktop VS Code, where one can be downloaded: `npx tsx test/vscode/runOnDesktop.ts`.
 * VSCODE_EXECUTABLE names an installed one to use in its place.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { copySamples } from './sampleFolder.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const installed = process.env['VSCODE_EXECUTABLE'];

execFileSync(process.execPath, ['scripts/build-vscode-tests.mjs'], { cwd: repository });
const samples = copySamples();
try {
  process.exitCode = await runTests({
    ...(installed === undefined ? {} : { vscodeExecutablePath: installed }),
    extensionDevelopmentPath: repository,
    extensionTestsPath: path.join(repository, 'test/out/vscode/suite.cjs'),
    extensionTestsEnv: samples.environment,
    launchArgs: [samples.workspace, '--disable-extensions', '--disable-workspace-trust'],
  });
} finally {
  samples.remove();
}
