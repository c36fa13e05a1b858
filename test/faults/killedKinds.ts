/** Identities of every kind for tests that kill actions, and what other people's tools say about each delivered one. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { decodeJks } from '../../server/src/core/credential/jks.ts';
import { tokenFingerprint } from '../../server/src/core/credential/tokenFingerprint.ts';
import type { IdentityId, IdentityKind } from '../../server/src/core/identity/identityId.ts';
import type { CredentialFacts } from '../../server/src/core/lifecycle/event.ts';
import type { WritingVerb } from '../../server/src/core/lifecycle/plan.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { opensslPkcs12 } from '../support/keystores.ts';

export interface Scenario {
  readonly identity: IdentityId;
  readonly verbs: readonly WritingVerb[];
  /** Delivered files, project-relative: gone when it is destroyed or undone. */
  readonly files: readonly string[];
  /** That of them which holds its private key or token. */
  readonly secret: string | null;
  /** Its key stays in the store while it is in use. */
  readonly inStore?: boolean;
  /** Killed at every point of every step; else at every point only where the kinds differ. */
  readonly thorough?: boolean;
  /** What stands in the project is that credential. */
  judge(root: string, credential: CredentialFacts): void;
}

/** Only root can give files away. */
const OWNER_ID = process.getuid?.() === 0 ? 65534 : (process.getuid?.() ?? 0);

/** A service that reads its file only when it is told: beside the project, so that it comes back with it. */
const served = (root: string) => path.join(root, '../served.p12');

/** Allows the command of the `packed` certificate, for this process and those that it starts. */
export function allowReload(root: string): void {
  const argv = ['/bin/cp', path.join(root, 'tls/packed.p12'), served(root)];
  process.env['IDAC_RELOAD_PACKED'] = JSON.stringify(argv);
}

const BACKEND = `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local }
spec:
  type: local
  owner: { team: platform, contact: platform@example.com }
  ssh: { krl: { path: ssh/revoked.krl } }
  tokens: { publish: { revoked: tokens/revoked.json } }
`;

function manifest(kind: IdentityKind, name: string, spec: string): string {
  return `apiVersion: identity-as-code/v1
kind: ${kind}
metadata: { name: ${name} }
spec:
  owner: { team: payments, contact: payments@example.com }
${spec}`;
}

export const KILLED_MANIFESTS: Readonly<Record<string, string>> = {
  'all.identity.yaml': [
    BACKEND,
    manifest(
      'Certificate',
      'in-memory',
      `  dnsNames: [memory.example.com]
  issuer: local
  duration: 30d
  deliverTo:
    - { backend: local, path: tls/memory.pem, contents: [chain, privateKey] }
`,
    ),
    manifest(
      'Certificate',
      'packed',
      `  dnsNames: [packed.example.com]
  issuer: local
  duration: 30d
  deliverTo:
    - backend: local
      path: tls/packed.p12
      format: pkcs12
      passwordFile: tls/packed.password
      contents: [chain, privateKey, root]
      owner: "${OWNER_ID}"
      reload: packed
    - { backend: local, path: tls/packed.jks, format: jks, passwordFile: tls/packed.password, contents: [chain, privateKey], reload: packed }
`,
    ),
    manifest(
      'Certificate',
      'in-store',
      `  dnsNames: [store.example.com]
  key: { origin: store, store: local, algorithm: Ed25519 }
  issuer: local
  duration: 30d
  deliverTo:
    - { backend: local, as: secret, path: tls/store, contents: [chain] }
`,
    ),
    manifest(
      'SshCertificate',
      'ssh-login',
      `  type: user
  principals: [deploy]
  key: { algorithm: Ed25519 }
  issuer: local
  duration: 7d
  deliverTo:
    - { backend: local, path: ssh/login, contents: [privateKey] }
    - { backend: local, path: ssh/login-cert.pub, contents: [certificate] }
`,
    ),
    manifest(
      'SshKey',
      'ssh-plain',
      `  key: { algorithm: ECDSA-P256 }
  issuer: local
  duration: 90d
  deliverTo:
    - { backend: local, path: ssh/plain, contents: [privateKey] }
    - { backend: local, path: ssh/plain.pub, contents: [publicKey] }
`,
    ),
    manifest(
      'Key',
      'signing',
      `  store: local
  algorithm: ECDSA-P256
  duration: 365d
  deliverTo:
    - { backend: local, path: keys/signing.pem, contents: [publicKey] }
`,
    ),
    manifest(
      'Token',
      'signed',
      `  issuer: local
  audience: [https://api.example.com]
  duration: 30d
  deliverTo:
    - { backend: local, path: tokens/signed, contents: [token] }
`,
    ),
    manifest(
      'Token',
      'opaque',
      `  issuer: local
  format: opaque
  duration: 30d
  deliverTo:
    - { backend: local, path: tokens/opaque, contents: [token] }
`,
    ),
    manifest(
      'Workload',
      'registered',
      `  registry: local
  spiffeId: spiffe://local.internal/payments
  selectors: ["unix:uid:1000"]
`,
    ),
  ].join('---\n'),
};

function identity(kind: IdentityKind, name: string): IdentityId {
  return { apiVersion: 'identity-as-code/v1', kind, namespace: 'default', name };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const judgedToken =
  (file: string): Scenario['judge'] =>
  (root, credential) => {
    const token = readFileSync(path.join(root, file), 'utf8');
    assert.equal(tokenFingerprint(token, nodeHasher), credential.fingerprintSha256);
  };

/** Type and key of a public line, without its comment. */
function publicPart(line: string): string {
  return line.split(' ').slice(0, 2).join(' ').trim();
}

function derived(privateKey: string): string {
  return publicPart(execFileSync('ssh-keygen', ['-y', '-P', '', '-f', privateKey], { encoding: 'utf8' }));
}

function fingerprint(file: string): string {
  return execFileSync('ssh-keygen', ['-lf', file], { encoding: 'utf8' }).split(' ')[1] ?? '';
}

export const SCENARIOS: readonly Scenario[] = [
  {
    identity: identity('Certificate', 'in-memory'),
    verbs: ['issue', 'renew', 'rotate', 'revoke', 'destroy'],
    files: ['tls/memory.pem'],
    secret: 'tls/memory.pem',
    thorough: true,
    judge(root, credential) {
      const pem = readFileSync(path.join(root, 'tls/memory.pem'), 'utf8');
      const certificate = new X509Certificate(pem);
      assert.equal(sha256(certificate.raw), credential.fingerprintSha256);
      const key = createPublicKey(createPrivateKey(pem));
      assert.ok(certificate.publicKey.equals(key), 'key and certificate belong together');
    },
  },
  {
    identity: identity('Certificate', 'packed'),
    verbs: ['issue', 'rotate', 'destroy'],
    files: ['tls/packed.p12', 'tls/packed.jks', 'tls/packed.password'],
    secret: null,
    thorough: true,
    judge(root, credential) {
      const store = {
        file: path.join(root, 'tls/packed.p12'),
        passwordFile: path.join(root, 'tls/packed.password'),
      };
      const { out } = opensslPkcs12(store);
      const certificate = new X509Certificate(out);
      assert.equal(sha256(certificate.raw), credential.fingerprintSha256);
      assert.ok(certificate.checkPrivateKey(createPrivateKey(out)), 'key and certificate belong together');
      const password = readFileSync(store.passwordFile, 'utf8').trim();
      const jks = decodeJks(readFileSync(path.join(root, 'tls/packed.jks')), [password], nodeHasher).value;
      assert.equal(jks.integrity, 'good');
      const [entry] = jks.entries;
      assert.ok(entry?.kind === 'privateKey' && entry.chain[0] !== undefined && entry.der !== undefined);
      assert.equal(sha256(entry.chain[0]), credential.fingerprintSha256);
      for (const file of [store.file, store.passwordFile]) {
        const { uid, mode } = statSync(file);
        assert.deepEqual([uid, mode & 0o777], [OWNER_ID, 0o600], file);
      }
      assert.ok(
        readFileSync(served(root)).equals(readFileSync(store.file)),
        'the service has what stands there',
      );
    },
  },
  {
    identity: identity('Certificate', 'in-store'),
    verbs: ['issue', 'renew', 'rotate', 'revoke', 'destroy'],
    files: [],
    secret: null,
    inStore: true,
    thorough: true,
    judge: () => undefined,
  },
  {
    identity: identity('SshCertificate', 'ssh-login'),
    verbs: ['issue', 'rotate', 'revoke', 'destroy'],
    files: ['ssh/login', 'ssh/login-cert.pub'],
    secret: 'ssh/login',
    judge(root, credential) {
      const file = path.join(root, 'ssh/login-cert.pub');
      const blob = Buffer.from(readFileSync(file, 'utf8').split(' ')[1] ?? '', 'base64');
      assert.equal(sha256(blob), credential.fingerprintSha256);
      // Both fingerprints are those of the plain key.
      assert.equal(fingerprint(file), fingerprint(path.join(root, 'ssh/login')));
      const told = execFileSync('ssh-keygen', ['-L', '-f', file], { encoding: 'utf8' });
      assert.match(told, /Type: ssh-ed25519-cert-v01@openssh\.com user certificate/);
      assert.match(told, new RegExp(`Serial: ${BigInt(`0x${credential.serialNumber}`)}\\n`));
    },
  },
  {
    identity: identity('SshKey', 'ssh-plain'),
    verbs: ['issue', 'rotate', 'revoke', 'destroy'],
    files: ['ssh/plain', 'ssh/plain.pub'],
    secret: 'ssh/plain',
    judge(root, credential) {
      const line = readFileSync(path.join(root, 'ssh/plain.pub'), 'utf8');
      assert.equal(sha256(Buffer.from(line.split(' ')[1] ?? '', 'base64')), credential.fingerprintSha256);
      assert.equal(derived(path.join(root, 'ssh/plain')), publicPart(line));
    },
  },
  {
    identity: identity('Key', 'signing'),
    verbs: ['issue', 'rotate', 'revoke', 'destroy'],
    files: ['keys/signing.pem'],
    secret: null,
    inStore: true,
    judge(root, credential) {
      const key = createPublicKey(readFileSync(path.join(root, 'keys/signing.pem')));
      assert.equal(sha256(key.export({ type: 'spki', format: 'der' })), credential.spkiSha256);
    },
  },
  {
    identity: identity('Token', 'signed'),
    verbs: ['issue', 'rotate', 'revoke', 'destroy'],
    files: ['tokens/signed'],
    secret: 'tokens/signed',
    judge: judgedToken('tokens/signed'),
  },
  {
    identity: identity('Token', 'opaque'),
    verbs: ['issue', 'rotate'],
    files: ['tokens/opaque'],
    secret: 'tokens/opaque',
    judge: judgedToken('tokens/opaque'),
  },
  {
    identity: identity('Workload', 'registered'),
    verbs: ['issue', 'renew', 'revoke'],
    files: [],
    secret: null,
    judge: () => undefined,
  },
];
