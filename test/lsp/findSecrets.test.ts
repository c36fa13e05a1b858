import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Diagnostic, type Fixture, IDENTITY, openFixture } from './fixture.ts';

interface Report {
  refused?: boolean;
  looked: string;
  aside: number;
  skipped: { path: string; why: string }[];
  secrets: {
    uri: string;
    file: string;
    isThere: boolean;
    commit: string | null;
    diagnostic: Diagnostic;
    acts: { identity: string; verbs: string[] } | null;
  }[];
}

const PASSWORD = `Kq${'7w'}Zp93dL`;

describe('language server: secrets in a whole folder and in its history', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());
  const git = (...args: readonly string[]): string => {
    const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
    return execFileSync('git', [...who, ...args], { cwd: fixture.box.folder, encoding: 'utf8' });
  };
  const commit = (message: string): string => {
    git('add', '-A');
    git('commit', '-qm', message);
    return git('rev-parse', 'HEAD').trim();
  };
  const find = (where: string, more: object = {}): Promise<Report> =>
    fixture.run<Report>('idac.findSecrets', { where, uri: fixture.uri('') }, more);

  it('are what the command line finds, with no part of a value', async () => {
    fixture = await openFixture();
    fixture.write('deploy/.env', `DB_PASSWORD=${PASSWORD}\n`);
    const report = await find('folder', { workDoneToken: 'mine' });
    const [only, ...others] = report.secrets;
    assert.equal(others.length, 0);
    assert.deepEqual([only?.file, only?.commit, only?.isThere], ['deploy/.env', null, true]);
    assert.equal(only?.uri, fixture.uri('deploy/.env'));
    const { findings } = (await fixture.box.json(['scan', '--format', 'json'])).data as {
      findings: { rule: string; message: string }[];
    };
    assert.deepEqual(
      [only?.diagnostic.code, only?.diagnostic.message],
      [findings[0]?.rule, findings[0]?.message],
    );
    assert.match(report.looked, /^\d+ files$/);
    assert.ok(!fixture.client.trace().includes(PASSWORD));
    const kinds = fixture.client
      .received('$/progress')
      .map(({ params }) => (params as { value: { kind: string } }).value.kind);
    assert.deepEqual([kinds[0], kinds.at(-1)], ['begin', 'end']);
  });

  it('of the history name the commit and the identity, also of a file that is gone', async () => {
    fixture = await openFixture();
    assert.equal((await fixture.box.idac(['issue', IDENTITY, '--yes'])).code, 0);
    commit('declared');
    const inFolder = (file: string): string => path.join(fixture.box.folder, file);
    copyFileSync(inFolder('tls/web.key.pem'), inFolder('debug.txt'));
    const brought = commit('notes');
    rmSync(inFolder('debug.txt'));
    commit('tidy up');
    const { secrets, looked } = await find('history');
    assert.deepEqual(
      secrets.map(({ file, commit: id, isThere, acts }) => [file, id, isThere, acts?.identity, acts?.verbs]),
      [['debug.txt', brought, false, IDENTITY, ['rotate']]],
    );
    assert.match(secrets[0]?.diagnostic.message ?? '', /taken away by .* \(Ann, .*it is the key of/);
    assert.match(looked, /of 3 commits$/);
  });

  it('of the history are none of an untrusted folder', async () => {
    fixture = await openFixture({ trusted: false });
    fixture.write('.env', `DB_PASSWORD=${PASSWORD}\n`);
    assert.equal((await find('folder')).secrets.length, 1);
    assert.equal((await find('history')).refused, true);
  });

  it('are looked for until somebody stops it', async () => {
    fixture = await openFixture();
    for (let file = 0; file < 40; file += 1)
      fixture.write(`many/${file}.txt`, 'some words\n'.repeat(200_000));
    const { id, answer } = fixture.client.begin('workspace/executeCommand', {
      command: 'idac.findSecrets',
      arguments: [{ where: 'folder', uri: fixture.uri('') }],
    });
    fixture.client.notify('$/cancelRequest', { id });
    await assert.rejects(answer, { code: -32800 });
  });
});
