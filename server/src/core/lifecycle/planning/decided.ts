import { formatIdentity } from '../../identity/identityId.ts';
import { formatDuration } from '../../text/duration.ts';
import { usagesOf } from '../credentialRequest.ts';
import type { Declaration } from '../declaration.ts';
import { isSecretContent } from '../deliveryContent.ts';
import { isMadeToLeave } from '../event.ts';
import type { KindTraits } from '../kindTraits.ts';
import type { Refusal } from '../plan.ts';
import type { PlanningFacts } from './facts.ts';
import { refusal } from './facts.ts';

/** A declaration whose lifetime is decided: its own, else the issuer's default, else that of its kind. */
export type Decided = Declaration & {
  readonly issuer: string;
  /** Null: without end. */
  readonly lifetimeSeconds: number | null;
  readonly traits: KindTraits;
};

/** Refuses what is not ours to make. */
export function decided(
  declaration: Declaration,
  traits: KindTraits,
  facts: PlanningFacts,
): Decided | Refusal {
  const { identity, issuer, renewal } = declaration;
  // Without an issuer it is renewed elsewhere: a manifest that says otherwise has an error, and is not acted on.
  if (renewal.by !== 'idac' || issuer === null) {
    return refusal(
      identity,
      'renewed-elsewhere',
      `${formatIdentity(identity)} is renewed by its ${renewal.by}, so it is not issued from here.`,
      `Set spec.renewal.by to idac${issuer === null ? `, and name a backend in spec.${traits.issuerField},` : ''} if this tool is to issue it.`,
    );
  }
  const own = declaration.durationSeconds ?? facts.issuers.get(issuer)?.defaultDurationSeconds;
  const lifetimeSeconds =
    traits.defaultDurationSeconds === null ? null : (own ?? traits.defaultDurationSeconds);
  return { ...declaration, issuer, lifetimeSeconds, traits };
}

export function lifetimeText(seconds: number | null): string {
  return seconds === null ? 'without end' : `for ${formatDuration(seconds)}`;
}

/** Why the declaration cannot be carried out at all, whatever the verb. */
export function refuseDeclaration(facts: PlanningFacts, declaration: Decided): Refusal | undefined {
  const { identity, issuer: name, traits, lifetimeSeconds, request } = declaration;
  const issuer = facts.issuers.get(name);
  const no = (code: string, what: string, hint: string) => refusal(identity, code, what, hint);
  if (issuer === undefined) {
    return no(
      'not-an-authority',
      `Backend ${name} makes no ${traits.many}.`,
      `Name a backend with the role ${traits.role} in spec.${traits.issuerField}.`,
    );
  }
  if (!issuer.kinds.includes(request.kind)) {
    return no(
      'kind-not-offered',
      `Backend ${name} makes no ${traits.many}.`,
      `It plays the role ${traits.role}, but cannot do this; name another backend in spec.${traits.issuerField}.`,
    );
  }
  const usage = usagesOf(request).find((wanted) => !issuer.usages.includes(wanted));
  if (usage !== undefined) {
    return no(
      'usage-not-offered',
      `${name} makes no ${traits.many} for ${usage}.`,
      `It offers ${issuer.usages.join(', ')}.`,
    );
  }
  if (lifetimeSeconds !== null && lifetimeSeconds > issuer.maximumDurationSeconds) {
    return no(
      'duration-too-long',
      `${name} makes ${traits.many} for ${formatDuration(issuer.maximumDurationSeconds)} at most; the manifest asks for ${formatDuration(lifetimeSeconds)}.`,
      `Set spec.duration to ${formatDuration(issuer.maximumDurationSeconds)} or less.`,
    );
  }
  return refuseKey(facts, declaration);
}

function refuseKey(facts: PlanningFacts, declaration: Decided): Refusal | undefined {
  const { identity, issuer: name, key, deliveries } = declaration;
  if (key === null) return undefined;
  const no = (code: string, what: string, hint: string) => refusal(identity, code, what, hint);
  const { algorithm, origin, store } = key;
  const { keyAlgorithms = [], serviceKeyAlgorithms = [] } = facts.issuers.get(name) ?? {};
  if (origin === 'service' && serviceKeyAlgorithms.length === 0) {
    return no(
      'origin-not-offered',
      `${name} does not make keys for others.`,
      'Set spec.key.origin to machine, store or engine.',
    );
  }
  const offered = origin === 'service' ? serviceKeyAlgorithms : keyAlgorithms;
  if (!offered.includes(algorithm)) {
    return no(
      'algorithm-not-offered',
      `${name} does not ${origin === 'service' ? 'make' : 'take'} ${algorithm} keys.`,
      `Choose one of ${offered.join(', ')}.`,
    );
  }
  if (origin === 'store' && (store === null || !facts.keyStores.get(store)?.includes(algorithm))) {
    return no(
      'store-not-offered',
      store === null
        ? 'The key is to be made in a store, but no store is named.'
        : `Backend ${store} does not make ${algorithm} keys.`,
      'Name a backend with the role KeyStore in spec.key.store.',
    );
  }
  const delivered = deliveries.find((delivery) => delivery.contents.some(isSecretContent));
  if (delivered !== undefined && !isMadeToLeave(origin)) {
    return no(
      'key-not-exportable',
      `The private key never leaves its ${origin}, so it cannot be delivered to ${delivered.path}.`,
      `Remove privateKey from that delivery's contents, or set spec.key.origin to engine.`,
    );
  }
  return undefined;
}
