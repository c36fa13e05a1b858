/**
 * Keys whose SubjectPublicKeyInfo is always written in the same way: which one it is its length and its first octets tell, without
 * reading any of it (RFC 5480, 2.1.1 and 2.2; RFC 8410, 4).
 */
import { CURVES, OID } from './oid.ts';

export interface CommonKey {
  /** A `KeyAlgorithm`. */
  readonly algorithm: string;
  readonly bits: number;
}

interface Form extends CommonKey {
  /** All that stands before the point, its first octet among it: it is not compressed. */
  readonly head: readonly number[];
}

const FORMS: ReadonlyMap<number, Form> = new Map([
  [91, curve(OID.p256, '3059301306072a8648ce3d020106082a8648ce3d03010703420004')],
  [120, curve(OID.p384, '3076301006072a8648ce3d020106052b8104002203620004')],
  [158, curve(OID.p521, '30819b301006072a8648ce3d020106052b810400230381860004')],
  [44, { algorithm: 'Ed25519', bits: 256, head: octets('302a300506032b6570032100') }],
]);

function curve(oid: string, head: string): Form {
  const { name = oid, bits = 0 } = CURVES.get(oid) ?? {};
  return { algorithm: `ECDSA-${name}`, bits, head: octets(head) };
}

function octets(hex: string): readonly number[] {
  return (hex.match(/../g) ?? []).map((each) => Number.parseInt(each, 16));
}

/** Undefined: it has another form, or is another key. */
export function commonKey(spki: Uint8Array): CommonKey | undefined {
  const form = FORMS.get(spki.length);
  if (form === undefined) return undefined;
  const { head } = form;
  for (let at = 0; at < head.length; at += 1) if (spki[at] !== head[at]) return undefined;
  return form;
}
