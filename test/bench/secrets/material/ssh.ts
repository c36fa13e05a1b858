/** SSH keys: OpenSSH's container (PROTOCOL.key), public lines, and PuTTY's files. */
import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { ALPHABET, type Random } from '../random.ts';
import { positive } from './der.ts';
import { type EcKey, type EdKey, inverse, type RsaKey } from './keys.ts';
import { begin, end, lines, PRIVATE } from './pem.ts';

type SshKey = RsaKey | EcKey | EdKey;

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const string = (value: Buffer | string): Buffer => {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([word(bytes.length), bytes]);
};
const mpint = (value: bigint | Buffer): Buffer => string(positive(value));

const nameOf = (key: SshKey): string => {
  switch (key.type) {
    case 'rsa':
      return 'ssh-rsa';
    case 'ec':
      return `ecdsa-sha2-${key.curve.ssh}`;
    case 'ed25519':
      return 'ssh-ed25519';
  }
};

function sshPublicBlob(key: SshKey): Buffer {
  switch (key.type) {
    case 'rsa':
      return Buffer.concat([string(nameOf(key)), mpint(key.e), mpint(key.n)]);
    case 'ec':
      return Buffer.concat([string(nameOf(key)), string(key.curve.ssh), string(key.point)]);
    case 'ed25519':
      return Buffer.concat([string(nameOf(key)), string(key.publicKey)]);
  }
}

export const sshPublicLine = (key: SshKey, comment: string): string =>
  `${nameOf(key)} ${sshPublicBlob(key).toString('base64')} ${comment}`;

export const sshFingerprint = (key: SshKey): string =>
  `SHA256:${createHash('sha256').update(sshPublicBlob(key)).digest('base64').replace('=', '')}`;

function privateFields(key: SshKey): Buffer {
  switch (key.type) {
    case 'rsa': {
      const numbers = [key.n, key.e, key.d, inverse(key.q, key.p), key.p, key.q];
      return Buffer.concat([string(nameOf(key)), ...numbers.map(mpint)]);
    }
    case 'ec':
      return Buffer.concat([string(nameOf(key)), string(key.curve.ssh), string(key.point), mpint(key.d)]);
    case 'ed25519':
      return Buffer.concat([
        string(nameOf(key)),
        string(key.publicKey),
        string(Buffer.concat([key.seed, key.publicKey])),
      ]);
  }
}

function openSsh(parts: {
  cipher: string;
  kdf: string;
  options: Buffer;
  blob: Buffer;
  secret: Buffer;
}): string {
  const label = `OPENSSH ${PRIVATE}`;
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    string(parts.cipher),
    string(parts.kdf),
    string(parts.options),
    word(1),
    string(parts.blob),
    string(parts.secret),
  ]);
  return `${begin(label)}\n${lines(body.toString('base64'), 70)}\n${end(label)}\n`;
}

export function openSshKey(key: SshKey, comment: string, random: Random): string {
  const check = random.bytes(4);
  let secret = Buffer.concat([check, check, privateFields(key), string(comment)]);
  for (let pad = 1; secret.length % 8 !== 0; pad += 1) secret = Buffer.concat([secret, Buffer.from([pad])]);
  return openSsh({ cipher: 'none', kdf: 'none', options: Buffer.alloc(0), blob: sshPublicBlob(key), secret });
}

/**
 * The public half is real; what is encrypted is noise of the right length, since Node has no bcrypt-pbkdf and nobody
 * without the passphrase can tell.
 */
export function encryptedOpenSshKey(key: SshKey, random: Random): string {
  const secret = random.bytes(Math.ceil((privateFields(key).length + 40) / 16) * 16);
  const options = Buffer.concat([string(random.bytes(16)), word(24)]);
  return openSsh({ cipher: 'aes256-ctr', kdf: 'bcrypt', options, blob: sshPublicBlob(key), secret });
}

function puttyPrivateBlob(key: SshKey): Buffer {
  switch (key.type) {
    case 'rsa':
      return Buffer.concat([key.d, key.p, key.q, inverse(key.q, key.p)].map(mpint));
    case 'ec':
      return mpint(key.d);
    case 'ed25519':
      // PuTTY writes the number of RFC 8032 as it lies in memory.
      return string(key.seed);
  }
}

/** PuTTY, appendix C: version 2 signs with SHA-1, version 3 with SHA-256 and no key where there is no passphrase. */
export function puttyKey(
  key: SshKey,
  random: Random,
  { version, passphrase }: { readonly version: 2 | 3; readonly passphrase?: string },
): string {
  const name = nameOf(key);
  const comment = `${key.type}-key-${random.text(8, ALPHABET.digits)}`;
  const open = sshPublicBlob(key);
  let secret = puttyPrivateBlob(key);
  const cipher = passphrase === undefined ? 'none' : 'aes256-cbc';
  if (passphrase !== undefined) {
    const short = (16 - (secret.length % 16)) % 16;
    secret = Buffer.concat([secret, createHash('sha1').update(secret).digest().subarray(0, short)]);
  }
  const macData = Buffer.concat([
    string(name),
    string(cipher),
    string(comment),
    string(open),
    string(secret),
  ]);
  let mac: string;
  let written = secret;
  let derivation = '';
  if (version === 2) {
    const macKey = createHash('sha1')
      .update('putty-private-key-file-mac-key')
      .update(passphrase ?? '')
      .digest();
    mac = createHmac('sha1', macKey).update(macData).digest('hex');
    if (passphrase !== undefined) {
      const half = (count: number): Buffer =>
        createHash('sha1').update(word(count)).update(passphrase).digest();
      const cipherKey = Buffer.concat([half(0), half(1)]).subarray(0, 32);
      const aes = createCipheriv('aes-256-cbc', cipherKey, Buffer.alloc(16)).setAutoPadding(false);
      written = Buffer.concat([aes.update(secret), aes.final()]);
    }
  } else if (passphrase === undefined) {
    mac = createHmac('sha256', '').update(macData).digest('hex');
  } else {
    // Argon2 is not in Node 20: noise stands for what only the passphrase opens.
    written = random.bytes(secret.length);
    mac = random.hex(64);
    derivation = `Key-Derivation: Argon2id\nArgon2-Memory: 8192\nArgon2-Passes: 21\nArgon2-Parallelism: 1\nArgon2-Salt: ${random.hex(32)}\n`;
  }
  const [openText, secretText] = [open, written].map((blob) => lines(blob.toString('base64')));
  const count = (text = ''): number => text.split('\n').length;
  return `${['PuTTY', 'User', 'Key', 'File'].join('-')}-${version}: ${name}
Encryption: ${cipher}
Comment: ${comment}
Public-Lines: ${count(openText)}
${openText}
${derivation}${'Private'}-Lines: ${count(secretText)}
${secretText}
${'Private'}-MAC: ${mac}
`;
}
