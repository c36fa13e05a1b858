import type { DecodedCertificate } from '../../core/credential/certificate.ts';
import { type Held, heldIn } from '../../core/found/held.ts';
import type { Secret } from '../../core/secret.ts';
import type { FoundItem } from './foundApi.ts';
import { type Opened, openKey, openStore, type StoredCertificate } from './lockedFiles.ts';
import type { Look } from './look.ts';

/** One credential that is to be adopted. */
export interface Candidate {
  /** What was found of it; for a key that a passphrase opened, its certificate. */
  readonly item: FoundItem;
  readonly held: Held;
  /** Of a key store: its entry. */
  readonly stored: StoredCertificate | null;
  readonly remarks: readonly string[];
}

export interface ReadHeld {
  readonly authorities: readonly { readonly file: string; readonly certificate: DecodedCertificate }[];
  of(item: FoundItem): Opened<readonly Candidate[]>;
}

const CHANGED = 'It could not be read again: it may have changed meanwhile.';

/** The public halves of what is to be adopted and of the authorities beside it, read anew: what is recorded is what stands there now. */
export async function readHeld(
  look: Look,
  items: readonly FoundItem[],
  password: Secret<string> | undefined,
  signal: AbortSignal,
): Promise<ReadHeld> {
  const { report, hasher, now, read } = look;
  // Whose key a locked one is, is seen when it opens.
  const asked = items.some(({ kind }) => kind === 'private-key') ? report.items.filter(isCertificate) : [];
  const authorities = report.items.filter(({ kind }) => kind === 'authority');
  const files = new Set(
    [...items, ...asked, ...authorities].flatMap((item) => item.files.map(({ file }) => file)),
  );
  const contents = new Map<string, Uint8Array>();
  const all: { readonly file: string; readonly held: Held }[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    const bytes = await read(file);
    if (bytes === undefined) continue;
    contents.set(file, bytes);
    all.push(...heldIn(bytes, hasher, now).map((held) => ({ file, held })));
  }
  const plain = (item: FoundItem): Held | undefined => all.find((each) => isHeldBy(item, each))?.held;
  const candidate = (item: FoundItem, held: Held, remarks: readonly string[] = []): Candidate => ({
    item,
    held,
    stored: null,
    remarks,
  });
  return {
    authorities: all.flatMap(({ file, held }) =>
      held.kind === 'Certificate' && held.certificate.facts.certificateAuthority === true
        ? [{ file, certificate: held.certificate }]
        : [],
    ),
    of(item) {
      const [file] = item.files;
      const bytes = file === undefined ? undefined : contents.get(file.file);
      if (file === undefined || bytes === undefined) return { why: CHANGED };
      if (item.kind === 'key-store') {
        const opened = openStore(file.file, bytes, password, look.context);
        if ('why' in opened) return opened;
        return withoutKnown(
          look,
          opened.value.map((stored) => ({ ...candidate(item, stored.held), stored })),
        );
      }
      if (item.kind === 'private-key') {
        const key = openKey(file.file, bytes, password, look.context);
        if ('why' in key) return key;
        const certificate = report.items.find((each) => isCertificate(each) && each.spkiSha256 === key.value);
        if (certificate === undefined)
          return {
            why: 'No certificate that is made for this key lies here, and a key alone is not adopted.',
          };
        const held = plain(certificate);
        if (certificate.adopt === null || held === undefined) return { why: certificate.why ?? CHANGED };
        const remark = `${file.file} holds its private key, encrypted. It is left as it is: what is written from here is not encrypted.`;
        return { value: [candidate(certificate, held, [remark])] };
      }
      const held = plain(item);
      return held === undefined ? { why: CHANGED } : { value: [candidate(item, held)] };
    },
  };
}

function isCertificate({ kind }: FoundItem): boolean {
  return kind === 'certificate';
}

function isHeldBy(item: FoundItem, { file, held }: { readonly file: string; readonly held: Held }): boolean {
  if (held.kind !== item.adopt && !(isCertificate(item) && held.kind === 'Certificate')) return false;
  if (!item.files.some((each) => each.file === file) || held.facts.spkiSha256 !== item.spkiSha256)
    return false;
  switch (held.kind) {
    case 'SshKey':
      return true;
    case 'Certificate':
      return held.facts.fingerprintSha256 === item.fingerprintSha256;
    case 'SshCertificate':
      return held.facts.serialNumber === item.serialNumber;
    default:
      return held satisfies never;
  }
}

/** What is in a locked store shows only now, and may be declared already. */
function withoutKnown(look: Look, candidates: readonly Candidate[]): Opened<readonly Candidate[]> {
  const knownAs = ({ held: { facts } }: Candidate): string | undefined =>
    look.knowledge.of({
      id: '',
      kind: 'certificate',
      spkiSha256: facts.spkiSha256 ?? null,
      fingerprintSha256: facts.fingerprintSha256,
      files: [],
    });
  const value = candidates.filter((each) => knownAs(each) === undefined);
  const [first] = candidates;
  if (value.length > 0 || first === undefined) return { value };
  return { why: `${knownAs(first)} knows it already.` };
}
