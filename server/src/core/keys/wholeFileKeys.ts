/** Files of certificates and keys in binary: DER, one or several behind each other, and stores that lie open. */
import { readDer } from '../credential/der.ts';
import { derKind } from '../credential/inspect/derKind.ts';
import { decodeJks, isJks } from '../credential/jks.ts';
import { decodePkcs12 } from '../credential/pkcs12.ts';
import { attempt } from '../credential/problem.ts';
import type { Detection, ScanTools } from '../secrets/detector.ts';
import { wholeFileKey } from '../secrets/wholeFile.ts';
import type { FoundKey, ReadKey } from './keySighting.ts';
import { keyOfCertificate, keysOfDer } from './keysOfDer.ts';

const SEQUENCE = 0x30;

export interface WholeFileKeys {
  readonly keys: readonly FoundKey[];
  /** Private keys and stores among them. */
  readonly found: readonly Detection[];
  /** The first octet that belongs to none of them. */
  readonly end: number;
}

export function wholeFileKeys(bytes: Uint8Array, tools: ScanTools): WholeFileKeys {
  if (bytes[0] === SEQUENCE) return derKeys(bytes, tools);
  if (!isJks(bytes)) return { keys: [], found: [], end: 0 };
  const certificates = decodeJks(bytes, [], tools.hasher).value.entries.flatMap((entry) =>
    entry.kind === 'certificate' ? [entry.der] : entry.chain,
  );
  const keys = certificatesOf(certificates, tools).map((key) => ({ ...key, start: 0, end: bytes.length }));
  return { keys, found: [], end: keys.length === 0 ? 0 : bytes.length };
}

function derKeys(bytes: Uint8Array, tools: ScanTools): WholeFileKeys {
  const all: FoundKey[] = [];
  const found: Detection[] = [];
  let at = 0;
  while (bytes[at] === SEQUENCE) {
    const rest = bytes.subarray(at);
    const length = attempt([], 'the end', () => readDer(rest).end);
    if (length === undefined) break;
    const one = rest.subarray(0, length);
    const isStore = derKind(one) === 'pkcs12';
    const keys = isStore ? storeKeys(one, tools) : keysOfDer(one, tools.hasher);
    const secret = isStore || keys.length === 0 ? wholeFileKey(one, tools) : undefined;
    if (keys.length === 0 && secret === undefined) break;
    for (const key of keys) all.push({ ...key, start: at, end: at + length });
    if (secret !== undefined) found.push({ ...secret, start: at, end: at + length });
    at += length;
  }
  return { keys: all, found, end: at };
}

/** Of what no password locks. */
function storeKeys(bytes: Uint8Array, tools: ScanTools): readonly ReadKey[] {
  const { value } = decodePkcs12(bytes, [], { ...tools, budget: { left: 0 } });
  const certificates = (value?.bags ?? []).flatMap((bag) => (bag.kind === 'certificate' ? [bag.der] : []));
  return certificatesOf(certificates, tools);
}

function certificatesOf(all: readonly Uint8Array[], { hasher }: ScanTools): readonly ReadKey[] {
  return all.flatMap((der) => keyOfCertificate(der, hasher) ?? []);
}
