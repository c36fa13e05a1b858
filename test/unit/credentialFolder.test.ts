import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { inspectFiles } from '../../server/src/app/inspect.ts';
import { type CredentialFolder, credentialFolder, inspect, rulesOf } from '../support/credentialFiles.ts';

const [FIRST = '', SECOND = ''] = rootCertificates;
/** No root certificate had expired by then, and none was still to come. */
const now = new Date('2024-06-01T00:00:00Z');

describe('inspect, on folders and files', () => {
  let folder: CredentialFolder;
  beforeEach(() => {
    folder = credentialFolder();
  });
  afterEach(() => folder.remove());

  const names = (items: readonly { file: string }[]) =>
    items.map(({ file }) => file.slice(folder.path.length + 1));

  it('finds what is in a folder, whatever the files are called, and counts what is no credential', async () => {
    mkdirSync(folder.at('deep/er'), { recursive: true });
    mkdirSync(folder.at('.git'));
    folder.write('a.pem', FIRST);
    folder.write('deep/er/no-name', `text before\n${SECOND}`);
    folder.write('.git/config', FIRST);
    folder.write('notes.txt', 'nothing here');
    folder.write('image.bin', Uint8Array.of(0, 1, 2, 3));
    folder.write('broken.pem', 'nothing here either');
    folder.write('empty.crt', '');
    const { items, skipped, leftOut } = await inspect([folder.path], { now });
    assert.deepEqual(names(items), ['a.pem', 'broken.pem', 'deep/er/no-name', 'empty.crt']);
    assert.deepEqual(rulesOf(items), ['credential/unknown-format', 'credential/empty']);
    assert.deepEqual(skipped, { noCredential: 2, sameFile: 0, tooLarge: 0, special: 0, folders: 1 });
    assert.deepEqual(
      leftOut.map(({ why }) => why).sort(),
      ['folders', 'noCredential', 'noCredential'],
      'each is named, too',
    );
    for (const { file } of leftOut) assert.ok(existsSync(file), file);
  });

  it('answers for each file that is named', async () => {
    folder.write('notes.txt', 'nothing here');
    const missing = folder.at('missing.pem');
    const { items } = await inspect([folder.at('notes.txt'), missing, '/dev/null'], { now });
    assert.deepEqual(rulesOf(items), [
      'credential/unknown-format',
      'credential/unreadable',
      'credential/unreadable',
    ]);
    assert.match(items[1]?.findings[0]?.message ?? '', /there is no such file/);
  });

  it('keeps paths as they were given', async () => {
    mkdirSync(folder.at('tls'));
    folder.write('tls/a.pem', FIRST);
    for (const given of ['tls', './tls', 'tls/']) {
      const { items } = await inspect([given], { now, cwd: folder.path });
      assert.deepEqual(
        items.map(({ file }) => file),
        ['tls/a.pem'],
      );
    }
    const { items } = await inspect(['tls/a.pem'], { now, cwd: folder.path });
    assert.deepEqual(
      items.map(({ file }) => file),
      ['tls/a.pem'],
    );
  });

  it('reads a file once by whatever links, and is not led in circles', async () => {
    if (process.platform === 'win32') return;
    mkdirSync(folder.at('sub'));
    folder.write('a.pem', FIRST);
    symlinkSync('a.pem', folder.at('link.pem'));
    symlinkSync('..', folder.at('sub/up'));
    symlinkSync('nowhere', folder.at('gone.pem'));
    const { items, skipped } = await inspect([folder.path], { now });
    assert.deepEqual(names(items), ['a.pem', 'gone.pem']);
    assert.deepEqual(rulesOf(items), ['credential/unreadable']);
    assert.deepEqual([skipped.sameFile, skipped.folders], [1, 1]);
  });

  it('does not read what is too large, and says so', async () => {
    for (const name of ['large.pem', 'film.bin']) {
      folder.write(name, FIRST);
      truncateSync(folder.at(name), 33 * 1024 * 1024);
    }
    const { items, skipped } = await inspect([folder.path], { now });
    assert.deepEqual(names(items), ['large.pem']);
    assert.match(items[0]?.findings[0]?.message ?? '', /larger than 32 MiB/);
    assert.equal(skipped.tooLarge, 1);
  });

  it('does not wait on a pipe that stands in a folder', async () => {
    if (process.platform === 'win32') return;
    folder.run('mkfifo', ['pipe.pem']);
    const { items, skipped } = await inspect([folder.path], { now });
    assert.deepEqual([items.length, skipped.special], [0, 1]);
  });

  it('says why a file cannot be read', async () => {
    if (process.platform === 'win32') return;
    symlinkSync('self.key', folder.at('self.key'));
    const { items } = await inspect([folder.path], { now });
    assert.match(items[0]?.findings[0]?.message ?? '', /its links lead in a circle/);
  });

  it('stops when it is told to', async () => {
    folder.write('a.pem', FIRST);
    await assert.rejects(inspectFiles([folder.path], { now }, AbortSignal.abort()), { name: 'AbortError' });
    rmSync(folder.at('a.pem'));
  });
});
