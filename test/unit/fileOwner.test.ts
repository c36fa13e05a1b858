/** Delivered files that belong to somebody else. Giving files away takes root: elsewhere the refusal is what is tested. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, stat, watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Secret } from '../../server/src/core/secret.ts';
import { fileOwner } from '../../server/src/platform/disk/fileOwner.ts';
import { openProjectFiles } from '../../server/src/platform/disk/projectFiles.ts';
import { rejectsWith } from '../backends/contract/expectations.ts';

const content = new Secret<Uint8Array>(new TextEncoder().encode('content\n'));
const self = process.getuid?.() ?? 0;
const group = process.getgid?.() ?? 0;

describe('the owner of a delivered file', function () {
  this.timeout(120_000);
  let base: string;
  let root: string;
  beforeEach(async () => {
    base = await realpath(await mkdtemp(path.join(tmpdir(), 'idac-owner-')));
    root = path.join(base, 'project');
    await mkdir(root);
  });
  afterEach(() => rm(base, { recursive: true, force: true }));
  const files = () => openProjectFiles(root, { trusted: true, lockFolder: path.join(base, 'locks') });

  it('is found by name and number, and may always be oneself', async () => {
    assert.deepEqual(await fileOwner(`${self}:${group}`, 'x'), { uid: self, gid: group });
    assert.deepEqual(await fileOwner(`${self}`, 'x'), { uid: self, gid: undefined });
  });

  it('is refused where nobody is called that', async () => {
    for (const owner of [
      'no-such-user-here',
      `${self}:no-such-group`,
      '4294967295',
      'a:b:c',
      ':0',
      `${self}:`,
      '--help',
    ]) {
      const { what } = await rejectsWith('invalid-request', fileOwner(owner, 'tls/key.pem'));
      assert.match(what, /^tls\/key\.pem cannot be delivered/);
    }
  });

  it('is refused to who is not root, with what to do', async () => {
    if (self === 0) process.seteuid?.(65534);
    try {
      const { what, hint } = await rejectsWith('forbidden', fileOwner('0', 'tls/key.pem'));
      assert.match(`${what} ${hint}`, /may not give files to others.*as root/);
    } finally {
      if (self === 0) process.seteuid?.(0);
    }
  });

  it('is given before the file has its name', async () => {
    // Only root can give files to somebody else.
    const wanted = self === 0 ? [65534, 65534] : [self, group];
    const owner = wanted.join(':');
    await mkdir(path.join(root, 'tls'));
    const stop = new AbortController();
    const seen: number[] = [];
    const watching = (async () => {
      for await (const { filename } of watch(path.join(root, 'tls'), { signal: stop.signal })) {
        if (filename !== 'key.pem') continue;
        seen.push((await stat(path.join(root, 'tls/key.pem'))).uid);
      }
    })().catch(() => undefined);
    let version: string | null = null;
    for (let round = 0; round < 5; round++) {
      const bytes = content.map((octets) => Uint8Array.of(...octets, 48 + round));
      ({ version } = await files().write('tls/key.pem', bytes, {
        ifVersion: version,
        isPrivate: true,
        owner,
      }));
      const { uid, gid, mode } = await stat(path.join(root, 'tls/key.pem'));
      assert.deepEqual([uid, gid, mode & 0o777], [...wanted, 0o600]);
    }
    stop.abort();
    await watching;
    assert.ok(
      seen.every((uid) => uid === wanted[0]),
      `no moment with another owner: ${seen}`,
    );
  });

  it('can reach a folder that is made for the file', async () => {
    await files().write('new/key.pem', content, { ifVersion: null, isPrivate: true, owner: `${self}` });
    assert.equal((await stat(path.join(root, 'new'))).mode & 0o777, 0o711);
    await files().write('own/key.pem', content, { ifVersion: null, isPrivate: true });
    assert.equal((await stat(path.join(root, 'own'))).mode & 0o777, 0o700);
  });
});
