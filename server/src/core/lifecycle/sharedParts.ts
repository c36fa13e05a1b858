import { splitChain } from '../credential/splitChain.ts';
import { flat } from '../text/textBuffer.ts';
import type { IdentityEvent } from './event.ts';

/** Texts and lists that are told apart are kept up to this number: a repository may hold anything. */
const MOST_KEPT = 20_000;

/**
 * Tens of thousands of events say the same in most of their fields: who acted, which identity, which backend, whose chain. Each
 * such part is kept in memory once. What an event says stays the same.
 */
export function sharedParts(): (event: IdentityEvent) => IdentityEvent {
  const texts = new Map<string, string>();
  const parts = new Map<string, unknown>();
  const once = <T>(known: Map<string, T>, key: string, value: T): T => {
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size < MOST_KEPT) known.set(key, value);
    return value;
  };
  const text = (value: string): string => once(texts, value, value);
  const part = <T extends object>(value: T): T => once(parts, JSON.stringify(value), value) as T;
  /** Names of one plan and one generation follow each other. */
  let latest: IdentityEvent | undefined;
  const asBefore = (value: string, before: string | undefined): string => (value === before ? before : value);

  return (event) => {
    const before = latest;
    const common = {
      ...event,
      type: text(event.type),
      identity: sameIdentity(event, before) ? before.identity : identityOf(event),
      generation: asBefore(event.generation, before?.generation),
      planId: asBefore(event.planId, before?.planId),
      ...(event.machine === undefined ? {} : { machine: text(event.machine) }),
      actor: part(event.actor),
      chain: { ...event.chain, clone: text(event.chain.clone) },
    } as IdentityEvent;
    latest = common;
    switch (common.type) {
      case 'issued': {
        const { credential } = common;
        const { keyAlgorithm } = credential;
        return {
          ...common,
          backend: text(common.backend),
          credential: {
            ...credential,
            issuer: text(credential.issuer),
            ...(keyAlgorithm === undefined ? {} : { keyAlgorithm: text(keyAlgorithm) }),
          },
          publicText: chainText(common.publicText),
          ...(common.key === undefined ? {} : { key: part(common.key) }),
          replaces: part(common.replaces),
          declaredIn: text(common.declaredIn),
        };
      }
      case 'delivered': {
        const { copy } = common;
        const shared = { backend: text(copy.backend), as: text(copy.as), contents: part(copy.contents) };
        return { ...common, copy: { ...copy, ...shared } };
      }
      default:
        return common;
    }
  };

  function identityOf({ identity }: IdentityEvent): IdentityEvent['identity'] {
    const { apiVersion, kind, namespace } = identity;
    return { ...identity, apiVersion: text(apiVersion), kind: text(kind), namespace: text(namespace) };
  }

  /** The issuers' certificates behind the first one are those of many. */
  function chainText(publicText: string): string {
    const split = splitChain(publicText);
    if (split === undefined || split.issuers.trim() === '') return publicText;
    // A part of a text keeps all of it in memory.
    return `${flat(split.leaf)}${text(flat(split.issuers))}`;
  }
}

function sameIdentity(event: IdentityEvent, before: IdentityEvent | undefined): before is IdentityEvent {
  return before !== undefined && JSON.stringify(event.identity) === JSON.stringify(before.identity);
}
