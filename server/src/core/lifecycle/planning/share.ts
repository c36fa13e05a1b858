import { keyIdOf } from '../attestation.ts';
import type { Declaration } from '../declaration.ts';
import { placesOf } from '../declaration.ts';
import type { Refusal } from '../plan.ts';
import type { Generation } from '../record.ts';
import type { DeliveryPlace, KeyChoice } from '../task.ts';
import type { PlanningFacts } from './facts.ts';
import { ofBearer, refusal } from './facts.ts';

/** What is made for one bearer, and what it takes over from. */
export interface Share {
  readonly bearer: string | null;
  readonly generation: string;
  readonly old: readonly Generation[];
  readonly key: KeyChoice;
  readonly keyChanges: boolean;
  readonly places: readonly DeliveryPlace[];
}

/** Where its key comes from and what it replaces, or why it cannot be made. */
export function shareOf(
  facts: PlanningFacts,
  declaration: Declaration,
  bearer: string | null,
): Share | Refusal {
  const { verb } = facts.request;
  const { key } = declaration;
  const old = facts.record.live.get(bearer) ?? [];
  const previous = old.at(-1);
  const generation = facts.newId();
  const base = { bearer, generation, old, places: placesOf(declaration, bearer, facts.defaultTargetOf) };
  const choice = { origin: key.origin, algorithm: key.algorithm };
  const keeps = verb === 'renew' && !key.changesOnRenewal && previous !== undefined;

  if (key.origin === 'machine') {
    const request = facts.requests.get(bearer);
    if (request === undefined) {
      return refusal(
        declaration.identity,
        'no-request',
        `There is no certificate request${ofBearer(bearer)}.`,
        key.requestPath === null
          ? 'Name the request file in spec.key.csr.'
          : `Make the key and its request on the machine and put the request at ${key.requestPath}.`,
      );
    }
    const sameKey = old.some((generation) => generation.certificate.spkiSha256 === request.spkiSha256);
    if (verb === 'rotate' && sameKey) {
      return refusal(
        declaration.identity,
        'same-key',
        `The request ${request.path} still holds the key that is in use${ofBearer(bearer)}; a rotation needs another one.`,
        'Make a new key and request on the machine, or renew in place of rotating.',
      );
    }
    return { ...base, key: choice, keyChanges: !sameKey };
  }
  if (key.origin === 'store' && key.store !== null) {
    const kept = keeps && previous.issued.key.store === key.store ? previous.issued.key.keyId : undefined;
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
