import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { DETECTORS } from '../../../server/src/core/secrets/generated/registry.ts';
import { secretScanner } from '../../../server/src/core/secrets/scanner.ts';
import { wrappedValues } from '../../../server/src/core/secrets/wrapped.ts';
import {
  base64,
  detectionsIn,
  finds,
  foundIn,
  leavesAlone,
  password,
  random,
  scanTools,
} from './examples.ts';

const pem = (): string =>
  generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
const packed = (text: string): string => gzipSync(text).toString('base64');
/** OpenSSL's; a certificate is not needed. */
const pkcs12 = (): Buffer =>
  execFileSync('openssl', ['pkcs12', '-export', '-nocerts', '-passout', 'pass:a1b2'], {
    input: pem(),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
const KEY = 'secret/private-key';
const setting = (value: string): string => `value: ${value}\n`;

describe('what stands in base64', () => {
  it('is looked into, also twice and three times', () => {
    finds(KEY, [
      ['values.yaml', base64(base64(pem())), setting],
      ['values.yaml', base64(base64(base64(pem()))), setting],
      ['.env', base64(JSON.stringify({ name: 'web', key: pem() })), (it) => `CONFIG=${it}\n`],
      [
        'main.tf',
        base64(`#cloud-config\nwrite_files:\n- content: ${base64(pem())}\n`),
        (it) => `user_data = "${it}"\n`,
      ],
      [
        'main.tf.json',
        base64(`apiVersion: v1\nkind: Secret\ndata:\n  tls.key: ${base64(pem())}\n`),
        (it) => `{"manifest": "${it}"}`,
      ],
    ]);
    finds('secret/kubeconfig', [
      [
        'pipeline.yaml',
        base64(`apiVersion: v1\nkind: Config\nusers:\n- name: ci\n  user:\n    token: ${random(40)}\n`),
        (it) => `KUBECONFIG_B64: ${it}\n`,
      ],
    ]);
    finds('secret/credential-file', [
      ['ci.yaml', base64(`machine git.corp.test login ci password ${password()}\n`.repeat(2)), setting],
    ]);
  });

  it('is looked into where its lines are folded', () => {
    const value = base64(JSON.stringify({ name: 'web', key: pem() }));
    const lines = (value.match(/.{1,76}/g) ?? []).join('\n    ');
    assert.deepEqual(foundIn('a.yaml', `value: |\n    ${lines}\n`), [`${KEY} ${lines}`]);
  });

  it('is unpacked', () => {
    finds(KEY, [
      ['user-data', packed(pem()), (it) => `write_files:\n- encoding: gz+b64\n  content: ${it}\n`],
      [
        'release.yaml',
        base64(packed(JSON.stringify({ manifest: pem() }))),
        (it) => `data:\n  release: ${it}\n`,
      ],
    ]);
  });

  it('may be a store of keys', () => {
    const store = pkcs12().toString('base64');
    finds('secret/encrypted-private-key', [['values.yaml', store, (it) => `keystore.p12: ${it}\n`]]);
  });

  it('says how many secrets one value holds', () => {
    const value = base64(JSON.stringify({ one: pem(), two: pem() }));
    assert.deepEqual(
      detectionsIn('a.yaml', setting(value)).map(({ what }) => what),
      ['an ECDSA-P256 private key (PKCS#8) in base64, and 1 more'],
    );
  });

  it('is one value, wherever in it another one would begin', () => {
    const begin = 'ZXlK';
    const line = (length: number): string => `${begin}${'QUJD'.repeat(40)}`.slice(0, length);
    for (const [end, length] of [
      ['\n', 45],
      ['\n    ', 60],
      ['\\n', 45],
      ['-', 40],
      ['-', 9],
    ] as const) {
      let octets = 0;
      const unwrapping = wrappedValues({ rules: [] }, (_path, bytes) => {
        octets += bytes.length;
        return { found: [] };
      });
      const text = `a: ${`${line(length)}${end}`.repeat(200)}`;
      for (let at = text.indexOf(begin); at !== -1; at = text.indexOf(begin, at + 1))
        for (const { find } of unwrapping)
          assert.deepEqual([...find({ path: 'a', text, at, tools: scanTools })], []);
      assert.ok(
        octets > 0 && octets < 6 * text.length,
        `${JSON.stringify(end)}: ${octets} of ${text.length}`,
      );
    }
  });

  it('is said where it is more than is looked at', () => {
    const cutOf = (text: string): string | undefined =>
      secretScanner(DETECTORS, [], scanTools).scan('a.yaml', Buffer.from(text)).cut;
    const more = 'a value in it unpacks to more than is looked at';
    const large = gzipSync('0'.repeat(1_000_000)).toString('base64');
    assert.equal(cutOf(setting(large)), more);
    assert.equal(cutOf(setting(base64(JSON.stringify({ large })))), more);
    assert.equal(cutOf(setting(packed(pem()))), undefined);
    assert.equal(cutOf(setting(packed(random(400)).slice(0, 200))), undefined);
  });

  it('is left alone where it holds none', () => {
    const certificate = `-----BEGIN CERTIFICATE-----\n${randomBytes(600).toString('base64')}\n-----END CERTIFICATE-----\n`;
    leavesAlone([
      [
        'a.yaml',
        setting(base64(JSON.stringify({ version: 3, sources: ['a.ts'], names: [], mappings: 'AAAA' }))),
      ],
      ['a.yaml', setting(base64(base64(certificate)))],
      ['a.yaml', setting(packed('nothing to see here '.repeat(40)))],
      ['a.yaml', setting(packed('nothing to see here '.repeat(40)).replace(/.{20}$/, ''))],
      ['a.yaml', setting(base64(base64(base64(base64(base64(pem()))))))],
      ['a.yaml', setting(randomBytes(300).toString('base64'))],
    ]);
  });
});
