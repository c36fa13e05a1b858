import type { IdentityId } from '../identity/identityId.ts';
import { API_VERSION, formatIdentity } from '../identity/identityId.ts';
import type { BeginningEvent, CredentialFacts } from './event.ts';
import type { Generation } from './record.ts';

/**
 * What its authority says about a recorded certificate. A record is a file of the repository, and whoever can commit can
 * write one, so nothing is ended on the record's word alone. `unknown`: this authority never issued it, as when another
 * clone has an authority of its own under the same name.
 */
export type Attestation = 'good' | 'revoked' | 'unknown';

/** What an issuer remembers of one issuance, as far as it can be compared with the record. */
export interface RememberedIssuance {
  readonly requestId: string;
  readonly machine?: string;
  /** What it knows of the credential; undefined when that cannot be read. */
  readonly facts: Partial<CredentialFacts> | undefined;
}

/** The same on every retry, and of no other generation of any identity. */
export function requestIdOf(identity: IdentityId, generation: string): string {
  return `${formatIdentity(identity)}#${generation}`;
}

/** What the ids of all keys of an identity begin with. */
export function keyFolder({ kind, namespace, name }: IdentityId): string {
  return `${kind.toLowerCase()}/${namespace}/${name}/`;
}

/** What a key store calls the key of a generation. Names hold no slash, so no identity's keys look like another's. */
export function keyIdOf(identity: IdentityId, bearer: string | null, generation: string): string {
  return `${keyFolder(identity)}${bearer === null ? '' : `${bearer}/`}${generation}`;
}

/** Reads `keyIdOf` back for a `Key`; undefined for the id of any other key. */
export function keyParts(
  keyId: string,
):
  | { readonly identity: IdentityId; readonly machine: string | null; readonly generation: string }
  | undefined {
  const [kind, namespace, name, ...rest] = keyId.split('/');
  const [first, second] = rest;
  if (kind !== 'key' || namespace === undefined || name === undefined) return undefined;
  if (first === undefined || rest.length > 2) return undefined;
  const identity = { apiVersion: API_VERSION, kind: 'Key', namespace, name };
  return second === undefined
    ? { identity, machine: null, generation: first }
    : { identity, machine: first, generation: second };
}

/** Whether the key that the event names is one of its own identity. */
export function namesOwnKey({ identity, key }: BeginningEvent): boolean {
  return key?.keyId === undefined || key.keyId.startsWith(keyFolder(identity));
}

const COMPARED = ['fingerprintSha256', 'serialNumber', 'spkiSha256'] as const;
const DATES = ['notBefore', 'notAfter'] as const;

/** Whether the recorded generation is the issuance that the issuer remembers under its serial number. */
export function isRemembered(generation: Generation, remembered: RememberedIssuance): boolean {
  const { credential, issued, id, machine } = generation;
  const { facts, requestId } = remembered;
  // What was adopted was made under a generation that nobody knows any more, but for the same identity.
  const isOwn =
    issued.type === 'adopted'
      ? requestId.startsWith(requestIdOf(issued.identity, ''))
      : requestId === requestIdOf(issued.identity, id) && (remembered.machine ?? null) === machine;
  return (
    isOwn &&
    facts?.fingerprintSha256 !== undefined &&
    COMPARED.every((name) => facts[name] === undefined || facts[name] === credential[name]) &&
    DATES.every(
      (name) => facts[name] === undefined || Date.parse(facts[name]) === Date.parse(credential[name]),
    )
  );
}
