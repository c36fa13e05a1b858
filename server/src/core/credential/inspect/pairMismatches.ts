/** Files whose names say that they belong together, and whose keys say that they do not: `web.key` beside `web.crt`. */
import { keyMismatch } from '../findings/keyMismatch.ts';
import type { CredentialItem } from './item.ts';

/** A private key in a file of its own has to fit what lies beside it under the same name. */
export function withPairMismatches(items: readonly CredentialItem[]): readonly CredentialItem[] {
  const alone = items.filter(({ type, spkiSha256 }) => type === 'private-key' && spkiSha256 !== null);
  if (alone.length === 0) return items;
  const open = byPair(items.filter(isPublic));
  const holders = new Set(items.filter(isPublic).map(({ file }) => file));
  return items.map((item) => {
    // Beside certificates in one file it was compared with those.
    if (item.type !== 'private-key' || item.spkiSha256 === null || holders.has(item.file)) return item;
    const beside = open.get(pairOf(item.file)) ?? [];
    const isKnown = beside.some(({ spkiSha256 }) => spkiSha256 === item.spkiSha256);
    return beside.length === 0 || isKnown
      ? item
      : { ...item, findings: [...item.findings, mismatch(item, beside)] };
  });
}

function isPublic({ type, spkiSha256, certificateAuthority, format }: CredentialItem): boolean {
  if (spkiSha256 === null) return false;
  if (type === 'certificate') return certificateAuthority !== true;
  return type === 'ssh-certificate' || (type === 'public-key' && format !== 'JWK');
}

function byPair(items: readonly CredentialItem[]): ReadonlyMap<string, readonly CredentialItem[]> {
  const pairs = new Map<string, CredentialItem[]>();
  for (const item of items) {
    const pair = pairOf(item.file);
    const same = pairs.get(pair);
    if (same === undefined) pairs.set(pair, [item]);
    else same.push(item);
  }
  return pairs;
}

/** Extensions, and words that say what a file holds and not whose it is: `privkey1.pem` and `fullchain1.pem` are one pair. */
const HOLDS =
  /(?:^|[-_.])(?:private|public|privkey|fullchain|certificate|cert|chain|bundle|crt|key|pub|pem)(?=\d*(?:[-_.]|$))/g;

/** The folder with what is left of the name. */
function pairOf(file: string): string {
  const cut = file.lastIndexOf('/') + 1;
  const name = file.slice(cut).toLowerCase();
  const stem = name.replace(/\.(?:pem|key|crt|cer|cert|der|p8|pk8|pub|txt)$/, '');
  return `${file.slice(0, cut)}${stem.replace(HOLDS, '')}`;
}

const MOST_RELATED = 10;

function mismatch(
  item: CredentialItem,
  beside: readonly CredentialItem[],
): CredentialItem['findings'][number] {
  const files = [...new Set(beside.map(({ file }) => file))].slice(0, MOST_RELATED);
  return {
    rule: keyMismatch.id,
    severity: keyMismatch.severity,
    message: `the ${item.keyAlgorithm ?? ''} private key belongs to nothing in ${files.join(', ')}, which ${files.length === 1 ? 'lies' : 'lie'} beside it under the same name`,
    why: keyMismatch.why,
    file: item.file,
    range: item.range,
    related: beside.slice(0, MOST_RELATED).map(({ file, range, type, subject }) => ({
      file,
      range,
      message: `${type === 'public-key' ? 'this public key' : `the certificate of ${subject ?? 'an unknown subject'}`} is of another key`,
    })),
    fixes: [],
  };
}
