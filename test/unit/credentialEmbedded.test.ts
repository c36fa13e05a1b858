import assert from 'node:assert/strict';
import { rootCertificates } from 'node:tls';
import { escapeValue } from '../../server/src/core/credential/distinguishedName.ts';
import { itemsOf, rulesOf } from '../support/credentialFiles.ts';

const [FIRST = '', SECOND = ''] = rootCertificates;
const now = new Date('2024-06-01T00:00:00Z');

describe('inspect, credentials inside of other files', () => {
  it('reads PEM in JSON strings, in its place', async () => {
    const plain = await itemsOf(`${FIRST}\n${SECOND}`, 'x.pem', { now });
    const json = JSON.stringify({ name: 'a', certs: [FIRST, SECOND] }, null, 2);
    const items = await itemsOf(json, 'state.json', { now });
    assert.deepEqual(
      items.map((item) => item.fingerprintSha256),
      plain.map((item) => item.fingerprintSha256),
    );
    assert.deepEqual(
      items.map((item) => [item.range.start.line, item.range.start.character]),
      [
        [3, 5],
        [4, 5],
      ],
    );
    const oneLine = await itemsOf(JSON.stringify([FIRST, SECOND]), 'state.json', { now });
    assert.equal(oneLine.length, 2);
    const [noEnds] = await itemsOf(`CA="${FIRST.replaceAll('\n', '')}"`, 'x.env', { now });
    assert.equal(noEnds?.fingerprintSha256, plain[0]?.fingerprintSha256);
  });

  it('reads PEM in base64, as Kubernetes secrets have it', async () => {
    const data = Buffer.from(`${FIRST}\n${SECOND}\n`).toString('base64');
    const items = await itemsOf(`kind: Secret\ndata:\n  tls.crt: ${data}\n`, 'secret.yaml', { now });
    assert.deepEqual(
      items.map((item) => [item.range.start.line, item.wrapping]),
      [
        [2, ['base64', 'PEM']],
        [2, ['base64', 'PEM']],
      ],
    );
    assert.deepEqual(rulesOf(items), []);
  });

  it('says where such a string is damaged', async () => {
    const items = await itemsOf(
      JSON.stringify({ a: 1, cert: FIRST.replace('MII', 'M?I') }, null, 1),
      'x.json',
      { now },
    );
    assert.deepEqual(
      items.map((item) => item.findings.map(({ rule, range }) => [rule, range.start.line])),
      [[['credential/damaged', 2]]],
    );
  });

  it('leaves OpenPGP alone, and says so of a file that is named', async () => {
    const armour =
      '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEAAAA\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n';
    const items = await itemsOf(armour, 'key.asc');
    assert.deepEqual(rulesOf(items), ['credential/unknown-format']);
    assert.match(items[0]?.findings[0]?.message ?? '', /OpenPGP/);
  });
});

describe('values of names (RFC 4514, 2.4)', () => {
  for (const [value, text] of [
    ['James "Jim" Smith, III', 'James \\"Jim\\" Smith\\, III'],
    [' lead and trail ', '\\ lead and trail\\ '],
    ['# sign', '\\# sign'],
    [' ', '\\ '],
    ['ends in backslash and blank\\ ', 'ends in backslash and blank\\\\\\ '],
    ['Before\rAfter', 'Before\\0dAfter'],
    ['turned\u202ename', 'turned\\e2\\80\\aename'],
    ['Lučić', 'Lučić'],
    ['', ''],
  ] as const) {
    it(JSON.stringify(value), () => assert.equal(escapeValue(value), text));
  }
});
