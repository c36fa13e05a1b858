import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type AdoptedDelivery, adoptionText, nameCandidates } from '../../core/found/adoptionText.ts';
import { type Held, heldIn } from '../../core/found/held.ts';
import { API_VERSION, DEFAULT_NAMESPACE, type IdentityId } from '../../core/identity/identityId.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import { toDnsLabel } from '../../core/schema/names.ts';
import { parseDuration } from '../../core/text/duration.ts';
import { projectPathProblem } from '../../core/text/relativePath.ts';
import { configuredRoles } from '../configuredRoles.ts';
import type { Adoption, AdoptionPlan, AdoptRequest, FoundItem } from './foundApi.ts';
import { issuerSearch } from './issuerOfFound.ts';
import type { Look } from './look.ts';

/** An adoption with what its event will say. */
export interface PlannedAdoption extends Adoption {
  readonly held: Held;
  readonly files: readonly string[];
  /** The backend that issued what is there; null: none that is declared. */
  readonly issuedBy: string | null;
}

/** What the credential itself is in. */
function publicFiles({ files }: FoundItem): readonly string[] {
  return files
    .filter(({ holds }) => holds.includes('certificate') || holds.includes('public key'))
    .map(({ file }) => file);
}

/** An identity that was adopted from the same file: what renews it put another one there. */
function adoptedBefore(
  item: FoundItem,
  { index, records }: Look,
): Pick<Adoption, 'identity' | 'file' | 'writes' | 'text' | 'issuer' | 'notes'> | undefined {
  const own = publicFiles(item);
  for (const { live } of records.values()) {
    for (const { issued } of [...live.values()].flat()) {
      if (issued.type !== 'adopted' || issued.identity.kind !== item.adopt) continue;
      const resource = issued.files.some((file) => own.includes(file))
        ? index.get(issued.identity)
        : undefined;
      if (resource === undefined) continue;
      return { identity: resource.id, file: resource.file, writes: false, text: '', issuer: null, notes: [] };
    }
  }
  return undefined;
}

/** Where manifests of adopted credentials are put. */
const FOLDER = 'identities';
const DAY = 86_400;

export async function planAdoption(
  request: AdoptRequest,
  look: Look,
  signal: AbortSignal,
): Promise<Omit<AdoptionPlan, 'adoptions'> & { readonly adoptions: readonly PlannedAdoption[] }> {
  const { report, index } = look;
  const chosen = chosenItems(request, report.items);
  const heldOf = await readHeld(look, chosen.items, signal);
  const issuerOf = issuerSearch({
    ...look,
    authorities: heldOf.all.flatMap(({ file, held }) =>
      held.kind === 'Certificate' && held.certificate.facts.certificateAuthority === true
        ? [{ file, certificate: held.certificate }]
        : [],
    ),
  });
  const taken = new Set<string>();
  const adoptions: PlannedAdoption[] = [];
  const refused = [...chosen.refused];
  for (const item of chosen.items) {
    signal.throwIfAborted();
    const { id, title, adopt: kind } = item;
    const held = heldOf.of(item);
    const problem =
      held === undefined ? 'It could not be read again: it may have changed meanwhile.' : unfitWhy(held);
    if (held === undefined || kind === null || problem !== undefined) {
      refused.push({ id, title, why: problem ?? item.why ?? 'It cannot be adopted.' });
      continue;
    }
    const before = adoptedBefore(item, look);
    if (before !== undefined) {
      const issuedBy = issuerOf(held);
      adoptions.push({ ...before, id, title, issuedBy, held, files: publicFiles(item) });
      continue;
    }
    const namespace = request.namespace ?? DEFAULT_NAMESPACE;
    const files = item.files.map(({ file }) => file);
    const name = await freeName(nameCandidates(held, files), { kind, namespace }, look, taken);
    const identity: IdentityId = { apiVersion: API_VERSION, kind, namespace, name };
    const issuedBy = issuerOf(held);
    const issuer = renewer(held, issuedBy ?? request.issuer ?? null, index);
    const { deliveries, notes } =
      issuer === null ? { deliveries: [], notes: [] } : deliveriesOf(item, issuer, index);
    adoptions.push({
      id,
      title,
      identity,
      file: `${FOLDER}/${name}.identity.yaml`,
      writes: true,
      issuer,
      issuedBy,
      notes,
      held,
      files: publicFiles(item),
      text: adoptionText(held, {
        name,
        namespace: namespace === DEFAULT_NAMESPACE ? null : namespace,
        issuer,
        maximumSeconds: issuer === null ? null : longestOf(issuer, index),
        deliveries,
        publicKey: held.kind === 'Certificate' ? null : publicKeyFile(item),
        remarks: [
          `Adopted from ${files.join(', ')}.`,
          ...(issuer === null
            ? [
                'Whoever renews it today goes on. To renew it from here, name a backend in issuer and take renewal away.',
              ]
            : []),
          ...notes,
        ],
      }),
    });
  }
  return { adoptions, refused };
}

function chosenItems(
  { wanted }: AdoptRequest,
  items: readonly FoundItem[],
): { readonly items: readonly FoundItem[]; readonly refused: AdoptionPlan['refused'] } {
  if (wanted === 'all') return { items: items.filter(({ adopt }) => adopt !== null), refused: [] };
  const chosen = new Set<FoundItem>();
  const refused: { id: string; title: string; why: string }[] = [];
  for (const each of wanted) {
    const meant = items.filter(({ id, files }) => id === each || files.some(({ file }) => file === each));
    // A file may hold several things; what can be adopted is what is meant.
    const fit = meant.filter(({ adopt }) => adopt !== null);
    for (const item of fit) chosen.add(item);
    const [first] = meant;
    if (fit.length > 0) continue;
    refused.push({
      id: first?.id ?? each,
      title: first?.title ?? each,
      why: first?.why ?? 'No certificate and no SSH key was found there.',
    });
  }
  return { items: [...chosen], refused };
}

/** The public halves of what is to be adopted and of the authorities beside it, read anew: what is recorded is what stands there now. */
async function readHeld(look: Look, items: readonly FoundItem[], signal: AbortSignal) {
  const { report, hasher, now, read } = look;
  const authorities = report.items.filter(({ kind }) => kind === 'authority');
  const files = new Set([...items, ...authorities].flatMap((item) => item.files.map(({ file }) => file)));
  const all: { readonly file: string; readonly held: Held }[] = [];
  for (const file of files) {
    signal.throwIfAborted();
    const bytes = await read(file);
    if (bytes !== undefined) all.push(...heldIn(bytes, hasher, now).map((held) => ({ file, held })));
  }
  const of = (item: FoundItem): Held | undefined =>
    all.find(
      ({ file, held }) =>
        held.kind === item.adopt &&
        item.files.some((each) => each.file === file) &&
        held.facts.spkiSha256 === item.spkiSha256 &&
        (held.kind === 'SshKey' ||
          (held.kind === 'Certificate'
            ? held.facts.fingerprintSha256 === item.fingerprintSha256
            : held.facts.serialNumber === item.serialNumber)),
    )?.held;
  return { all, of };
}

/** Why no manifest could say what it is. */
function unfitWhy(held: Held): string | undefined {
  if (held.kind === 'SshCertificate' && (held.key.certificate?.principals ?? []).length === 0)
    return 'It names no principal, so it counts for everybody: a manifest does not declare that. Issue one that names whom it is for.';
  return undefined;
}

/** Who renews it from here: what lives for less than a day renews itself. */
function renewer({ kind, facts }: Held, wanted: string | null, index: ProjectIndex): string | null {
  const backend = wanted === null ? undefined : index.backend(wanted);
  const role = kind === 'Certificate' ? 'CertificateAuthority' : 'SshAuthority';
  if (backend === undefined || !backend.usable || !configuredRoles(backend).includes(role)) return null;
  const lifetime = (Date.parse(facts.notAfter) - Date.parse(facts.notBefore)) / 1000;
  return lifetime < DAY ? null : backend.name;
}

function longestOf(issuer: string, index: ProjectIndex): number | null {
  const spec: object = index.backend(issuer)?.spec ?? {};
  const longest = Object.entries(spec).flatMap(([part, settings]: readonly [string, unknown]) =>
    (part === 'authority' || part === 'ssh') &&
    typeof settings === 'object' &&
    settings !== null &&
    'maximumDuration' in settings &&
    typeof settings.maximumDuration === 'string'
      ? [parseDuration(settings.maximumDuration)]
      : [],
  )[0];
  return longest ?? null;
}

/** The places where it lies, for the next one to take: where a backend here can write, and git lets a private key be. */
function deliveriesOf(
  { files, adopt }: FoundItem,
  issuer: string,
  index: ProjectIndex,
): { readonly deliveries: readonly AdoptedDelivery[]; readonly notes: readonly string[] } {
  const local = [index.backend(issuer), ...index.backends()].find(
    (backend) => backend?.usable === true && backend.spec.type === 'local',
  );
  if (local === undefined)
    return {
      deliveries: [],
      notes: ['No backend here writes files: name in deliverTo where the next one is to go.'],
    };
  const notes: string[] = [];
  const deliveries = files.flatMap(({ file, holds, git, encrypted }): AdoptedDelivery[] => {
    if (projectPathProblem(file) !== undefined || /[{}]/.test(file)) return [];
    const hasKey = holds.includes('private key');
    const isSafe = git !== 'tracked' && git !== 'untracked' && !encrypted;
    if (hasKey && !isSafe)
      notes.push(
        encrypted
          ? `${file} holds an encrypted private key, which is not written from here.`
          : `${file} holds its private key, and git does not ignore it: add it to .gitignore${git === 'tracked' ? ` (and run git rm --cached ${file})` : ''}, then name it in deliverTo.`,
      );
    const first =
      adopt === 'Certificate'
        ? holds.includes('certificate')
          ? ['chain' as const]
          : []
        : holds.includes('public key')
          ? ['publicKey' as const]
          : holds.includes('certificate')
            ? ['certificate' as const]
            : [];
    const contents = [...first, ...(hasKey && isSafe ? ['privateKey' as const] : [])];
    return contents.length === 0 || (hasKey && !isSafe)
      ? []
      : [{ backend: local.name, path: file, contents }];
  });
  return { deliveries, notes };
}

function publicKeyFile({ files }: FoundItem): string | null {
  const file = files.find(({ holds }) => holds.includes('public key'))?.file;
  return file === undefined || projectPathProblem(file) !== undefined || /[{}]/.test(file) ? null : file;
}

/** A name that no manifest has, and whose file is not there. */
async function freeName(
  candidates: readonly string[],
  { kind, namespace }: { readonly kind: string; readonly namespace: string },
  { index, root }: Look,
  taken: Set<string>,
): Promise<string> {
  const base =
    candidates.map((each) => toDnsLabel(each)).find((each) => each !== undefined) ?? kind.toLowerCase();
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base.slice(0, 58)}-${number}`;
    if (taken.has(name) || index.get({ kind, namespace, name }) !== undefined) continue;
    const file = path.join(root, FOLDER, `${name}.identity.yaml`);
    const isThere = await stat(file).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
    );
    if (isThere) continue;
    taken.add(name);
    return name;
  }
}
