/** Block lists in the format of badkeys, made here of hashes that OpenSSL's numbers give. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type CredentialFolder, credentialFolder } from '../support/credentialFiles.ts';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { hasProgram, needs } from '../support/needs.ts';

describe('idac inspect --blocklist', function () {
  this.timeout(PATIENCE);
  let project: Sandbox;
  let files: CredentialFolder;
  before(function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
  });
  beforeEach(() => {
    project = sandbox({ git: false });
    files = credentialFolder();
  });
  afterEach(() => {
    project?.remove();
    files?.remove();
  });

  const NAMES = JSON.stringify({
    bkformat: 0,
    blocklists: [
      { id: 1, name: 'debianssl' },
      { id: 9, name: 'softwaretests' },
    ],
  });
  const entry = (number: Buffer, list: number) =>
    Buffer.concat([createHash('sha256').update(number).digest().subarray(0, 15), Buffer.of(list)]);
  const listOf = (entries: readonly Buffer[]) =>
    Buffer.concat(
      [...entries, ...Array.from({ length: 999 }, () => Buffer.concat([randomBytes(15), Buffer.of(1)]))].sort(
        Buffer.compare,
      ),
    );
  const folderOf = (list: Uint8Array, names = NAMES): string => {
    mkdirSync(files.at('list'), { recursive: true });
    writeFileSync(files.at('list/blocklist.dat'), list);
    writeFileSync(files.at('list/badkeysdata.json'), names);
    return files.at('list');
  };
  const found = async (file: string, list: string, env: Record<string, string> = {}) => {
    const args = env['IDAC_BLOCKLIST'] === undefined ? ['--blocklist', list] : [];
    const { data } = await project.json(['inspect', files.at(file), ...args], { env });
    const items = data['items'] as readonly {
      readonly findings: readonly { rule: string; message: string }[];
    }[];
    return items.flatMap(({ findings }) => findings).filter(({ rule }) => rule === 'key/blocklisted');
  };
  const hexOf = (text: string, name: string) =>
    Buffer.from(
      new RegExp(`${name}:\\s*\\n((?: +[0-9a-f:]+\\n)+)`).exec(text)?.[1]?.replace(/[\s:]/g, '') ?? '',
      'hex',
    );

  it('finds keys of each kind by the number that the format names, and no other key', async () => {
    for (const name of ['rsa', 'other']) files.run('openssl', ['genrsa', '-out', `${name}.pem`, '2048']);
    files.run('openssl', [
      'genpkey',
      '-algorithm',
      'EC',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-out',
      'ec.pem',
    ]);
    files.run('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', 'ed.pem']);
    const modulus =
      files.run('openssl', ['rsa', '-in', 'rsa.pem', '-modulus', '-noout']).trim().split('=')[1] ?? '';
    const text = (name: string) => files.run('openssl', ['pkey', '-in', name, '-text', '-noout']);
    const short = (octets: Buffer) => octets.subarray(octets.findIndex((octet) => octet !== 0));
    const list = folderOf(
      listOf([
        entry(Buffer.from(modulus, 'hex'), 1),
        entry(short(hexOf(text('ec.pem'), 'pub').subarray(1, 33)), 9),
        entry(short(hexOf(text('ed.pem'), 'pub')), 77),
      ]),
    );
    const said = async (file: string) => (await found(file, list)).map(({ message }) => message);
    assert.match((await said('rsa.pem'))[0] ?? '', /"debianssl"/);
    assert.match((await said('ec.pem'))[0] ?? '', /"softwaretests"/);
    assert.match((await said('ed.pem'))[0] ?? '', /list 77/);
    assert.deepEqual(await said('other.pem'), []);
    assert.equal((await found('rsa.pem', list, { IDAC_BLOCKLIST: list })).length, 1);
    assert.match((await found('rsa.pem', path.join(list, 'blocklist.dat')))[0]?.message ?? '', /list 1/);
  });

  it('says what is wrong with a list, and looks at nothing then', async () => {
    files.run('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', 'ed.pem']);
    const refused = async (list: string) => {
      const { code, err } = await project.idac(['inspect', files.at('ed.pem'), '--blocklist', list]);
      assert.equal(code, 2);
      return err.replaceAll(/\s+/g, ' ');
    };
    assert.match(await refused(files.at('nowhere')), /cannot be read/);
    assert.match(await refused(folderOf(Buffer.alloc(31))), /is no block list/);
    assert.match(await refused(folderOf(Buffer.alloc(32), '{"bkformat":7}')), /format 0/);
    assert.match(await refused(folderOf(Buffer.alloc(32), 'x')), /format 0/);
    const scanned = await project.idac(['scan', '--blocklist', files.at('nowhere')]);
    assert.deepEqual([scanned.code, /cannot be read/.test(scanned.err.replaceAll(/\s+/g, ' '))], [2, true]);
  });
});
