/** The status of each certificate of a path by revocation lists that are at hand. */
import { sameOctets } from '../credential/octets.ts';
import { buildPath, type PathMaterial } from './buildPath.ts';
import { sameName } from './nameKey.ts';
import { type PathCertificate, sameCertificate } from './pathCertificate.ts';
import { crlStatus } from './revocation/crlStatus.ts';
import type { PathCrl } from './revocation/pathCrl.ts';
import { revokedReason } from './revocation/revocation.ts';
import type { PathInputs } from './validatePath.ts';

/** Signers of lists may need lists of their own, whose signers need some. */
const DEEPEST = 3;

/**
 * `required`: what no list tells of must not be used. Who signs a list has to have a path to the same anchor, in which the
 * same lists count.
 */
export function statusByLists(
  crls: readonly PathCrl[],
  material: PathMaterial,
  inputs: PathInputs,
  required: boolean,
  pending: readonly PathCertificate[] = [],
): NonNullable<PathInputs['status']> {
  return (path, at) => {
    const certificate = path[at];
    if (certificate === undefined) return undefined;
    const issuer = path[at + 1];
    const anchor = path.at(-1);
    const status = crlStatus(certificate, {
      crls,
      now: inputs.now,
      verifier: inputs.verifier,
      conforming: inputs.profile !== 'path',
      signersOf: (crl) =>
        [...(issuer === undefined ? [] : [issuer]), ...material.anchors, ...material.intermediates].filter(
          (each, place, all) =>
            sameName(each.subject, crl.issuer) &&
            all.findIndex((other) => sameCertificate(other, each)) === place &&
            (path.some((other) => sameCertificate(other, each)) || isTrusted(each, anchor)),
        ),
    });
    switch (status.status) {
      case 'good':
        return undefined;
      case 'revoked':
        return revokedReason(status);
      case 'unknown':
        return required ? { problem: 'revocation-unknown', message: status.why } : undefined;
      default:
        return status satisfies never;
    }
  };

  function isTrusted(signer: PathCertificate, anchor: PathCertificate | undefined): boolean {
    // Its own status may stand in a list that it signs: whether that is good is being asked.
    if (pending.some((each) => sameCertificate(each, signer))) return true;
    if (pending.length >= DEEPEST) return false;
    const { usage: _usage, name: _name, policies: _policies, maxIntermediates: _most, ...rest } = inputs;
    const next = [...pending, signer];
    const verdict = buildPath(signer, material, {
      ...rest,
      status: statusByLists(crls, material, inputs, required, next),
    });
    const last = verdict.verdict === 'valid' ? verdict.path.at(-1) : undefined;
    return last !== undefined && anchor !== undefined && sameOctets(last.spki, anchor.spki);
  }
}
