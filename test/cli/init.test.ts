import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { hasProgram, needs } from '../support/needs.ts';

describe('idac init', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  beforeEach(() => {
    place = sandbox();
  });
  afterEach(() => place.remove());

  it('writes a project that is clean, and says what is next', async () => {
    const { code, out } = await place.idac(['init']);
    assert.equal(code, 0);
    assert.match(out, /idac issue Certificate\/default\/web/);
    const { data, code: checked } = await place.json(['check', '--fail-on', 'info']);
    assert.deepEqual(data['findings'], []);
    assert.equal(checked, 0);
  });

  it('leaves what is there alone, a second time too', async () => {
    const ignore = path.join(place.folder, '.gitignore');
    const manifest = path.join(place.folder, 'project.identity.yaml');
    writeFileSync(ignore, 'dist');
    writeFileSync(manifest, '# mine\n');
    const first = await place.json(['init']);
    assert.deepEqual(first.data['kept'], ['project.identity.yaml']);
    assert.equal(readFileSync(manifest, 'utf8'), '# mine\n');
    assert.match(readFileSync(ignore, 'utf8'), /^dist\n\n# .*\n\*\.key\.pem\n$/);
    const before = readFileSync(ignore, 'utf8');
    const second = await place.json(['init']);
    assert.deepEqual(second.data['written'], []);
    assert.equal(readFileSync(ignore, 'utf8'), before);
  });

  it('has git ignore private keys and leave records as they are', async function () {
    needs(this, 'git', hasProgram('git'));
    await place.idac(['init']);
    const git = (...args: string[]) => spawnSync('git', args, { cwd: place.folder, encoding: 'utf8' });
    assert.equal(git('check-ignore', '-q', 'tls/web.key.pem').status, 0);
    assert.equal(git('check-ignore', '-q', 'tls/web.pem').status, 1);
    const record = '.identity/records/default/Certificate/web/1.json';
    assert.match(git('check-attr', 'text', record).stdout, /text: unset/);
  });

  it('makes a name of the folder, or takes one', async () => {
    const inFolder = path.join(place.folder, 'My Shop (2)');
    assert.equal((await place.idac(['init', '-C', inFolder])).code, 0);
    assert.match(
      readFileSync(path.join(inFolder, 'project.identity.yaml'), 'utf8'),
      /^ {2}name: my-shop-2$/m,
    );
    const wrong = await place.idac(['init', '--name', 'Not A Label']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /Lower-case letters/);
  });
});
