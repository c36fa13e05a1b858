import { plural } from '../../../core/text/instant.ts';
import type { Health } from '../../contract.ts';
import type { SshParts } from './issuance.ts';
import { publishedList } from './revocationList.ts';

type Check = Health['checks'][number];

/** Looks, and makes nothing. */
export async function sshHealth(parts: SshParts): Promise<readonly Check[]> {
  const { keys } = parts;
  const made = [];
  for (const type of ['user', 'host'] as const)
    if ((await keys.find(type)) !== undefined) made.push(`for ${type}s`);
  const authority: Check = {
    what: 'SSH authority',
    ok: true,
    detail:
      made.length === 0 ? 'not made yet: the first issue makes it' : `has a key ${made.join(' and one ')}`,
  };
  const list = await listCheck(parts);
  return list === undefined ? [authority] : [authority, list];
}

async function listCheck(parts: SshParts): Promise<Check | undefined> {
  const { context, settings, revocations } = parts;
  const { path } = settings.krl;
  if (path === undefined) return undefined;
  const what = 'key revocation list';
  const hint = 'run `idac revoke` or `idac issue` for any identity of this Backend: each writes a fresh list';
  const published = await publishedList(parts);
  const revoked = (await revocations.all()).length;
  if (published === undefined)
    return revoked === 0
      ? { what, ok: true, detail: `${path} is not made yet, and nothing is revoked` }
      : { what, ok: false, detail: `${path} was never made, and revocations wait for it`, hint };
  const when = `version ${published.version}, made on ${published.generatedAt}`;
  if ((await context.files.read(path)) === undefined)
    return {
      what,
      ok: false,
      detail: `${path} is not there any more: a server that cannot read its list refuses all keys`,
      hint,
    };
  const since = revoked - published.revocations;
  if (since > 0)
    return {
      what,
      ok: false,
      detail: `${path} (${when}) does not name ${plural(since, 'revocation')} since`,
      hint,
    };
  return { what, ok: true, detail: `${path}: ${when}` };
}
