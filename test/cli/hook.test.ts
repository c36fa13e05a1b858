import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

describe('idac hook', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  beforeEach(() => {
    box = sandbox();
  });
  afterEach(() => box.remove());

  const git = (...args: readonly string[]) => {
    const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
    const { status, stdout, stderr } = spawnSync('git', [...who, ...args], {
      cwd: box.folder,
      encoding: 'utf8',
    });
    return { code: status, said: `${stdout}${stderr}` };
  };
  const write = (file: string, text: string): void => writeFileSync(path.join(box.folder, file), text);
  const key = (): string =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const hookFile = (): string => path.join(box.folder, '.git/hooks/pre-commit');
  const state = async (): Promise<unknown> =>
    (await box.json(['hook', 'status', '--format', 'json'])).data['state'];

  it('stops a commit with a key in it, says where, and lets any other through', async () => {
    assert.equal((await box.idac(['hook', 'install'])).code, 0);
    assert.equal(await state(), 'ours');
    write('code.txt', 'a\n');
    git('add', '-A');
    assert.equal(git('commit', '-qm', 'clean').code, 0);
    write('key.txt', key());
    git('add', '-A');
    const stopped = git('commit', '-qm', 'with a key');
    assert.notEqual(stopped.code, 0);
    assert.match(stopped.said, /key\.txt[\s\S]*private key \(PKCS#8\) is staged/);
    assert.equal(git('commit', '-qm', 'past it', '--no-verify').code, 0);
  });

  it('sees what only this commit would bring: with -a, and of some files alone', async () => {
    await box.idac(['hook', 'install']);
    write('a.txt', 'a\n');
    write('b.txt', 'b\n');
    git('add', '-A');
    assert.equal(git('commit', '-qm', 'both').code, 0);
    write('a.txt', key());
    write('b.txt', 'b2\n');
    assert.notEqual(git('commit', '-qam', 'all').code, 0);
    assert.notEqual(git('commit', '-qm', 'a alone', 'a.txt').code, 0);
    assert.equal(git('commit', '-qm', 'b alone', 'b.txt').code, 0);
  });

  it('is taken away again, and installed twice is installed once', async () => {
    assert.equal(await state(), 'absent');
    await box.idac(['hook', 'install']);
    await box.idac(['hook', 'install']);
    assert.equal((await box.idac(['hook', 'remove'])).code, 0);
    assert.equal(existsSync(hookFile()), false);
    assert.equal((await box.idac(['hook', 'remove'])).code, 0);
  });

  it('leaves the hook of somebody else alone, and one that others keep elsewhere', async () => {
    const theirs = '#!/bin/sh\nexit 0\n';
    writeFileSync(hookFile(), theirs);
    for (const way of ['install', 'remove']) {
      const { code, err } = await box.idac(['hook', way]);
      assert.notEqual(code, 0);
      assert.match(err, /is not of idac[\s\S]*idac scan --staged \|\| exit 1/);
    }
    assert.equal(readFileSync(hookFile(), 'utf8'), theirs);
    git('config', 'core.hooksPath', '.husky');
    const { err } = await box.idac(['hook', 'install']);
    assert.match(err, /looks for its hooks in \.husky/);
    assert.equal(await state(), 'elsewhere');
  });

  it('says when the program that it runs is gone', async () => {
    await box.idac(['hook', 'install']);
    const text = readFileSync(hookFile(), 'utf8');
    writeFileSync(hookFile(), text.replaceAll('idac.mjs', 'gone.mjs'));
    write('code.txt', 'a\n');
    git('add', '-A');
    const stopped = git('commit', '-qm', 'clean');
    assert.notEqual(stopped.code, 0);
    assert.match(stopped.said, /the program that was installed is gone\. Run idac hook install again/);
  });

  it('names what it knows where something else is written', async () => {
    const { code, err } = await box.idac(['hook', 'instal']);
    assert.equal(code, 2);
    assert.match(err, /idac hook install/);
  });
});
