import { type Backend, type LedgerFacts, ROLES, type Role } from '../../backends/contract.ts';
import { BackendError } from '../../backends/errors.ts';
import { toHex } from '../../core/credential/octets.ts';
import { publicKeyFacts } from '../../core/credential/spki.ts';
import type { Location } from '../../core/finding.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import { keyOfSsh } from '../../core/keys/keyOfSsh.ts';
import type { SightedKey } from '../../core/keys/keySighting.ts';
import { certifiedSighting, keyOfCertificate } from '../../core/keys/keysOfDer.ts';
import type { KeyPlace } from '../../core/keys/sharing/keyPlace.ts';
import type { BackendResource } from '../../core/manifest/resource.ts';
import type { Hasher } from '../../core/ports.ts';
import type { BackendPool } from '../actions/services.ts';
import { configuredRoles } from '../configuredRoles.ts';

/** A server that keeps no index goes through all of its list for each. */
const MOST_KEYS = 500;
const ASKED: readonly Role[] = ROLES.filter((role) =>
  ['CertificateAuthority', 'SshAuthority', 'KeyStore'].includes(role),
);

export interface BackendAnswers {
  /** What they hold of the keys; files are those of the project that declare them. */
  readonly places: readonly KeyPlace[];
  /** Backends that gave no answer, or none to all of it, and why. */
  readonly unanswered: readonly { readonly backend: string; readonly why: string }[];
}

interface Asked {
  readonly index: ProjectIndex;
  readonly backends: Pick<BackendPool, 'open'>;
  readonly hasher: Hasher;
}

/** Asks each declared backend what it knows of these keys, by the hex SHA-256 of the SubjectPublicKeyInfo. Nothing is changed there. */
export async function askBackends(
  keys: readonly string[],
  { index, backends, hasher }: Asked,
  signal: AbortSignal,
): Promise<BackendAnswers> {
  const places: KeyPlace[] = [];
  const unanswered: { backend: string; why: string }[] = [];
  const wanted = new Set(keys.slice(0, MOST_KEYS));
  for (const manifest of index.backends()) {
    const roles = configuredRoles(manifest);
    if (wanted.size === 0 || !ASKED.some((role) => roles.includes(role))) continue;
    try {
      const backend = await backends.open(manifest.name, signal);
      for await (const place of heldBy(backend, manifest, wanted, hasher, signal)) places.push(place);
      if (keys.length > MOST_KEYS)
        unanswered.push({
          backend: manifest.name,
          why: `it was asked for the first ${MOST_KEYS} keys alone`,
        });
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      unanswered.push({ backend: manifest.name, why: `${error.what} ${error.hint}` });
    }
  }
  return { places, unanswered };
}

async function* heldBy(
  { authority, ssh, keys, name }: Backend,
  manifest: BackendResource,
  wanted: ReadonlySet<string>,
  hasher: Hasher,
  signal: AbortSignal,
): AsyncGenerator<KeyPlace> {
  const at = { file: manifest.file, range: manifest.locate(['metadata', 'name'], 'value'), backend: name };
  for (const spkiSha256 of wanted) {
    const certificate = await authority?.find({ spkiSha256 }, signal);
    const [leaf] = certificate?.chain ?? [];
    if (certificate !== undefined && leaf !== undefined)
      yield* placed(certified(leaf, hasher), certificate, spkiSha256, at);
    const line = await ssh?.find({ spkiSha256 }, signal);
    if (line !== undefined) {
      const key = keyOfSsh(line.blob, hasher);
      yield* placed(key?.said, line, spkiSha256, at);
    }
  }
  for (const { keyId, spki, disabled } of (await keys?.list(signal)) ?? []) {
    const facts = publicKeyFacts(spki);
    const spkiSha256 = facts && toHex(hasher.hash('sha256', facts.spki));
    if (facts === undefined || spkiSha256 === undefined || !wanted.has(spkiSha256)) continue;
    const { algorithm } = facts;
    const key = { form: 'public-key', what: 'a key in a store', subject: keyId, algorithm } as const;
    yield* placed(key, { revoked: disabled }, spkiSha256, at);
  }
}

function certified(der: Uint8Array, hasher: Hasher): SightedKey | undefined {
  const key = keyOfCertificate(der, hasher);
  return key && certifiedSighting(key.said, der, hasher);
}

function* placed(
  key: SightedKey | undefined,
  {
    identity,
    machine,
    revoked,
  }: Partial<Pick<LedgerFacts, 'identity' | 'machine'>> & { readonly revoked?: object | undefined },
  spkiSha256: string,
  at: Location & { readonly backend: string },
): Generator<KeyPlace> {
  if (key === undefined) return;
  const whose =
    identity === undefined
      ? ''
      : ` issued to ${formatIdentity(identity)}${machine === undefined ? '' : ` on ${machine}`}`;
  const role = revoked === undefined ? {} : { role: 'revoked' as const };
  yield { ...key, ...at, ...role, what: `${key.what}${whose}`, spkiSha256 };
}
