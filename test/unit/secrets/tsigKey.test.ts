import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { finds, foundIn, leavesAlone, octets } from './examples.ts';

const key = (count = 32): string => octets(count);

describe('TSIG keys', () => {
  it('finds them in configurations of servers and clients', () => {
    finds('secret/tsig-key', [
      ['named.conf', key(), (it) => `key "acme" {\n\talgorithm hmac-sha256;\n\tsecret "${it}";\n};\n`],
      ['rndc.key', key(), (it) => `key "rndc-key" { secret "${it}"; algorithm hmac-sha256; };`],
      ['knot.conf', key(), (it) => `key:\n  - id: acme\n    algorithm: hmac-sha256\n    secret: ${it}\n`],
      ['update.sh', key(), (it) => `nsupdate -y hmac-sha256:acme:${it} <<< "send"`],
      ['change.nsupdate', key(64), (it) => `server ns1\nkey hmac-sha512:acme. ${it}\nsend\n`],
      ['rfc2136.ini', key(), (it) => `dns_rfc2136_secret = ${it}\n`],
      ['dns.yaml', key(), (it) => `args:\n  - --rfc2136-tsig-secret=${it}\n`],
      [
        'Kacme.+163+1.private',
        key(),
        (it) => `Private-key-format: v1.3\nAlgorithm: 163 (HMAC_SHA256)\nKey: ${it}\nBits: AAA=\n`,
      ],
    ]);
  });

  it('finds the private half of a zone as a private key', () => {
    const text = `Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: ${key()}\n`;
    assert.deepEqual(foundIn('Ka.test.+013+1.private', text), [`secret/private-key ${text.trimEnd()}`]);
  });

  it('leaves references, placeholders and algorithms alone', () => {
    leavesAlone([
      ['named.conf', 'key "a" { algorithm hmac-sha256; secret "{{ tsig }}"; };'],
      [
        'named.conf',
        'key "a" { algorithm hmac-sha256; secret "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="; };',
      ],
      ['a.yaml', 'tsigSecretSecretRef:\n  name: tsig\n  key: tsig-secret-key\ntsigAlgorithm: HMACSHA512\n'],
      [
        'a.md',
        'nsupdate -y hmac-sha256:name:<base64>\nthe algorithm hmac-sha256 takes a secret of any length',
      ],
      [
        'vectors.json',
        `{"algorithm": "hmac-sha256", "digest": "${createHash('sha256').update('x').digest('base64')}"}`,
      ],
    ]);
  });
});
