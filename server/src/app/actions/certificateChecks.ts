/** One certificate as declared, as issued and as served: what differs, where that stands in the manifest, and what to do. */
import { parseIpAddress } from '../../core/credential/build/ipAddress.ts';
import { decodeCertificate } from '../../core/credential/certificate.ts';
import { decodePem } from '../../core/credential/pem.ts';
import type { Declaration } from '../../core/lifecycle/declaration.ts';
import { addedUsages, issuedDifferences } from '../../core/lifecycle/issuedDifferences.ts';
import type { Generation } from '../../core/lifecycle/record.ts';
import type { ManifestPath } from '../../core/manifest/path.ts';
import type { IdentityResource } from '../../core/manifest/resource.ts';
import { judgePath } from '../../core/path/judgePath.ts';
import { sameName } from '../../core/path/nameKey.ts';
import {
  type PathCertificate,
  readPathCertificate,
  sameCertificate,
} from '../../core/path/pathCertificate.ts';
import { formatInstant } from '../../core/text/instant.ts';
import type { EndpointAnswer } from '../../platform/probe/probeEndpoint.ts';
import type { VerifyCheck } from '../api.ts';
import type { Services } from './services.ts';
import type { TrustedHere } from './trustedHere.ts';

const SERVER = '1.3.6.1.5.5.7.3.1';

type Place = Pick<VerifyCheck, 'place'>;

/** What is declared is in the manifest, and so is where the difference stands. */
export function declaredChecks(
  generation: Generation,
  declaration: Declaration,
  resource: IdentityResource,
  { hasher }: Services,
): readonly VerifyCheck[] {
  const { issued } = generation;
  const [leaf] = decodePem(issued.publicText);
  const certificate = leaf && decodeCertificate(leaf.bytes, hasher).value;
  if (certificate === undefined) return [];
  const all = issuedDifferences(declaration, certificate, issued.backend);
  // Of what was made elsewhere, how long it counts is the affair of whoever makes it.
  const differences =
    issued.type === 'adopted' ? all.filter(({ path }) => path.join('.') !== 'spec.duration') : all;
  if (differences.length === 0) {
    const added = addedUsages(declaration, certificate);
    const besides =
      added.length === 0 ? '' : `; its authority adds the usage ${added.join(', ')}, which is not declared`;
    const detail = `names, key, usages, duration and issuer${besides}`;
    return [{ what: 'issued as declared', outcome: 'ok', detail }];
  }
  return differences.map(({ path, message, hint }) => ({
    what: 'issued as declared',
    outcome: 'failed',
    detail: message,
    hint,
    ...placeAt(resource, path),
  }));
}

/** Which certificate stands at one address of an endpoint. */
export function servedCheck(
  { endpoint, address, certificateSha256, problem }: EndpointAnswer,
  { credential }: Generation,
  others: readonly Generation[],
  place: Place,
): VerifyCheck {
  const what = `served by ${endpoint} (${address})`;
  if (certificateSha256 === null)
    return { what, outcome: 'unknown', detail: problem ?? 'serves nothing', ...place };
  if (certificateSha256 === credential.fingerprintSha256)
    return { what, outcome: 'ok', detail: 'serves this certificate', ...place };
  const known = others.find((each) => each.credential.fingerprintSha256 === certificateSha256);
  if (known === undefined)
    return {
      what,
      outcome: 'failed',
      detail: 'serves another certificate, which is not in the record',
      hint: 'look what is configured there; idac discover and adopt take over what is in a file',
      ...place,
    };
  const { serialNumber, notAfter } = known.credential;
  return {
    what,
    outcome: 'failed',
    detail: `serves an older one: serial ${serialNumber}, issued ${formatInstant(known.issued.at)}, to ${formatInstant(notAfter)}`,
    hint: 'have the service read its files again, and see that the delivery went where it reads',
    ...place,
  };
}

/** Whether a client that trusts what the project says would take what is served, for the name of the endpoint. */
export function servedPathCheck(
  { endpoint, address, chain, sent: inOrder = [] }: EndpointAnswer,
  host: string,
  trusted: TrustedHere,
  { clock, verifier, hasher }: Services,
  place: Place,
): VerifyCheck | undefined {
  const what = `chain served by ${endpoint} (${address})`;
  const [leaf, ...sent] = chain.map((der) => readPathCertificate(der).value);
  if (chain.length === 0 || trusted.anchors.length === 0) return undefined;
  if (leaf === undefined)
    return { what, outcome: 'unknown', detail: 'its certificate cannot be read', ...place };
  const octets = parseIpAddress(host);
  const name =
    octets === undefined ? ({ kind: 'dns', text: host } as const) : ({ kind: 'ip', octets } as const);
  const served = sent.flatMap((each) => each ?? []);
  const judge = (intermediates: readonly PathCertificate[]) =>
    judgePath(
      leaf,
      { anchors: trusted.anchors.map(({ certificate }) => certificate), intermediates },
      { now: clock.now(), hasher, verifier, profile: 'path', usage: SERVER, name, crls: [], answers: [] },
    ).verdict;
  const verdict = judge(served);
  const text = verdict.path.map(({ subjectText }) => subjectText).join(' ← ');
  const misplaced = outOfOrder(inOrder);
  if (verdict.verdict === 'valid' && misplaced !== undefined)
    return {
      what,
      outcome: 'failed',
      detail: `it is sent out of order: ${misplaced} does not follow what it issued (RFC 5246, 7.4.2)`,
      hint: 'put the certificate first, then each authority behind what it issued',
      ...place,
    };
  if (verdict.verdict === 'valid') {
    const anchor = verdict.path.at(-1);
    const by = trusted.anchors.find(
      ({ certificate }) => anchor !== undefined && sameCertificate(certificate, anchor),
    )?.by;
    return {
      what,
      outcome: 'ok',
      detail: `${text}, ${by ?? 'a root that the project knows and no trust bundle names'}`,
      ...place,
    };
  }
  const complete = judge([...served, ...trusted.known]);
  if (complete.verdict === 'valid') {
    const missing = complete.path
      .slice(1, -1)
      .filter((each) => !served.some((other) => sameCertificate(other, each)))
      .map(({ subjectText }) => subjectText);
    return {
      what,
      outcome: 'failed',
      detail: `it is incomplete: ${missing.join(', ')} is not sent, and clients that do not know it refuse`,
      hint: 'deliver the chain with the certificate (contents: [chain, …]), and have the service send it',
      ...place,
    };
  }
  const { reason, path } = verdict;
  const whose = reason.at === 0 ? 'the certificate' : (path[reason.at]?.subjectText ?? 'an authority');
  return {
    what,
    outcome: verdict.verdict === 'invalid' ? 'failed' : 'unknown',
    detail: `for ${host}: ${whose}: ${reason.message}`,
    ...(reason.problem === 'no-path'
      ? { hint: 'name its root in a trust bundle of the project, or have another authority issue it' }
      : {}),
    ...place,
  };
}

/** The first that did not issue the one before it. */
function outOfOrder(sent: readonly Uint8Array[]): string | undefined {
  const read = sent.flatMap((der) => readPathCertificate(der).value ?? []);
  return read.find((each, at) => {
    const before = read[at - 1];
    return before !== undefined && !sameName(before.issuer, each.subject);
  })?.subjectText;
}

export function placeAt(resource: IdentityResource | undefined, path: ManifestPath): Place {
  return resource === undefined ? {} : { place: { file: resource.file, range: resource.locate(path) } };
}
