/** The revocation lists that a certificate names (RFC 5280, 4.2.1.13), with the lists of what changed since (4.2.1.15). */
import { decodePem } from '../../core/credential/pem.ts';
import { statusIn } from '../../core/path/judgePath.ts';
import { sameName } from '../../core/path/nameKey.ts';
import type { PathCertificate } from '../../core/path/pathCertificate.ts';
import { type PathCrl, readPathCrl } from '../../core/path/revocation/pathCrl.ts';
import type { Revocation } from '../../core/path/revocation/revocation.ts';
import { type StatusPointers, statusPointers } from '../../core/path/revocation/statusPointers.ts';
import type { Answered } from './askResponder.ts';
import { type Collected, inputsOf, materialOf } from './collected.ts';
import { fetchIssuers } from './fetchIssuers.ts';
import type { Fetched, StatusSources } from './sources.ts';
import { LARGEST_LIST } from './statusCache.ts';

type Told = Extract<Fetched, { kind: 'told' }>;

export interface AnsweredByList {
  readonly answered: Answered;
  readonly from: string | null;
}

export async function fetchLists(
  path: readonly PathCertificate[],
  at: number,
  pointers: StatusPointers,
  collected: Collected,
  sources: StatusSources,
  used: Set<string>,
  signal: AbortSignal,
): Promise<AnsweredByList> {
  const notes: string[] = [];
  const fetched = new Map<string, { readonly crl: PathCrl; readonly told: Told }>();
  const list = async (url: string): Promise<PathCrl | undefined> => {
    const key = `list ${url}`;
    const told = await sources.get(
      key,
      { url, name: 'the server of the list', largest: LARGEST_LIST },
      signal,
    );
    if (told.kind === 'silent') {
      notes.push(told.why);
      return undefined;
    }
    used.add(key);
    const { value: crl, problems } = readPathCrl(derOf(told.body));
    if (crl === undefined) {
      notes.push(`${url}: ${problems[0]?.reason ?? 'what lies there is no list'}`);
      return undefined;
    }
    collected.crls.set(key, crl);
    fetched.set(key, { crl, told });
    return crl;
  };
  const status = (): Revocation | undefined =>
    statusIn(materialOf(collected), { ...inputsOf(collected), answers: [] })(path, at);
  let why: string | undefined;
  for (const url of pointers.lists) {
    const crl = await list(url);
    if (crl === undefined) continue;
    const own = statusPointers(crl.extensions);
    for (const delta of new Set([...pointers.deltas, ...own.deltas])) await list(delta);
    if (!path.some(({ subject }) => sameName(subject, crl.issuer))) await addSigner(crl, url);
    const found = status();
    if (found === undefined) continue;
    if (found.status === 'unknown') {
      why = `${url}: ${found.why}`;
      continue;
    }
    for (const [key, { crl: each, told }] of fetched)
      if (each.nextUpdate !== undefined) await sources.keep(key, told, each.nextUpdate);
    const askedAt = [...fetched.values()].map(({ told }) => told.askedAt).sort()[0] ?? '';
    return { answered: { kind: 'known', revocation: found, askedAt }, from: url };
  }
  const all = [...(why === undefined ? [] : [why]), ...notes];
  return { answered: { kind: 'unknown', why: all.join('; ') }, from: null };

  /** Somebody else signs it: whose certificate the list itself may name (RFC 5280, 5.2.7). */
  async function addSigner(crl: PathCrl, url: string): Promise<void> {
    const { found } = await fetchIssuers(
      { extensions: crl.extensions, issuer: crl.issuer, signed: crl.signed },
      sources,
      signal,
    );
    for (const [place, each] of found.entries()) {
      collected.intermediates.set(`signer ${place} of ${url}`, each);
      // It counts as long as it was not revoked itself.
      for (const own of statusPointers(each.extensions).lists) await list(own);
    }
  }
}

function derOf(body: Uint8Array): Uint8Array {
  // DER begins with a SEQUENCE; a list of megabytes is not looked through for PEM.
  if (body[0] === 0x30) return body;
  return (
    decodePem(Buffer.from(body).toString('latin1')).find(({ label }) => label === 'X509 CRL')?.bytes ?? body
  );
}
