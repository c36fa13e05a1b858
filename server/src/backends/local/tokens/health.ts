import type { BackendContext, Health } from '../../contract.ts';
import type { SigningKeys } from './signingKeys.ts';

/** Looks, and makes nothing: an issuer that was never used is healthy. */
export async function tokenHealth(
  context: BackendContext,
  keys: SigningKeys,
): Promise<Health['checks'][number]> {
  const what = 'token signing key';
  const key = (await keys.list()).find(({ verifiesUntil }) => verifiesUntil === undefined);
  if (key === undefined) return { what, ok: true, detail: 'not made yet: the first JWT makes it' };
  const sealed = await context.sealed.scope('tokens/signing').list('');
  const detail = `number ${key.number}, ${key.algorithm}, since ${key.createdAt.slice(0, 10)}`;
  return sealed.includes(String(key.number))
    ? { what, ok: true, detail }
    : {
        what,
        ok: false,
        detail: `${detail}: its private half is not in the sealed store`,
        hint: 'restore the sealed store from a backup, or change spec.tokens.keyAlgorithm, which makes a new key',
      };
}
