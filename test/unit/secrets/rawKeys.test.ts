import { randomBytes } from 'node:crypto';
import { opaqueToken } from '../../../server/src/core/credential/opaqueToken.ts';
import { finds, leavesAlone, octets, random } from './examples.ts';

const hex = (count: number): string => randomBytes(count).toString('hex');

describe('private keys as bare octets', () => {
  it('finds scalars and seeds by what they are called and how long they are', () => {
    finds('secret/private-key', [
      ['node.toml', hex(32), (it) => `signing_private_key = "${it}"\n`],
      ['node.yaml', hex(64), (it) => `node_key: ${it}\n`],
      ['.env', `0x${hex(32)}`, (it) => `DEPLOYER_PRIVATE_KEY=${it}\n`],
      ['key.json', octets(64), (it) => `{"private_key": "${it}"}`],
      ['key.go', hex(32), (it) => `const secretKeyHex = "${it}"\n`],
    ]);
  });

  it('finds seeds of NATS by their checksum', () => {
    finds('secret/private-key', [
      [
        'ada.creds',
        natsSeed(),
        (it) => `-----BEGIN USER NKEY SEED-----\n${it}\n------END USER NKEY SEED------\n`,
      ],
      ['server.conf', natsSeed(), (it) => `nkey: "${it}"\n`],
    ]);
  });

  it('finds keys that a VPN shares', () => {
    const rows = Array.from({ length: 16 }, () => hex(16)).join('\n');
    const key = `-----BEGIN OpenVPN Static key V1-----\n${rows}\n-----END OpenVPN Static key V1-----`;
    finds('secret/private-key', [['client.ovpn', key, (it) => `<tls-auth>\n${it}\n</tls-auth>\n`]]);
    leavesAlone([['client.ovpn', key.replaceAll(/[0-9a-f]{32}/g, '0'.repeat(32))]]);
  });

  it('leaves public halves, sums, vectors of tests and wrong checksums alone', () => {
    leavesAlone([
      [
        'node.toml',
        `public_key = "${hex(32)}"\nprivate_key_id = "${hex(20)}"\nprivate_key_sha256 = "${hex(32)}"\n`,
      ],
      [
        'node.toml',
        `private_key = "${'0'.repeat(64)}"\nsigning_key = "${hex(16)}"\nprivate_key_path = "a"\n`,
      ],
      ['test/vectors.json', `{"private_key": "${hex(32)}", "secret_key": "${hex(32)}"}`],
      ['key.go', `key := sha256.Sum(data) // ${hex(32)}\nvar privateKey [32]byte\n`],
      [
        'server.conf',
        `nkey: "${natsSeed()
          .replace(/^(.{20})./, '$1')
          .concat('A')}"\n`,
      ],
    ]);
  });
});

describe('tokens that we issue', () => {
  it('finds them by their checksum', () => {
    finds('secret/machine-token', [
      ['.env', opaqueToken(randomBytes(32)), (it) => `API=${it}\n`],
      ['a.go', opaqueToken(randomBytes(32)), (it) => `const machine = "${it}"\n`],
    ]);
  });

  it('leaves alone what only begins like one', () => {
    leavesAlone([
      ['a.md', `idac_${'x'.repeat(49)} idac_check idac_${random(49)}`],
      ['a.ts', `const idac_scan = idac_${random(20)};`],
    ]);
  });
});

/** A user's: type and role in ten bits, 32 octets, CRC-16 in little-endian order. */
function natsSeed(): string {
  const raw = Buffer.concat([Buffer.from([0x95, 0x00]), randomBytes(32)]);
  // S is 18 in base32, U is 20: `10010 10100`, then six bits of zero.
  raw[0] = (18 << 3) | (20 >> 2);
  raw[1] = ((20 & 3) << 6) | ((raw[1] ?? 0) & 0x3f);
  let crc = 0;
  for (const octet of raw) {
    crc ^= octet << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  const all = Buffer.concat([raw, Buffer.from([crc & 0xff, crc >> 8])]);
  const bits = [...all].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return (bits.padEnd(290, '0').match(/.{5}/g) ?? [])
    .map((each) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(each, 2)])
    .join('');
}
