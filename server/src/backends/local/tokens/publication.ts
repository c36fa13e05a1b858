import { algorithmsOf } from '../../../core/credential/jwt/algorithm.ts';
import { jwksText, publicJwk } from '../../../core/credential/publicJwk.ts';
import { publicKeyFacts } from '../../../core/credential/spki.ts';
import { writePublic } from '../publicFile.ts';
import type { TokenParts } from './issuance.ts';
import type { SigningKeys } from './signingKeys.ts';

/** How long after its end a revoked token stays on the list, for readers that allow clocks to differ. */
const KEPT_AFTER_END = 86_400_000;

/** JSON Web Key Set (RFC 7517, 5) of all keys by which a token can still count, newest first. */
export async function jwksOf(keys: SigningKeys): Promise<string> {
  const entries = (await keys.verifying()).flatMap(({ keyId, spki }) => {
    const [jwk, facts] = [publicJwk(spki), publicKeyFacts(spki)];
    const alg = facts && algorithmsOf(facts)[0];
    return jwk === undefined || alg === undefined ? [] : [{ ...jwk, use: 'sig', alg, kid: keyId }];
  });
  return jwksText(entries);
}

/** Writes the files that the manifest names; gives the paths, in the order written. */
export function publishTokenFiles(parts: TokenParts, signal: AbortSignal): Promise<readonly string[]> {
  const { context, settings, keys } = parts;
  // Under one lock from the list's making to the file's writing: an older list never replaces a newer one.
  return context.state.locked(
    'tokens-publish',
    async () => {
      const written: string[] = [];
      const write = async (path: string, text: string): Promise<void> => {
        signal.throwIfAborted();
        await writePublic(context.files, path, new TextEncoder().encode(text));
        written.push(path);
      };
      const { jwks, revoked } = settings.publish;
      if (jwks !== undefined) await write(jwks, await jwksOf(keys));
      if (revoked !== undefined) await write(revoked, await revokedList(parts));
      return written;
    },
    signal,
  );
}

/** `{ issuer, revoked: [{ jti, exp, revokedAt, reason }] }`, one line each, oldest token first. */
export async function revokedList({ context, settings, ledger }: TokenParts): Promise<string> {
  const lines: string[] = [];
  const now = context.clock.now().getTime();
  for (const entry of await ledger.revoked()) {
    const ends = new Date(entry.notAfter).getTime();
    const revocation = await ledger.revocationOf(entry.serialNumber);
    if (revocation === undefined || ends + KEPT_AFTER_END < now) continue;
    const { at: revokedAt, reason } = revocation;
    lines.push(JSON.stringify({ jti: entry.serialNumber, exp: ends / 1000, revokedAt, reason }));
  }
  const list = lines.map((line) => `\n    ${line}`).join(',');
  return `{\n  "issuer": ${JSON.stringify(settings.issuer)},\n  "revoked": [${list}${list === '' ? '' : '\n  '}]\n}\n`;
}
