/** What the crash tests and their child processes share. */
import { API_VERSION } from '../../server/src/core/identity/identityId.ts';
import type { NewEvent } from '../../server/src/core/lifecycle/stateStore.ts';
import { Secret } from '../../server/src/core/secret.ts';
import type { Unlock } from '../../server/src/platform/seal/unlock.ts';

export const IDENTITY = { apiVersion: API_VERSION, kind: 'Certificate', namespace: 'payments', name: 'api' };

/** A cost that is right for tests only. */
export const CHEAP = { N: 16, r: 8, p: 1 };

export function passphrase(text: string): Unlock {
  return { how: 'passphrase', passphrase: new Secret(text) };
}

export function eventOf(id: string, identity = IDENTITY, at = '2026-01-02T03:04:05.678Z'): NewEvent {
  return {
    schemaVersion: 1,
    type: 'forgotten',
    id,
    at,
    identity,
    generation: 'g1',
    actor: { name: 'Ada', tool: 'test' },
    planId: 'p1',
    why: 'a test',
  };
}
