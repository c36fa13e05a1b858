import { readPublicKey } from '../core/credential/build/publicKey.ts';
import {
  problemOfPrincipals,
  problemOfSourceAddress,
  SSH_CRITICAL_OPTIONS,
  SSH_EXTENSIONS,
} from '../core/credential/ssh/constraints.ts';
import type { SshCertificateRequest } from './contract.ts';
import { BackendError } from './errors.ts';

/** Canonical SPKI of the key. Throws `invalid-request` for a key that must not be certified or enrolled. */
export function checkKey(spki: Uint8Array): Uint8Array {
  const key = readPublicKey(spki);
  if (key.ok) return key.spki;
  throw refusal(`the key is refused: ${key.why}`, 'make a new key, then issue again');
}

/** Throws `invalid-request` for what would make a certificate that OpenSSH refuses, or that counts for too many. */
export function checkCertificateRequest(request: SshCertificateRequest): void {
  const { principals, certificateType, keyId, criticalOptions, extensions } = request;
  const wrong = problemOfPrincipals(principals, certificateType);
  if (wrong !== undefined)
    throw refusal(
      `the certificate is refused: ${wrong}`,
      certificateType === 'user'
        ? 'declare spec.principals: the accounts that it may log in as'
        : 'declare spec.principals: the names under which clients reach the host',
    );
  if (keyId === '' || keyId.length > 255 || /\p{Cc}/u.test(keyId))
    throw refusal(
      'the key id has not 1 to 255 characters, or holds a control character',
      'shorten the name of the identity',
    );
  checkOptions(criticalOptions, certificateType);
  const known: readonly string[] = certificateType === 'user' ? SSH_EXTENSIONS : [];
  const unknown = extensions.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw refusal(
      certificateType === 'user'
        ? `the extension "${unknown.slice(0, 80)}" is none that OpenSSH has`
        : `a host certificate has no extensions, and this one asks for "${unknown.slice(0, 80)}"`,
      certificateType === 'user' ? `use ${SSH_EXTENSIONS.join(', ')}` : 'leave spec.extensions out',
    );
}

function checkOptions(options: Readonly<Record<string, string>>, type: 'user' | 'host'): void {
  for (const [name, value] of Object.entries(options)) {
    if (type === 'host')
      throw refusal(
        `a host certificate has no critical options, and this one asks for "${name.slice(0, 80)}"`,
        'leave spec.criticalOptions out',
      );
    switch (name) {
      case 'verify-required':
        if (value !== '')
          throw refusal(
            'the critical option verify-required takes no value',
            'set it to true or leave it out',
          );
        break;
      case 'force-command':
        if (value.trim() === '' || value.includes('\0'))
          throw refusal(
            'the critical option force-command is empty, or holds a zero octet',
            'write the command that it is bound to, or leave it out',
          );
        break;
      case 'source-address': {
        const problem = problemOfSourceAddress(value);
        if (problem !== undefined)
          throw refusal(
            `the critical option source-address is refused: ${problem}`,
            'write addresses and networks such as 192.0.2.7 or 10.0.0.0/8',
          );
        break;
      }
      default:
        throw refusal(
          `the critical option "${name.slice(0, 80)}" is not known, and sshd refuses a certificate with one`,
          `use ${SSH_CRITICAL_OPTIONS.join(', ')}`,
        );
    }
  }
}

function refusal(what: string, hint: string): BackendError {
  return new BackendError({ kind: 'invalid-request', what, hint });
}
