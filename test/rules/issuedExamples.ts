/** Credentials for examples of rules that look at what was issued. Nothing is signed: rules read alone. */

import { concat } from '../../server/src/core/credential/octets.ts';
import { encodePem } from '../../server/src/core/credential/pem.ts';
import {
  mpint,
  sshString,
  sshText,
  uint32,
  uint64,
} from '../../server/src/core/credential/ssh/wireWriter.ts';
import { algorithm, dnsName, extension, nothing, seq, tagged } from '../lint/der.ts';
import { modulus, server, subordinate } from '../lint/template.ts';

const pem = (...chain: readonly Uint8Array[]): string =>
  chain.map((der) => encodePem('CERTIFICATE', der)).join('');
const SHA1 = algorithm('1.2.840.113549.1.1.5', nothing());
const BOUND = extension('nameConstraints', seq(tagged(0, seq(dnsName('example.com')))), true);

/** OpenSSH's PROTOCOL.certkeys, with a key of 32 octets for each Ed25519 key. */
function sshCertificate(authority: Uint8Array): string {
  const blob = concat(
    sshText('ssh-ed25519-cert-v01@openssh.com'),
    sshString(new Uint8Array(32)),
    sshString(new Uint8Array(32).fill(1)),
    uint64(1n),
    uint32(1),
    sshText('it'),
    sshString(sshText('deploy')),
    uint64(0n),
    uint64(2n ** 32n),
    sshString(),
    sshString(),
    sshString(),
    sshString(authority),
    sshString(sshText('ssh-ed25519'), sshString(new Uint8Array(64))),
  );
  return `ssh-ed25519-cert-v01@openssh.com ${Buffer.from(blob).toString('base64')} it\n`;
}
const ED25519 = concat(sshText('ssh-ed25519'), sshString(new Uint8Array(32).fill(2)));
const RSA_2048 = concat(sshText('ssh-rsa'), mpint(Uint8Array.of(1, 0, 1)), mpint(modulus(2048)));

const EXAMPLES: Readonly<Record<string, () => string>> = {
  'a leaf below Example Root 1': () => pem(server(), subordinate()),
  'a leaf below an authority that is bound to names': () =>
    pem(server(), subordinate({ extensions: { nameConstraints: BOUND } })),
  'a leaf signed with SHA-1': () => pem(server({ declared: SHA1, algorithm: SHA1 }), subordinate()),
  'an authority': () => pem(subordinate()),
  'signed by Ed25519': () => sshCertificate(ED25519),
  'signed by RSA-2048': () => sshCertificate(RSA_2048),
};

export function issuedExample(kind: string | undefined): string {
  if (kind === undefined) return '';
  const make = EXAMPLES[kind];
  if (make === undefined) throw new Error(`no example is called ${kind}`);
  return make();
}
