import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY, type Sandbox, sandbox } from '../support/idac.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { BACKEND, WEB } from './fixture.ts';

const FILE = 'shop.identity.yaml';

describe('language server: in Neovim', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = sandbox();
  });
  afterEach(() => box.remove());

  it('shows mistakes and lenses, asks before it issues, and issues', async function () {
    needs(this, 'nvim', hasProgram('nvim'));
    this.timeout(120_000);
    const misspelt = WEB.replace('usages:', 'usage:');
    const database = WEB.replace('name: web', 'name: db').replaceAll('tls/web', 'tls/db');
    const text = [BACKEND, misspelt, database].join('---\n');
    writeFileSync(path.join(box.folder, FILE), text);
    writeFileSync(path.join(box.folder, '.gitignore'), '*.key.pem\n');
    const script = path.join(import.meta.dirname, 'neovim.lua');
    const { stdout } = await promisify(execFile)(
      'nvim',
      ['--headless', '-u', 'NONE', '-i', 'NONE', '-n', '-c', `luafile ${script}`],
      {
        cwd: box.folder,
        env: {
          ...process.env,
          MANIFEST: path.join(box.folder, FILE),
          NODE: process.execPath,
          IDAC: path.join(REPOSITORY, 'server/bin/idac.mjs'),
          IDAC_STATE_HOME: box.stateHome,
          IDAC_PASSPHRASE: box.passphrase,
        },
      },
    );
    const said = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const lines = text.split('\n');
    const lineOf = (start: string): number => lines.findIndex((line) => line.startsWith(start));
    assert.deepEqual(
      said.filter((each) => 'code' in each),
      [{ code: 'manifest/unknown-field', line: lineOf('  usage:'), column: 2, source: 'idac' }],
    );
    assert.match(String(said.find((each) => 'asked' in each)?.['asked']), /Certificate\/default\/db/);
    assert.equal(said.find((each) => 'state' in each)?.['state'], 'done', stdout);
    const lenses = said.filter((each) => 'lens' in each);
    assert.ok(
      lenses.some((each) => /^valid · 4[67] days left · local-ca$/.test(String(each['lens']))),
      stdout,
    );
    assert.ok(lenses.some((each) => each['lens'] === 'Rotate'));
  });
});
