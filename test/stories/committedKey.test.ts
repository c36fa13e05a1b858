import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

interface Finding {
  readonly severity: string;
  readonly file: string;
  readonly message: string;
  readonly identity?: { readonly kind: string; readonly name: string };
  readonly related: readonly { readonly file: string }[];
}

/** From the commit of a key to the rotation that its finding asks for, as somebody at a terminal sees it. */
describe('a key that was committed', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  before(() => {
    box = sandbox();
  });
  after(() => box.remove());

  const git = (...args: readonly string[]): void => {
    const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
    execFileSync('git', [...who, ...args], { cwd: box.folder, stdio: 'ignore' });
  };
  const commit = (message: string): void => {
    git('add', '-A');
    git('commit', '-qm', message);
  };
  const inFolder = (file: string): string => path.join(box.folder, file);
  const scan = async (...args: readonly string[]): Promise<readonly Finding[]> =>
    (await box.json(['scan', ...args, '--format', 'json'])).data['findings'] as readonly Finding[];
  const done = async (...args: readonly string[]): Promise<void> => {
    const { code, err } = await box.idac(args);
    assert.equal(code, 0, err);
  };

  it('is where it should be as long as it is only delivered', async () => {
    await done('init');
    await done('issue', 'Certificate/web', '--yes');
    commit('the first certificate');
    const [delivered, ...others] = await scan();
    assert.equal(others.length, 0);
    assert.deepEqual([delivered?.severity, delivered?.file], ['info', 'tls/web.key.pem']);
    assert.deepEqual(await scan('--history'), []);
  });

  it('is named with its identity, its owner and what to do, once a copy lies beside the code', async () => {
    copyFileSync(inFolder('tls/web.key.pem'), inFolder('debug.txt'));
    const found = (await scan()).find(({ file }) => file === 'debug.txt');
    assert.equal(found?.severity, 'error');
    assert.equal(found?.identity?.name, 'web');
    assert.match(
      found?.message ?? '',
      /it is the key of Certificate\/default\/web \(owner .*, in use\); rotate it: idac rotate Certificate\/default\/web$/,
    );
    assert.deepEqual(
      found?.related.map(({ file }) => file),
      ['certificates/web.identity.yaml', 'tls/web.pem', 'tls/web.key.pem'],
    );
    git('add', 'debug.txt');
    assert.deepEqual(
      (await scan('--staged')).map(({ identity }) => identity?.name),
      ['web'],
    );
    commit('notes of a debugging session');
  });

  it('is found in the history three commits after it was deleted', async () => {
    rmSync(inFolder('debug.txt'));
    commit('tidy up');
    for (const day of [1, 2, 3]) {
      writeFileSync(inFolder('code.txt'), `${day}\n`);
      commit(`day ${day}`);
    }
    assert.deepEqual(
      (await scan()).map(({ severity }) => severity),
      ['info'],
    );
    const [found, ...others] = await scan('--history');
    assert.equal(others.length, 0);
    assert.match(
      found?.message ?? '',
      /is in the history since [0-9a-f]{10} \(Ann, .*\), taken away by [0-9a-f]{10} \(Ann, .*\); it is the key of Certificate\/default\/web .*in use/,
    );
  });

  it('is no key any more that anybody accepts once the identity was rotated and what was replaced revoked', async () => {
    await done('rotate', 'Certificate/web', '--yes');
    const [superseded] = await scan('--history');
    // Whoever has the key is accepted with the old certificate until that is revoked.
    assert.match(
      superseded?.message ?? '',
      /\(owner .*, replaced\); whoever has it is accepted until 20\d\d-\d\d-\d\d: idac revoke Certificate\/default\/web --former$/,
    );
    const serial = (): string =>
      execFileSync('openssl', ['x509', '-in', inFolder('tls/web.pem'), '-noout', '-serial']).toString();
    const inUse = serial();
    await done('revoke', 'Certificate/web', '--former', '--reason', 'keyCompromise', '--yes');
    // The one that took its place is served on.
    assert.equal(serial(), inUse);
    await done('verify', 'Certificate/web');
    const again = await box.idac(['revoke', 'Certificate/web', '--former', '--yes']);
    assert.equal(again.code, 1);
    assert.match(again.err, /has no former certificate that is still accepted/);
    const [former] = await scan('--history');
    assert.match(former?.message ?? '', /\(owner .*, former\); it is used no more/);
  });
});
