import type { InspectContext, Keep } from '../../core/credential/inspect/place.ts';
import type { SshRevokedKeys } from '../../core/credential/ssh/revokedKeys.ts';
import type { LintChoice } from '../../core/lint/lintRule.ts';
import type { Secret } from '../../core/secret.ts';
import { nodeDecryptor } from '../../platform/crypto/decryptor.ts';
import { nodeHasher } from '../../platform/crypto/hasher.ts';
import { nodeSignatureVerifier } from '../../platform/crypto/signatureVerifier.ts';

/** What decoding is given here. */
export function inspectContext(options: {
  readonly now: Date;
  readonly password?: Secret<string>;
  readonly keep?: Keep;
  readonly lint?: LintChoice;
  readonly sshRevokedKeys?: readonly SshRevokedKeys[];
}): InspectContext {
  return {
    hasher: nodeHasher,
    verifier: nodeSignatureVerifier,
    decryptor: nodeDecryptor,
    now: options.now,
    ...(options.password === undefined ? {} : { password: options.password }),
    ...(options.keep === undefined ? {} : { keep: options.keep }),
    ...(options.lint === undefined ? {} : { lint: options.lint }),
    ...(options.sshRevokedKeys === undefined ? {} : { sshRevokedKeys: options.sshRevokedKeys }),
  };
}
