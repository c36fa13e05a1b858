import { formatIdentity } from '../../identity/identityId.ts';
import { formatDuration } from '../../text/duration.ts';
import type { Declaration } from '../declaration.ts';
import type { Refusal } from '../plan.ts';
import type { PlanningFacts } from './facts.ts';
import { refusal } from './facts.ts';

/** Where nobody says how long: what public authorities will allow at most from 2029 on. */
const DEFAULT_DURATION_SECONDS = 47 * 86_400;

/** A declaration whose duration is decided: its own, else the issuer's default. */
export type Decided = Declaration & { readonly durationSeconds: number };

export function decided(declaration: Declaration, facts: PlanningFacts): Decided {
  const issuer = facts.issuers.get(declaration.issuer);
  return {
    ...declaration,
    durationSeconds:
      declaration.durationSeconds ?? issuer?.defaultDurationSeconds ?? DEFAULT_DURATION_SECONDS,
  };
}

/** Why the declaration cannot be carried out at all, whatever the verb. */
export function refuseDeclaration(facts: PlanningFacts, declaration: Decided): Refusal | undefined {
  const { identity, key } = declaration;
  const issuer = facts.issuers.get(declaration.issuer);
  const no = (code: string, what: string, hint: string) => refusal(identity, code, what, hint);
  if (declaration.renewal.by !== 'idac') {
    return no(
      'renewed-elsewhere',
      `${formatIdentity(identity)} is renewed by its ${declaration.renewal.by}, so it is not issued from here.`,
      'Set spec.renewal.by to idac if this tool is to issue it.',
    );
  }
  if (issuer === undefined) {
    return no(
      'not-an-authority',
      `Backend ${declaration.issuer} issues no certificates.`,
      'Name a backend with the role CertificateAuthority in spec.issuer.',
    );
  }
  if (!issuer.keyAlgorithms.includes(key.algorithm)) {
    return no(
      'algorithm-not-offered',
      `${declaration.issuer} does not sign ${key.algorithm} keys.`,
      `Set spec.key.algorithm to one of ${issuer.keyAlgorithms.join(', ')}.`,
    );
  }
  const usage = declaration.usages.find((wanted) => !issuer.usages.includes(wanted));
  if (usage !== undefined) {
    return no(
      'usage-not-offered',
      `${declaration.issuer} does not issue for ${usage}.`,
      `It offers ${issuer.usages.join(', ')}.`,
    );
  }
  if (declaration.durationSeconds > issuer.maximumDurationSeconds) {
    return no(
      'duration-too-long',
      `${declaration.issuer} issues for ${formatDuration(issuer.maximumDurationSeconds)} at most; the manifest asks for ${formatDuration(declaration.durationSeconds)}.`,
      `Set spec.duration to ${formatDuration(issuer.maximumDurationSeconds)} or less.`,
    );
  }
  if (key.origin === 'service') {
    return no(
      'origin-not-offered',
      `${declaration.issuer} does not make keys for others.`,
      'Set spec.key.origin to machine, store or engine.',
    );
  }
  if (
    key.origin === 'store' &&
    (key.store === null || !facts.keyStores.get(key.store)?.includes(key.algorithm))
  ) {
    return no(
      'store-not-offered',
      key.store === null
        ? 'The key is to be made in a store, but no store is named.'
        : `Backend ${key.store} does not make ${key.algorithm} keys.`,
      'Name a backend with the role KeyStore in spec.key.store.',
    );
  }
  const delivered = declaration.deliveries.find((delivery) => delivery.contents.includes('privateKey'));
  if (delivered !== undefined && key.origin !== 'engine') {
    return no(
      'key-not-exportable',
      `The private key never leaves its ${key.origin}, so it cannot be delivered to ${delivered.path}.`,
      `Remove privateKey from that delivery's contents, or set spec.key.origin to engine.`,
    );
  }
  return undefined;
}
