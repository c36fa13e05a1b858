import { plural } from '../../../core/text/instant.ts';
import type { BackendContext, Health } from '../../contract.ts';
import type { TokenParts } from './issuance.ts';
import { revokedList } from './publication.ts';
import type { SigningKeys } from './signingKeys.ts';

type Check = Health['checks'][number];

/** Looks, and makes nothing: an issuer that was never used is healthy. */
export async function tokenHealth(parts: TokenParts): Promise<readonly Check[]> {
  const list = await listCheck(parts);
  return [await keyCheck(parts.context, parts.keys), ...(list === undefined ? [] : [list])];
}

/** Whoever accepts tokens reads this file: one that is gone or old lets a revoked token in. */
async function listCheck(parts: TokenParts): Promise<Check | undefined> {
  const { context, settings, ledger } = parts;
  const path = settings.publish.revoked;
  if (path === undefined) return undefined;
  const what = 'list of revoked tokens';
  const hint = 'run `idac revoke` or `idac issue` for any token of this Backend: each writes a fresh list';
  const isAnyRevoked = (await ledger.revoked()).length > 0;
  const file = await context.files.read(path);
  if (file === undefined)
    return isAnyRevoked
      ? { what, ok: false, detail: `${path} is not there: nobody learns which tokens are revoked`, hint }
      : { what, ok: true, detail: `${path} is not made yet, and nothing is revoked` };
  const named = new Set(idsIn(new TextDecoder().decode(file.bytes.reveal())));
  const missing = idsIn(await revokedList(parts)).filter((id) => !named.has(id));
  return missing.length === 0
    ? { what, ok: true, detail: path }
    : { what, ok: false, detail: `${path} does not name ${plural(missing.length, 'revoked token')}`, hint };
}

function idsIn(list: string): readonly string[] {
  return Array.from(list.matchAll(/"jti":\s*"([0-9a-f]{1,64})"/g), ([, id = '']) => id);
}

/** NIST SP 800-57 part 1, 5.3.6: one to three years for a private signature key. */
const LONGEST_MILLISECONDS = 3 * 365 * 86_400_000;

async function keyCheck(context: BackendContext, keys: SigningKeys): Promise<Check> {
  const what = 'token signing key';
  const key = (await keys.list()).find(({ verifiesUntil }) => verifiesUntil === undefined);
  if (key === undefined) return { what, ok: true, detail: 'not made yet: the first JWT makes it' };
  const sealed = await context.sealed.scope('tokens/signing').list('');
  const detail = `number ${key.number}, ${key.algorithm}, since ${key.createdAt.slice(0, 10)}`;
  if (context.clock.now().getTime() - Date.parse(key.createdAt) > LONGEST_MILLISECONDS)
    return {
      what,
      ok: false,
      detail: `${detail}: longer than a key that signs should be used`,
      hint: 'change spec.tokens.keyAlgorithm, which makes a new key; the former one verifies until its last token has ended',
    };
  return sealed.includes(String(key.number))
    ? { what, ok: true, detail }
    : {
        what,
        ok: false,
        detail: `${detail}: its private half is not in the sealed store`,
        hint: 'restore the sealed store from a backup, or change spec.tokens.keyAlgorithm, which makes a new key',
      };
}
