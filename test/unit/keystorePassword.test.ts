/** Who made a password file, and what becomes of it, whenever the process dies. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, realpath, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  checkPassword,
  ensurePassword,
  readPassword,
  removeMadePassword,
} from '../../server/src/app/actions/keystorePassword.ts';
import { openPasswordNotes } from '../../server/src/app/actions/passwordNotes.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { openProjectFiles } from '../../server/src/platform/disk/projectFiles.ts';
import { openStateFolder } from '../../server/src/platform/disk/stateFolder.ts';
import { rejectsWith } from '../backends/contract/expectations.ts';

const NEVER = new AbortController().signal;
const FILE = 'secret/store.password';
const PLACE = { keystore: { format: 'pkcs12', alias: 'web', passwordFile: FILE } } as const;

describe('the password of a key store', () => {
  let base: string;
  let root: string;
  beforeEach(async () => {
    base = await realpath(await mkdtemp(path.join(tmpdir(), 'idac-password-')));
    root = path.join(base, 'project');
    await mkdir(path.join(root, 'secret'), { recursive: true });
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  /** As each process opens it. */
  const holder = () => ({
    files: openProjectFiles(root, { trusted: true, lockFolder: path.join(base, 'locks') }),
    passwords: openPasswordNotes(openStateFolder(path.join(base, 'passwords')), nodeHasher),
  });
  const at = (file = FILE) => path.join(root, file);
  const text = () => readFileSync(at(), 'utf8');
  const person = (words: string) => writeFile(at(), words, { mode: 0o600 });

  it('is made once, 256 bits, for its owner alone, and used from then on', async () => {
    await checkPassword(holder(), PLACE);
    assert.equal(existsSync(at()), false, 'looking makes nothing');
    await ensurePassword(holder(), PLACE, 'plan-1', NEVER);
    const made = text();
    assert.match(made, /^[\w-]{43}\n$/);
    assert.equal((await stat(at())).mode & 0o777, 0o600);
    await ensurePassword(holder(), PLACE, 'plan-2', NEVER);
    assert.equal(text(), made);
    assert.equal((await readPassword(holder().files, FILE))?.reveal(), made.trim());
    assert.equal(existsSync(path.join(base, 'passwords')), true);
  });

  it('is made by one of several at the same moment', async () => {
    await Promise.all(['a', 'b', 'c'].map((plan) => ensurePassword(holder(), PLACE, plan, NEVER)));
    const note = await holder().passwords.read(FILE);
    assert.equal(note?.version, (await holder().files.read(FILE))?.version);
  });

  it('is removed by the action that made it, and by no other; in the end by whoever destroys', async () => {
    await ensurePassword(holder(), PLACE, 'plan-1', NEVER);
    await removeMadePassword(holder(), FILE, 'plan-2', NEVER);
    assert.equal(existsSync(at()), true);
    await removeMadePassword(holder(), FILE, 'plan-1', NEVER);
    assert.equal(existsSync(at()), false);
    await ensurePassword(holder(), PLACE, 'plan-3', NEVER);
    await removeMadePassword(holder(), FILE, null, NEVER);
    await removeMadePassword(holder(), FILE, null, NEVER);
    assert.equal(existsSync(at()), false);
  });

  it('that a person wrote or changed stays, whatever a record says of it', async () => {
    await person('of a person\n');
    await ensurePassword(holder(), PLACE, 'plan-1', NEVER);
    await removeMadePassword(holder(), FILE, 'plan-1', NEVER);
    await removeMadePassword(holder(), FILE, null, NEVER);
    assert.equal(text(), 'of a person\n');
    await unlink(at());
    await ensurePassword(holder(), PLACE, 'plan-1', NEVER);
    await person('changed by a person\n');
    await removeMadePassword(holder(), FILE, null, NEVER);
    assert.equal(text(), 'changed by a person\n');
  });

  it('is made anew where a process died after its note, and used where one died after its file', async () => {
    await holder().passwords.write({ path: FILE, version: 'f'.repeat(64), planId: 'plan-1' });
    await ensurePassword(holder(), PLACE, 'plan-1', NEVER);
    const made = text();
    // The key store was never written; the same action goes on, and may still be taken back.
    await ensurePassword(holder(), PLACE, 'plan-1', NEVER);
    assert.equal(text(), made);
    await removeMadePassword(holder(), FILE, 'plan-1', NEVER);
    assert.equal(existsSync(at()), false);
  });

  it('is the first line, as it is written', async () => {
    for (const [words, expected] of [
      ['word', 'word'],
      ['word\r\nsecond line\n', 'word'],
      [' with spaces \n', ' with spaces '],
      ['pässwörd 🔑\n', 'pässwörd 🔑'],
    ] as const) {
      await person(words);
      assert.equal((await readPassword(holder().files, FILE))?.reveal(), expected);
    }
  });

  it('is refused where it is none, or where others could read it', async () => {
    const cases: readonly (readonly [string | Uint8Array, RegExp])[] = [
      ['', /no password in its first line/],
      ['\nsecond\n', /no password in its first line/],
      ['x'.repeat(1025), /more than 1024 characters/],
      ['-----BEGIN PRIVATE KEY-----\n', /is a PEM file/],
      [Uint8Array.of(0xff, 0xfe, 0x61), /no UTF-8 text/],
    ];
    for (const [words, expected] of cases) {
      await writeFile(at(), words, { mode: 0o600 });
      const { what } = await rejectsWith('invalid-request', checkPassword(holder(), PLACE));
      assert.match(what, expected);
    }
    await person('word\n');
    await chmod(at(), 0o640);
    const { hint } = await rejectsWith('forbidden', checkPassword(holder(), PLACE));
    assert.match(hint, /chmod 600 secret\/store\.password/);
    for (const passwordFile of ['../outside', '/etc/shadow', '.git/config', 'C:/x'])
      await rejectsWith(
        'forbidden',
        checkPassword(holder(), { keystore: { ...PLACE.keystore, passwordFile } }),
      );
  });
});
