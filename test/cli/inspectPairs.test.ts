/** A private key beside a certificate, in one file and in two: made by OpenSSL and ssh-keygen. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { hasProgram, needs } from '../support/needs.ts';

interface Found {
  readonly rule: string;
  readonly message: string;
  readonly file: string;
  readonly range: { readonly start: { readonly line: number }; readonly end: { readonly line: number } };
  readonly related: readonly { readonly file: string }[];
}

describe('idac inspect of keys and certificates that lie together', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  before(() => {
    box = sandbox({ git: false });
  });
  after(() => box.remove());

  const inBox = (file: string): string => path.join(box.folder, file);
  const make = (key: string, certificate: string): void => {
    mkdirSync(path.dirname(inBox(key)), { recursive: true });
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '9'],
        ...['-subj', `/CN=${path.basename(key)}`, '-addext', 'basicConstraints=CA:FALSE'],
        ...['-keyout', key, '-out', certificate],
      ],
      { cwd: box.folder, stdio: 'ignore' },
    );
  };
  const mismatches = async (...files: readonly string[]): Promise<readonly Found[]> => {
    const { data } = await box.json(['inspect', ...files]);
    const items = data['items'] as readonly { readonly findings: readonly Found[] }[];
    return items.flatMap(({ findings }) => findings).filter(({ rule }) => rule === 'key/mismatch');
  };

  it('has nothing against those that fit, whatever they are called', async () => {
    make('fit/web.key', 'fit/web.crt');
    make('fit/privkey1.pem', 'fit/fullchain1.pem');
    make('fit/tls.key', 'fit/tls.crt');
    make('fit/api-key.pem', 'fit/api-cert.pem');
    make('fit/alone.key', 'fit/other.crt');
    assert.deepEqual(await mismatches('fit'), []);
  });

  it('says which key belongs to no certificate beside it, and to which it does not', async () => {
    for (const [key, certificate] of [
      ['bad/web.key', 'bad/web.crt'],
      ['bad/privkey2.pem', 'bad/fullchain2.pem'],
      ['bad/api.private.pem', 'bad/api.pem'],
    ] as const) {
      make(key, certificate);
      // Renewed, and the key was left where it was.
      make('scrap.key', certificate);
      const [found, ...more] = await mismatches('bad');
      assert.deepEqual(more, []);
      assert.deepEqual([found?.file, found?.related.map(({ file }) => file)], [key, [certificate]]);
      make(key, certificate);
    }
  });

  it('says it of one file at the lines of the key', async () => {
    make('one/a.key', 'one/a.crt');
    make('one/b.key', 'one/b.crt');
    const certificate = readFileSync(inBox('one/a.crt'), 'utf8');
    writeFileSync(inBox('both.pem'), certificate + readFileSync(inBox('one/b.key'), 'utf8'));
    const [found] = await mismatches('both.pem');
    assert.deepEqual(
      [found?.file, found?.range.start.line],
      ['both.pem', certificate.trimEnd().split('\n').length + 1],
    );
  });

  it('says it of an SSH key whose public half is another one', async function () {
    needs(this, 'ssh-keygen', hasProgram('ssh-keygen', '-?'));
    for (const name of ['id_one', 'id_two'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', name], { cwd: box.folder });
    assert.deepEqual(await mismatches('id_one', 'id_one.pub', 'id_two'), []);
    writeFileSync(inBox('id_one.pub'), readFileSync(inBox('id_two.pub')));
    const [found] = await mismatches('id_one', 'id_one.pub');
    assert.match(found?.message ?? '', /belongs to nothing in id_one\.pub, which lies beside it/);
  });
});
