import type { CredentialItem } from '../credential/inspect/item.ts';
import type { FoundFile, FoundGroup, FoundKind, Part } from './foundItem.ts';

/** What was decoded of one file. */
export interface ReadFile {
  readonly file: string;
  readonly items: readonly CredentialItem[];
}

interface Draft {
  readonly kind: FoundKind;
  readonly item: CredentialItem;
  readonly files: Map<string, { line: number; holds: Set<Part>; encrypted: boolean }>;
}

/** Lists of other people's keys: each line is somebody's, and none is this folder's. */
const KEY_LIST = /(?:^|\/)(?:authorized_keys2?|known_hosts2?)$/i;
const SSH = new Set(['OpenSSH', 'PuTTY', 'SSH2']);

/** Puts together what belongs together: by fingerprint what lies in several files, by key what was made for it. */
export function groupFound(files: readonly ReadFile[]): readonly FoundGroup[] {
  const drafts = new Map<string, Draft>();
  /** By SPKI: the first certificate, or SSH certificate, of that key. */
  const holders = new Map<string, string>();
  const put = (id: string, kind: FoundKind, item: CredentialItem, part: Part): void => {
    const draft = drafts.get(id) ?? { kind, item, files: new Map() };
    drafts.set(id, draft);
    const known = draft.files.get(item.file);
    if (known === undefined)
      draft.files.set(item.file, {
        line: item.range.start.line,
        holds: new Set([part]),
        encrypted: item.encrypted,
      });
    else {
      known.holds.add(part);
      known.encrypted ||= item.encrypted;
    }
  };

  for (const { file, items } of files) {
    if (isStore(items)) {
      const [first] = items;
      const leaf = items.find((item) => item.type === 'certificate' && !isAuthority(item));
      if (first !== undefined) put(`store:${file}`, 'key-store', leaf ?? first, 'key store');
      continue;
    }
    const leaves = new Set<string>();
    for (const item of items) {
      const id = certificateId(item);
      if (id === undefined) continue;
      if (isAuthority(item) && leaves.size > 0) continue;
      if (!isAuthority(item)) leaves.add(id);
      put(id, kindOfCertificate(item), item, 'certificate');
      if (item.spkiSha256 !== null && !holders.has(item.spkiSha256)) holders.set(item.spkiSha256, id);
    }
    for (const id of leaves) {
      const draft = drafts.get(id);
      const chain = items.find(isAuthority);
      if (draft?.kind === 'certificate' && chain !== undefined) put(id, 'certificate', chain, 'chain');
    }
  }
  for (const { file, items } of files) {
    if (isStore(items) || KEY_LIST.test(file)) continue;
    for (const item of items) {
      const part = partOf(item);
      if (part === undefined) continue;
      const holder = item.spkiSha256 === null ? undefined : holders.get(item.spkiSha256);
      const at = drafts.get(holder ?? '');
      if (holder !== undefined && at !== undefined) put(holder, at.kind, item, part);
      else put(looseId(item, part), looseKind(item, part), item, part);
    }
  }
  return [...drafts].map(([id, draft]) => groupOf(id, draft));
}

function isStore(items: readonly CredentialItem[]): boolean {
  return items.some(({ wrapping, format }) =>
    [...wrapping, format].some((each) => each === 'PKCS#12' || each === 'JKS'),
  );
}

function certificateId(item: CredentialItem): string | undefined {
  if (item.type === 'certificate' && item.fingerprintSha256 !== null)
    return `certificate:${item.fingerprintSha256}`;
  if (item.type === 'ssh-certificate' && item.spkiSha256 !== null && item.options === null)
    return `ssh-certificate:${item.spkiSha256}:${item.serialNumber ?? ''}`;
  return undefined;
}

/** One that names a host is served by it, whatever else it says: openssl makes each self-signed one a CA. */
function isAuthority({ type, certificateAuthority, subjectAltNames }: CredentialItem): boolean {
  return (
    type === 'certificate' &&
    certificateAuthority === true &&
    !subjectAltNames.some(({ kind }) => kind === 'dns' || kind === 'ip')
  );
}

function kindOfCertificate(item: CredentialItem): FoundKind {
  if (item.type === 'ssh-certificate') return 'ssh-certificate';
  return isAuthority(item) ? 'authority' : 'certificate';
}

function partOf(item: CredentialItem): Part | undefined {
  switch (item.type) {
    case 'private-key':
    case 'symmetric-key':
    case 'encrypted':
      return 'private key';
    case 'public-key':
      return item.spkiSha256 === null || item.hosts !== null || item.options !== null
        ? undefined
        : 'public key';
    case 'certificate-request':
      return 'request';
    case 'certificate':
    case 'ssh-certificate':
    case 'crl':
    case 'ssh-revocation-list':
    case 'token':
    case 'container':
    case 'parameters':
    case 'unknown':
      return undefined;
    default:
      return item.type satisfies never;
  }
}

/** A key without a certificate is one thing by its public half, whatever it is wrapped in. */
function looseId(item: CredentialItem, part: Part): string {
  if (part === 'request')
    return `request:${item.fingerprintSha256 ?? `${item.file}:${item.range.start.line}`}`;
  return `key:${item.spkiSha256 ?? `${item.file}:${item.range.start.line}`}`;
}

function looseKind(item: CredentialItem, part: Part): FoundKind {
  if (part === 'request') return 'request';
  if (SSH.has(item.format ?? '')) return 'ssh-key';
  return part === 'public key' ? 'public-key' : 'private-key';
}

const PUBLIC_FIRST: readonly Part[] = ['certificate', 'public key', 'request', 'private key'];

function rank({ holds }: FoundFile): number {
  return Math.min(...holds.map((part) => (PUBLIC_FIRST.includes(part) ? PUBLIC_FIRST.indexOf(part) : 9)));
}

function groupOf(id: string, { kind, item, files }: Draft): FoundGroup {
  const all = [...files]
    .map(
      ([file, { line, holds, encrypted }]): FoundFile => ({
        file,
        line,
        holds: [...holds].sort(),
        encrypted,
      }),
    )
    .sort((a, b) => rank(a) - rank(b) || (a.file < b.file ? -1 : 1));
  // A bare key is private as soon as one of its files is.
  const isPrivate = all.some(({ holds }) => holds.includes('private key'));
  return {
    id,
    kind: kind === 'public-key' && isPrivate ? 'private-key' : kind,
    title: titleOf(item, all),
    subject: item.subject,
    issuer: item.issuer,
    serialNumber: item.serialNumber,
    notBefore: item.notBefore,
    notAfter: item.notAfter,
    keyAlgorithm: item.keyAlgorithm,
    spkiSha256: item.spkiSha256,
    fingerprintSha256: item.fingerprintSha256,
    files: all,
  };
}

/** The name that people know it by: what it is a certificate for, else its file. */
function titleOf(item: CredentialItem, files: readonly FoundFile[]): string {
  const name = commonName(item.subject) ?? item.subjectAltNames.find(({ kind }) => kind === 'dns')?.value;
  const file = files[0]?.file.split('/').at(-1) ?? item.file;
  if (item.type === 'certificate' || item.type === 'certificate-request') return name ?? file;
  if (item.type === 'ssh-certificate') return item.subject || file;
  return file;
}

/** `CN` of a name in the text form of RFC 4514, without its escapes. */
export function commonName(subject: string | null): string | undefined {
  const [, value] = /(?:^|[,+])CN=((?:[^,+\\]|\\.)*)/.exec((subject ?? '').slice(0, 1024)) ?? [];
  const plain = value?.replace(/\\(.)/g, '$1').trim();
  return plain === '' ? undefined : plain;
}
