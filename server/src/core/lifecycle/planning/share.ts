import { keyIdOf } from '../attestation.ts';
import { placesOf } from '../declaration.ts';
import type { Refusal } from '../plan.ts';
import type { Generation } from '../record.ts';
import type { DeliveryPlace, KeyChoice } from '../task.ts';
import type { Decided } from './decided.ts';
import type { PlanningFacts } from './facts.ts';
import { ofBearer, refusal } from './facts.ts';

/** What is made for one bearer, and what it takes over from. */
export interface Share {
  readonly bearer: string | null;
  readonly generation: string;
  readonly old: readonly Generation[];
  /** Null: it has no key of its own. */
  readonly key: KeyChoice | null;
  readonly keyChanges: boolean;
  readonly places: readonly DeliveryPlace[];
}

/** Where its key comes from and what it replaces, or why it cannot be made. */
export function shareOf(facts: PlanningFacts, declaration: Decided, bearer: string | null): Share | Refusal {
  const { verb } = facts.request;
  const { key } = declaration;
  const old = facts.record.live.get(bearer) ?? [];
  const previous = old.at(-1);
  const generation = facts.newId();
  const base = { bearer, generation, old, places: placesOf(declaration, bearer, facts.defaultTargetOf) };
  if (key === null) return { ...base, key, keyChanges: true };
  const choice = { origin: key.origin, algorithm: key.algorithm };
  const keeps = verb === 'renew' && !key.changesOnRenewal && previous !== undefined;

  if (key.origin === 'machine') {
    const request = facts.requests.get(bearer);
    if (request === undefined) {
      const asked = declaration.request.kind === 'Certificate' ? 'certificate request' : 'public key';
      const field = declaration.request.kind === 'Certificate' ? 'csr' : 'publicKey';
      return refusal(
        declaration.identity,
        'no-request',
        `There is no ${asked}${ofBearer(bearer)}.`,
        key.requestPath === null
          ? `Name its file in spec.key.${field}.`
          : `Make the key on the machine and put the ${asked} at ${key.requestPath}.`,
      );
    }
    const sameKey = old.some((generation) => generation.credential.spkiSha256 === request.spkiSha256);
    // Where the key is the credential, retiring the former one would revoke the key in use.
    const mustChange = verb === 'rotate' || declaration.traits.former === 'revoked';
    if (mustChange && sameKey) {
      return refusal(
        declaration.identity,
        'same-key',
        `${request.path} still holds the key that is in use${ofBearer(bearer)}; a ${verb === 'rotate' ? 'rotation' : 'renewal'} needs another one.`,
        declaration.traits.verbs.includes('renew')
          ? 'Make a new key on the machine, or renew in place of rotating.'
          : `Make a new key on the machine and put its public key at ${request.path}.`,
      );
    }
    return { ...base, key: choice, keyChanges: !sameKey };
  }
  if (key.origin === 'store' && key.store !== null) {
    const former = previous?.issued.key;
    const kept = keeps && former?.store === key.store ? former.keyId : undefined;
    const keyId = kept ?? keyIdOf(declaration.identity, bearer, generation);
    return { ...base, key: { ...choice, store: key.store, keyId }, keyChanges: kept === undefined };
  }
  if (keeps) {
    return refusal(
      declaration.identity,
      'key-not-kept',
      'The key was erased here once it was delivered, so it cannot be renewed with the same key.',
      'Rotate, or set spec.key.rotationPolicy to Always, or keep the key in a store (spec.key.origin: store).',
    );
  }
  return { ...base, key: choice, keyChanges: true };
}
