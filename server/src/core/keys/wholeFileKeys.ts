/** Files that are certificates or keys as a whole, in binary: DER, one or several behind each other, and stores that lie open. */
import { readDer } from '../credential/der.ts';
import { derKind } from '../credential/inspect/derKind.ts';
import { decodeJks, isJks } from '../credential/jks.ts';
import { decodePkcs12 } from '../credential/pkcs12.ts';
import { attempt } from '../credential/problem.ts';
import type { ScanTools } from '../secrets/detector.ts';
import type { FoundKey } from './keySighting.ts';
import { type KeyOfDer, keyOfCertificate, keysOfDer } from './keysOfDer.ts';

const SEQUENCE = 0x30;

export function wholeFileKeys(bytes: Uint8Array, tools: ScanTools): readonly FoundKey[] {
  if (bytes[0] === SEQUENCE) return derKeys(bytes, tools);
  if (!isJks(bytes)) return [];
  const certificates = decodeJks(bytes, [], tools.hasher).value.entries.flatMap((entry) =>
    entry.kind === 'certificate' ? [entry.der] : entry.chain,
  );
  return certificatesOf(certificates, tools).map((key) => ({ ...key, start: 0, end: bytes.length }));
}

function derKeys(bytes: Uint8Array, tools: ScanTools): readonly FoundKey[] {
  const found: FoundKey[] = [];
  for (let at = 0; at < bytes.length; ) {
    const rest = bytes.subarray(at);
    const length = attempt([], 'the end', () => readDer(rest).end);
    if (length === undefined) break;
    const one = rest.subarray(0, length);
    const keys = derKind(one) === 'pkcs12' ? storeKeys(one, tools) : keysOfDer(one, tools.hasher);
    if (keys.length === 0) break;
    for (const key of keys) found.push({ ...key, start: at, end: at + length });
    at += length;
  }
  return found;
}

/** Of what no password locks. */
function storeKeys(bytes: Uint8Array, tools: ScanTools): readonly KeyOfDer[] {
  const { value } = decodePkcs12(bytes, [], { ...tools, budget: { left: 0 } });
  const certificates = (value?.bags ?? []).flatMap((bag) => (bag.kind === 'certificate' ? [bag.der] : []));
  return certificatesOf(certificates, tools);
}

function certificatesOf(all: readonly Uint8Array[], { hasher }: ScanTools): readonly KeyOfDer[] {
  return all.flatMap((der) => keyOfCertificate(der, hasher) ?? []);
}
