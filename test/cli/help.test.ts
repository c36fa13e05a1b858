import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, REPOSITORY, runIdac } from '../support/idac.ts';

const COMMANDS = [
  'init',
  'check',
  'scan',
  'accept',
  'hook',
  'policy',
  'report',
  'inspect',
  'inventory',
  'outlook',
  'impact',
  'issue',
  'renew',
  'rotate',
  'revoke',
  'verify',
  'destroy',
  'resume',
  'log',
  'doctor',
  'login',
  'lsp',
];

describe('help', function () {
  this.timeout(PATIENCE);
  it('lists every command, on standard output, with exit 0', async () => {
    const { code, out, err } = await runIdac(['--help']);
    assert.equal(code, 0);
    assert.equal(err, '');
    for (const command of COMMANDS) assert.match(out, new RegExp(`^ {2}${command} `, 'm'));
    assert.ok(!out.includes('\u001b'), 'no colour in a pipe');
  });

  it('without a command is bad usage, said on standard error', async () => {
    const { code, out, err } = await runIdac([]);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /Usage/);
  });

  it('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(path.join(REPOSITORY, 'server/package.json'), 'utf8'));
    assert.deepEqual(await runIdac(['--version']), { code: 0, out: `${version}\n`, err: '' });
  });

  it('names the nearest command', async () => {
    const { code, err } = await runIdac(['isue', 'x']);
    assert.equal(code, 2);
    assert.match(err, /no command "isue"[\s\S]*Did you mean `idac issue`\?/);
  });

  const reference = readFileSync(path.join(REPOSITORY, 'docs/cli.md'), 'utf8');
  for (const command of COMMANDS) {
    it(`of ${command} and docs/cli.md name the same options`, async () => {
      const { code, out } = await runIdac([command, '--help']);
      assert.equal(code, 0);
      const [, section] =
        new RegExp(`^## idac ${command}$([\\s\\S]*?)(?=^##? |(?![\\s\\S]))`, 'm').exec(reference) ?? [];
      assert(section !== undefined, 'docs/cli.md has no section');
      const documented = section.split('\n').filter((row) => row.startsWith('| `-'));
      const helped = out.slice(out.indexOf('\nOptions')).split('\nExamples')[0] ?? '';
      const rows = helped.split('\n').filter((row) => /^ {2}(-\w, | {4})--/.test(row));
      const names = (lines: readonly string[]) =>
        lines.map((row) => /--([a-zA-Z0-9-]+)/.exec(row)?.[1]).sort();
      assert.deepEqual(names(documented), names(rows));
    });
  }

  it('tells of every exit code that docs/cli.md tells of', async () => {
    const { out } = await runIdac(['--help']);
    for (const code of [0, 1, 2, 3, 4]) {
      assert.match(out, new RegExp(`^ {2}${code} {2}`, 'm'));
      assert.match(reference, new RegExp(`^\\| ${code} \\|`, 'm'));
    }
  });
});
