import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hasProgram, needs } from '../support/needs.ts';
import { CAPABILITIES, CONFIRMING, type Fixture, IDENTITY, type Lens, openFixture } from './fixture.ts';

const FILE = 'web.identity.yaml';

describe('language server: lenses', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  const confirmed = { 'identity/confirm': () => ({ confirmed: true }) };
  const issue = async () => {
    const { result, message } = await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    assert.equal(result.state, 'done', message);
  };
  /** As they are at this moment, whatever is still being read. */
  const now = async (): Promise<readonly (string | undefined)[]> => {
    const lenses = await fixture.client.request<Lens[]>('textDocument/codeLens', {
      textDocument: { uri: fixture.uri(FILE) },
    });
    return lenses.map(({ command }) => command?.title);
  };

  it('each kind can be switched off', async () => {
    let settings: object | null = null;
    fixture = await openFixture({
      capabilities: CONFIRMING,
      answers: { ...confirmed, 'workspace/configuration': () => [settings] },
    });
    fixture.open(FILE);
    fixture.open('ca.identity.yaml');
    await issue();
    const with_ = async (codeLens: object, file = FILE) => {
      settings = { codeLens };
      const asked = fixture.client.received('workspace/configuration').length;
      fixture.client.notify('workspace/didChangeConfiguration', { settings: null });
      while (fixture.client.received('workspace/configuration').length === asked)
        await fixture.client.request('identity/inventory', {});
      return fixture.lensTitles(file);
    };
    const [state, ...verbs] = await fixture.lensTitles(FILE);
    assert.match(state ?? '', /^valid · /);
    assert.deepEqual(verbs, ['Renew', 'Rotate', 'Revoke', 'Verify', 'Destroy']);
    assert.deepEqual(await with_({ state: false }), verbs);
    assert.deepEqual(await with_({ destructive: false }), [state, 'Renew', 'Rotate', 'Verify']);
    assert.deepEqual(await with_({ lifecycle: false }), [state, 'Revoke', 'Destroy']);
    assert.deepEqual(await with_({ backends: false }, 'ca.identity.yaml'), []);
    assert.deepEqual(await with_({ lifecycle: false }, 'ca.identity.yaml'), ['Check connection']);
    assert.deepEqual(await with_({ enabled: false }), []);
    assert.deepEqual(await with_({ state: 'nonsense' }), [state, ...verbs]);
  });

  it('wait for no git, no record and no backend: before they are read they keep their place', async function () {
    needs(this, 'git', hasProgram('git'));
    const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    fixture = await openFixture({ capabilities: CONFIRMING, answers: confirmed });
    const { box } = fixture;
    execFileSync('git', ['init', '--quiet'], { cwd: box.folder });
    await issue();
    // A record without its manifest: which commit removed it, is asked of git.
    const orphan = path.join(box.folder, '.identity/records/default/Certificate');
    execFileSync('cp', ['-r', path.join(orphan, 'web'), path.join(orphan, 'gone')]);
    for (const file of execFileSync('ls', [path.join(orphan, 'gone')], { encoding: 'utf8' })
      .trim()
      .split('\n')) {
      const place = path.join(orphan, 'gone', file);
      const text = execFileSync('sed', ['s/"name":"web"/"name":"gone"/', place], { encoding: 'utf8' });
      writeFileSync(place, text);
    }
    await fixture.client.stop();

    const bin = path.join(box.stateHome, 'slow');
    mkdirSync(bin, { recursive: true });
    const gate = path.join(bin, 'gate');
    writeFileSync(gate, '');
    writeFileSync(
      path.join(bin, 'git'),
      // What is asked of it at the start passes; what findings on records ask for does not.
      `#!/bin/sh
for each in "$@"; do case "$each" in cat-file|for-each-ref|log) while [ -e '${gate}' ]; do sleep 0.05; done;; esac; done
exec '${git}' "$@"
`,
    );
    chmodSync(path.join(bin, 'git'), 0o755);
    fixture = await openFixture({
      box,
      capabilities: CONFIRMING,
      env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` },
    });
    fixture.open(FILE);
    // Nothing while the project is opened; then its place is kept.
    while ((await now()).length === 0) await fixture.client.next('workspace/codeLens/refresh');
    assert.match((await now())[0] ?? '', /^(reading its record…|valid · .*)$/);
    rmSync(gate);
    while ((await now())[0] === 'reading its record…')
      await fixture.client.next('workspace/codeLens/refresh');
    assert.match((await now())[0] ?? '', /^valid · /);

    // Once they were read, not even that git stands still again holds them up.
    writeFileSync(gate, '');
    fixture.client.notify('workspace/didChangeWatchedFiles', {
      changes: [{ uri: fixture.uri('.identity/records/default/Certificate/web/x.json'), type: 2 }],
    });
    assert.match((await now())[0] ?? '', /^valid · /);
    rmSync(gate);
  });

  it('are complete at once for a client that cannot be told to ask again', async () => {
    const { codeLens: _codeLens, ...workspace } = CAPABILITIES.workspace;
    fixture = await openFixture({ capabilities: { ...CAPABILITIES, workspace } });
    fixture.open(FILE);
    assert.deepEqual(await now(), ['not issued yet · local-ca', 'Issue']);
  });
});
