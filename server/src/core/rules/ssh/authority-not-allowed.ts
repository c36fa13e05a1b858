import { readSshKeyLines } from '../../credential/ssh/keyLines.ts';
import { decodeSshKey } from '../../credential/ssh/publicKey.ts';
import { limitVerdicts } from '../../policy/limits.ts';
import type { SshAuthorityNotAllowedRule } from '../../schema/generated/specs.ts';
import { issuedRule } from '../issuedAsks.ts';
import { NAME, of } from '../recorded.ts';
import type { Issued } from '../rule.ts';

export const rule = issuedRule<SshAuthorityNotAllowedRule>({
  kind: 'SshCertificate',
  meta: {
    id: 'ssh/authority-not-allowed',
    severity: 'error',
    title: 'An SSH certificate was signed by a key that a policy does not allow',
    why: 'Whoever breaks the key of the authority can be everybody whom it certifies. Which key signs is decided by the authority, and shows in what it issued.',
    remedy: 'Let the authority sign with a key that the policy allows, and renew the certificate.',
    standard: 'OpenSSH PROTOCOL.certkeys',
  },
  judge,
  untold: (issued, { keys }) =>
    keys !== undefined && authorityOf(issued) === undefined
      ? `the certificate${of(issued.generation)} cannot be read in the record`
      : undefined,
});

function authorityOf({ generation, hasher }: Issued) {
  const [line] = readSshKeyLines(generation.issued.publicText, false);
  const { fields } = (line === undefined ? undefined : decodeSshKey(line.blob, hasher).value) ?? {};
  return fields && decodeSshKey(fields.authority, hasher).value;
}

function* judge(issued: Issued, { keys }: SshAuthorityNotAllowedRule) {
  if (keys === undefined) return;
  const { resource, generation } = issued;
  const authority = authorityOf(issued);
  if (authority === undefined) return;
  const values = [{ text: authority.publicKey.algorithm, path: NAME }];
  const what = `authority key of the certificate${of(generation)}`;
  yield* limitVerdicts({ resource }, values, keys, { what, parent: NAME });
}
