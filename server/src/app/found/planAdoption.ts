import { stat } from 'node:fs/promises';
import path from 'node:path';
import { adoptionText, nameCandidates } from '../../core/found/adoptionText.ts';
import type { Held } from '../../core/found/held.ts';
import { API_VERSION, DEFAULT_NAMESPACE, type IdentityId } from '../../core/identity/identityId.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import { toDnsLabel } from '../../core/schema/names.ts';
import { parseDuration } from '../../core/text/duration.ts';
import { projectPathProblem } from '../../core/text/relativePath.ts';
import { configuredRoles } from '../configuredRoles.ts';
import { deliveriesOf } from './adoptedDeliveries.ts';
import type { Adoption, AdoptionPlan, AdoptRequest, FoundItem } from './foundApi.ts';
import { issuerSearch } from './issuerOfFound.ts';
import type { Look } from './look.ts';
import { readHeld } from './readHeld.ts';

/** An adoption with what its event will say. */
export interface PlannedAdoption extends Adoption {
  readonly held: Held;
  readonly files: readonly string[];
  /** The backend that issued what is there; null: none that is declared. */
  readonly issuedBy: string | null;
}

const PUBLIC = ['certificate', 'public key', 'key store'] as const;

/** What the credential itself is in. */
function publicFiles({ files }: FoundItem): readonly string[] {
  return files.filter(({ holds }) => PUBLIC.some((part) => holds.includes(part))).map(({ file }) => file);
}

/** An identity that was adopted from the same file: what renews it put another one there. */
function adoptedBefore(
  item: FoundItem,
  kind: Held['kind'],
  { index, records }: Look,
): Pick<Adoption, 'identity' | 'file' | 'writes' | 'text' | 'issuer' | 'notes'> | undefined {
  const own = publicFiles(item);
  for (const { live } of records.values()) {
    for (const { issued } of [...live.values()].flat()) {
      if (issued.type !== 'adopted' || issued.identity.kind !== kind) continue;
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
  const held = await readHeld(look, chosen.items, request.password, signal);
  const issuerOf = issuerSearch({ ...look, authorities: held.authorities });
  const taken = new Set<string>();
  const adoptions: PlannedAdoption[] = [];
  const refused = [...chosen.refused];
  const candidates = chosen.items.flatMap((item) => {
    const opened = held.of(item);
    if ('value' in opened) return opened.value;
    refused.push({ id: item.id, title: item.title, why: opened.why });
    return [];
  });
  for (const { item, held: own, stored, remarks } of candidates) {
    signal.throwIfAborted();
    const { id, title } = item;
    const kind = own.kind;
    const twin = adoptions.find(
      (other) => other.held.facts.fingerprintSha256 === own.facts.fingerprintSha256,
    );
    const problem = twin === undefined ? unfitWhy(own) : twinWhy(twin);
    if (problem !== undefined) {
      refused.push({ id, title, why: problem });
      continue;
    }
    const before = adoptedBefore(item, own.kind, look);
    if (before !== undefined) {
      const issuedBy = issuerOf(own);
      adoptions.push({ ...before, id, title, issuedBy, held: own, files: publicFiles(item) });
      continue;
    }
    const namespace = request.namespace ?? DEFAULT_NAMESPACE;
    const files = item.files.map(({ file }) => file);
    const name = await freeName(nameCandidates(own, files), { kind, namespace }, look, taken);
    const identity: IdentityId = { apiVersion: API_VERSION, kind, namespace, name };
    const issuedBy = issuerOf(own);
    const issuer = renewer(own, issuedBy ?? request.issuer ?? null, index);
    const { deliveries, notes } =
      issuer === null
        ? { deliveries: [], notes: [] }
        : deliveriesOf(item, issuer, index, stored, request.passwordFile);
    adoptions.push({
      id,
      title,
      identity,
      file: `${FOLDER}/${name}.identity.yaml`,
      writes: true,
      issuer,
      issuedBy,
      notes: [...remarks, ...notes],
      held: own,
      files: publicFiles(item),
      text: adoptionText(own, {
        name,
        namespace: namespace === DEFAULT_NAMESPACE ? null : namespace,
        issuer,
        maximumSeconds: issuer === null ? null : longestOf(issuer, index),
        deliveries,
        publicKey: own.kind === 'Certificate' ? null : publicKeyFile(item),
        remarks: [
          `Adopted from ${files.join(', ')}.`,
          ...(issuer === null
            ? [
                'Whoever renews it today goes on. To renew it from here, name a backend in issuer and take renewal away.',
              ]
            : []),
          ...remarks,
          ...notes,
        ],
      }),
    });
  }
  return { adoptions, refused };
}

function chosenItems(
  { wanted, password }: AdoptRequest,
  items: readonly FoundItem[],
): { readonly items: readonly FoundItem[]; readonly refused: AdoptionPlan['refused'] } {
  if (wanted === 'all') {
    // What opens with a passphrase alone is left to whoever gives one.
    const fit = items.filter(({ adopt, locked }) => adopt !== null && (!locked || password !== undefined));
    return { items: fit, refused: [] };
  }
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

/** One certificate in a PEM file and in a key store is one identity with two places. */
function twinWhy({ files, file }: PlannedAdoption): string {
  return `It holds the certificate that is adopted from ${files.join(', ')}: name it in deliverTo of ${file}, if the next one is to go there as well.`;
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
