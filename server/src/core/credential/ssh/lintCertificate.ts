/** What is wrong with an OpenSSH certificate, or is more than anybody should give away (PROTOCOL.certkeys, sshd and ssh). */
import type { Hasher, SignatureVerifier } from '../../ports.ts';
import type { RuleMeta } from '../../rules/rule.ts';
import { plural } from '../../text/instant.ts';
import { sshAnyPrincipal } from '../findings/sshAnyPrincipal.ts';
import { sshBadSignature } from '../findings/sshBadSignature.ts';
import { sshLongLived } from '../findings/sshLongLived.ts';
import { sshOption } from '../findings/sshOption.ts';
import { sshPrincipal } from '../findings/sshPrincipal.ts';
import { sshWrongType } from '../findings/sshWrongType.ts';
import { weakSignature } from '../findings/weakSignature.ts';
import { attempt } from '../problem.ts';
import type { SshCertificateFields } from './certificateFields.ts';
import { problemOfSourceAddress, SSH_CRITICAL_OPTIONS, SSH_EXTENSIONS } from './constraints.ts';
import { verifySshCertificate } from './verifyCertificate.ts';
import { sshReader } from './wire.ts';

export interface SshLintFinding {
  readonly meta: RuleMeta;
  readonly message: string;
}

export interface SshLintTools {
  readonly hasher: Hasher;
  readonly verifier: SignatureVerifier;
}

const USER = 1;
const HOST = 2;
const FOR_EVER = 0xffff_ffff_ffff_ffffn;
const DAY = 86_400n;
/** Longer than this nobody lets one count who has a program that renews it. */
const LONGEST_DAYS = { user: 90n, host: 397n } as const;

/** `file`: by its name a certificate is the one of a host. */
export function lintSshCertificate(
  blob: Uint8Array,
  fields: SshCertificateFields,
  file: string,
  { hasher, verifier }: SshLintTools,
): readonly SshLintFinding[] {
  const signature = signatureName(fields.signature);
  const isBad = verifySshCertificate(blob, verifier, hasher) === 'bad';
  return [
    ...typeFindings(fields, file),
    ...principalFindings(fields),
    ...validityFindings(fields),
    ...optionFindings(fields),
    ...(signature === 'ssh-rsa' || signature === 'ssh-dss'
      ? [
          {
            meta: weakSignature,
            message: `the authority signed with ${signature}, over SHA-1: OpenSSH refuses that since 8.2; sign with rsa-sha2-512`,
          },
        ]
      : []),
    ...(isBad
      ? [{ meta: sshBadSignature, message: 'it is not signed by the key of the authority that it names' }]
      : []),
  ];
}

function typeFindings({ type }: SshCertificateFields, file: string): readonly SshLintFinding[] {
  const meta = sshWrongType;
  if (type !== USER && type !== HOST)
    return [{ meta, message: `its type is ${type}: only 1 (user) and 2 (host) are known` }];
  const isOfHost = /(?:^|\/)ssh_host_[^/]*-cert\.pub$/.test(file);
  const isOfUser = /(?:^|\/)id_[^/]*-cert\.pub$/.test(file);
  if (isOfHost && type === USER)
    return [{ meta, message: 'by its name the file is shown by a server, and the certificate is for users' }];
  if (isOfUser && type === HOST)
    return [{ meta, message: 'by its name the file is for logging in, and the certificate is for hosts' }];
  return [];
}

function principalFindings({ type, principals }: SshCertificateFields): readonly SshLintFinding[] {
  if (principals.length === 0) {
    const whom = type === HOST ? 'host' : 'account';
    return [{ meta: sshAnyPrincipal, message: `it names no principal, so it counts for every ${whom}` }];
  }
  return principals.slice(0, MOST_SHOWN).flatMap((principal) => {
    const shown = JSON.stringify(principal.slice(0, 80));
    if (type === HOST && /^[*?.]+$/.test(principal))
      return [{ meta: sshAnyPrincipal, message: `its principal ${shown} stands for every host` }];
    if (type === USER && /[*?]/.test(principal))
      return [{ meta: sshPrincipal, message: `the wildcard in ${shown} stands for nothing but itself` }];
    if (!/^[^\s,\p{Cc}]+$/u.test(principal))
      return [
        { meta: sshPrincipal, message: `the principal ${shown} is empty, or has white space or a comma` },
      ];
    return [];
  });
}

/** Of what is wrong with many of a kind. */
const MOST_SHOWN = 20;

function validityFindings({
  type,
  validAfter,
  validBefore,
}: SshCertificateFields): readonly SshLintFinding[] {
  const meta = sshLongLived;
  if (validBefore === FOR_EVER) return [{ meta, message: 'it counts for ever' }];
  if (validBefore <= validAfter) return [{ meta: sshLongLived, message: 'it ends before it begins' }];
  const days = (validBefore - validAfter) / DAY;
  const kind = type === HOST ? 'host' : 'user';
  const most = LONGEST_DAYS[kind];
  if (days <= most) return [];
  const given = validAfter === 0n ? 'since 1970' : `for ${plural(Number(days), 'day')}`;
  return [{ meta, message: `it counts ${given}; ${most} days are much for the certificate of a ${kind}` }];
}

function optionFindings({
  type,
  criticalOptions,
  extensions,
}: SshCertificateFields): readonly SshLintFinding[] {
  const meta = sshOption;
  if (type === HOST) {
    const named = [...criticalOptions, ...extensions].slice(0, MOST_SHOWN).map(({ name }) => name);
    return named.length === 0
      ? []
      : [{ meta, message: `a host certificate has no options, and this one has ${shortList(named)}` }];
  }
  const known: readonly string[] = SSH_CRITICAL_OPTIONS;
  return [
    ...criticalOptions.slice(0, MOST_SHOWN).flatMap(({ name, value }) => {
      if (!known.includes(name))
        return [
          { meta, message: `the critical option ${shortList([name])} is not known, so sshd refuses it` },
        ];
      const problem = name === 'source-address' ? problemOfSourceAddress(value) : undefined;
      return problem === undefined
        ? []
        : [{ meta, message: `sshd cannot read its source-address, and refuses it: ${problem}` }];
    }),
    ...extensions.slice(0, MOST_SHOWN).flatMap(({ name }) =>
      isKnownExtension(name)
        ? []
        : [
            {
              meta,
              message: `the extension ${shortList([name])} is not known to OpenSSH, which ignores it`,
            },
          ],
    ),
  ];
}

/** Whoever makes extensions of his own names them with his domain. */
function isKnownExtension(name: string): boolean {
  const known: readonly string[] = [...SSH_EXTENSIONS, 'no-touch-required'];
  return known.includes(name) || name.includes('@');
}

function shortList(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name.slice(0, 80))).join(', ');
}

function signatureName(signature: Uint8Array): string | undefined {
  return attempt([], 'the signature', () => sshReader(signature).text('the algorithm'));
}
