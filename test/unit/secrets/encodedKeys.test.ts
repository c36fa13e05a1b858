import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { detectionsIn, finds, leavesAlone } from './examples.ts';

const KEY = 'secret/private-key';
const LOCKED = 'secret/encrypted-private-key';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** minisign(1), FORMAT: `derivation` is two octets. */
const minisign = (derivation: string): string =>
  base64(
    Buffer.concat([
      Buffer.from('Ed'),
      Buffer.from(derivation, 'latin1'),
      Buffer.from('B2'),
      randomBytes(152),
    ]),
  );

describe('private keys in base64 alone', () => {
  it('are found by the structure of what is encoded', () => {
    const setting = (value: string): string => `{ "signingKey": "${value}" }\n`;
    finds(KEY, [
      ['appsettings.json', base64(rsa.privateKey.export({ type: 'pkcs8', format: 'der' })), setting],
      ['appsettings.json', base64(rsa.privateKey.export({ type: 'pkcs1', format: 'der' })), setting],
      ['.env', base64(ec.privateKey.export({ type: 'sec1', format: 'der' })), (value) => `KEY=${value}\n`],
      [
        'a.yaml',
        base64(ec.privateKey.export({ type: 'pkcs8', format: 'der' })),
        (value) => `key: ${value}\n`,
      ],
      [
        'a.yaml',
        base64(ed.privateKey.export({ type: 'pkcs8', format: 'der' })),
        (value) => `key: ${value}\n`,
      ],
    ]);
    const sealed = rsa.privateKey.export({
      type: 'pkcs8',
      format: 'der',
      cipher: 'aes-256-cbc',
      passphrase: 'x1y2',
    });
    finds(LOCKED, [['a.yaml', base64(sealed), (value) => `key: ${value}\n`]]);
  });

  it('leave public keys and what only begins alike alone', () => {
    const publicKey = base64(rsa.publicKey.export({ type: 'spki', format: 'der' }));
    leavesAlone([
      ['a.yaml', `key: ${publicKey}\n`],
      ['a.yaml', `key: ${['MIIE', base64(randomBytes(900))].join('')}\n`],
    ]);
  });
});

describe('PEM in base64', () => {
  it('gives each of its keys, at the signs that write it', () => {
    const pem = (key: typeof ec.privateKey): string =>
      key.export({ type: 'pkcs8', format: 'pem' }).toString();
    const others = [generateKeyPairSync('ed25519').privateKey, rsa.privateKey, ec.privateKey];
    const certificate = `-----BEGIN CERTIFICATE-----\n${base64(randomBytes(90))}\n-----END CERTIFICATE-----\n`;
    for (const before of ['', '#', '##', certificate])
      for (const fold of ['', '\n    ', '\\n']) {
        const texts = others.map(pem);
        const value = base64(Buffer.from(`-----BEGIN X-----\n${before}${texts.join('#')}`));
        const written = fold === '' ? value : (value.match(/.{1,76}/g) ?? []).join(fold);
        const content = `key: "${written}"\n`;
        const found = detectionsIn('a.yaml', content);
        assert.deepEqual(
          found.map(({ what, spki }) => [what, spki && Buffer.from(spki).toString('hex')]),
          ['Ed25519', 'RSA-2048', 'ECDSA-P256'].map((name, place) => [
            `an ${name} private key (PKCS#8) in base64`,
            createPublicKey(texts[place] ?? '')
              .export({ type: 'spki', format: 'der' })
              .toString('hex'),
          ]),
        );
        for (const [place, { start, end }] of found.entries()) {
          const signs = content.slice(start, end).replaceAll('\\n', '').replaceAll(/\s/g, '');
          const place64 = value.indexOf(signs);
          const lead = 'A'.repeat(place64 % 4);
          const octets = Buffer.from(`${lead}${signs}`, 'base64').toString('latin1');
          assert.ok(
            octets.includes((texts[place] ?? '').trim()),
            `${JSON.stringify([before, fold])} ${place}`,
          );
        }
      }
  });
});

describe('keys of minisign', () => {
  const file = (value: string): string => `untrusted comment: minisign encrypted secret key\n${value}\n`;

  it('are found with and without a passphrase', () => {
    finds(LOCKED, [['minisign.key', minisign('Sc'), file]]);
    finds(KEY, [['minisign.key', minisign('\0\0'), file]]);
  });

  it('are no keys where only the words stand', () => {
    leavesAlone([['README.md', 'Keep your secret key safe.\nIt is in the safe.\n']]);
  });
});
