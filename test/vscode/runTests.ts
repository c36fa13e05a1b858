/**
 * The suite inside a real VS Code, as @vscode/test-electron starts it: `npm run test:vscode`. In a VS Code that it downloads;
 * where none can be downloaded, and in CI, in the one that ./install put in place. VSCODE_EXECUTABLE names another one.
 * `--workspace DIR`: that folder in place of a copy of the samples.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { isInstalled } from './host.mjs';
import { copySamples } from './sampleFolder.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { workspace: { type: 'string' } } });

execFileSync(process.execPath, ['scripts/build-vscode-tests.mjs'], { cwd: repository });
const samples = values.workspace === undefined ? copySamples() : undefined;
try {
  process.exitCode = await runTests({
    vscodeExecutablePath: process.env['VSCODE_EXECUTABLE'] ?? (await executable()),
    extensionDevelopmentPath: repository,
    extensionTestsPath: path.join(repository, 'test/out/vscode/suite.cjs'),
    extensionTestsEnv: { ...samples?.environment },
    launchArgs: [
      values.workspace ?? samples?.workspace ?? '',
      '--disable-extensions',
      '--disable-workspace-trust',
    ],
  });
} catch (error) {
  // What failed is on the screen already.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  samples?.remove();
}

async function executable(): Promise<string> {
  const standIn = path.join(import.meta.dirname, 'code');
  if (process.env['CI']) return standIn;
  try {
    return await downloadAndUnzipVSCode({ timeout: 15_000 });
  } catch (error) {
    if (!isInstalled())
      throw new Error('No VS Code can be downloaded, and test/vscode/install has not put one in place.', {
        cause: error,
      });
    console.log('No VS Code can be downloaded here: the suite runs in the one of test/vscode/install.');
    return standIn;
  }
}
