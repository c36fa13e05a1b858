import { formatInstant } from '../../core/text/instant.ts';
import type { BackendContext, Health } from '../contract.ts';
import type { Hierarchy, IssuingAuthority } from './authority/hierarchy.ts';
import { numbered } from './authority/numbered.ts';
import type { Revocations } from './authority/revocation.ts';
import type { AuthoritySettings } from './configuration.ts';

type Check = Health['checks'][number];

/** A part of the backend that knows how it is. */
interface HealthPart {
  health(): Promise<readonly Check[]>;
}

/** Looks, and makes nothing: a backend that was never used is healthy. */
export async function localHealth(
  context: BackendContext,
  settings: AuthoritySettings,
  hierarchy: Hierarchy,
  revocations: Revocations,
  parts: readonly HealthPart[],
): Promise<Health> {
  const checks = [
    sealing(context),
    await stateFolder(context),
    ...(await authorityChecks(context, settings, hierarchy, revocations)),
  ];
  for (const part of parts) checks.push(...(await part.health()));
  return { ok: checks.every(({ ok }) => ok), checks };
}

async function authorityChecks(
  context: BackendContext,
  settings: AuthoritySettings,
  hierarchy: Hierarchy,
  revocations: Revocations,
): Promise<readonly Check[]> {
  const now = context.clock.now();
  const root = await hierarchy.root();
  const [issuing] = await hierarchy.issuing();
  if (root === undefined || issuing === undefined)
    return [{ what: 'certificate authority', ok: true, detail: 'not made yet: the first issue makes it' }];
  const stores = await hierarchy.keyStores();
  const checks: Check[] = [
    ...(stores.length === 0
      ? []
      : [{ what: 'keys of the CAs', ok: true, detail: `kept in ${stores.join(', ')}` }]),
    rootLifetime(root.notAfter, now, settings),
    issuingLifetime(issuing, now),
  ];
  if (settings.crl.path !== undefined || settings.crl.url !== undefined) {
    const list = await revocations.lastList(issuing.number);
    // The CA may be there for the trust bundle of workloads alone.
    if (list !== undefined || (await context.state.list('ledger')).length > 0)
      checks.push(await listCheck(context, settings, issuing.number, list));
  }
  return checks;
}

/** Before a leaf would outlive it the next one is made; one that has ended is no harm, and says that nothing was issued for long. */
function issuingLifetime({ number, certificate: { notAfter } }: IssuingAuthority, now: Date): Check {
  const until = notAfter > now ? `valid until ${day(notAfter)}` : `ended on ${day(notAfter)}`;
  return {
    what: 'issuing CA',
    ok: true,
    detail: `number ${number}, ${until}; the next one is made by itself`,
  };
}

function sealing({ sealed }: BackendContext): Check {
  const what = 'private keys at rest';
  return sealed.encrypted
    ? { what, ok: true, detail: 'encrypted in the sealed store' }
    : {
        what,
        ok: false,
        detail:
          'private keys are not encrypted at rest: whoever reads the files of your account can use them',
        hint: 'run `idac login` and choose a passphrase; CI passes it in IDAC_PASSPHRASE or IDAC_PASSPHRASE_FILE',
      };
}

/** Records of what was issued, and of what is revoked: whoever can change them decides what counts. */
async function stateFolder({ state }: BackendContext): Promise<Check> {
  const what = 'state folder';
  const { folder, writable, openToOthers } = await state.look();
  if (!writable)
    return {
      what,
      ok: false,
      detail: `${folder} cannot be written by this account`,
      hint: 'check its owner and mode, and whether its disk is read-only',
    };
  return openToOthers
    ? { what, ok: false, detail: `others can read ${folder}`, hint: `take that away: chmod 700 ${folder}` }
    : { what, ok: true, detail: 'writable, and closed to others' };
}

function rootLifetime(notAfter: Date, now: Date, settings: AuthoritySettings): Check {
  const enough = (notAfter.getTime() - now.getTime()) / 1000 > 2 * settings.maximumDurationSeconds;
  const detail = `valid until ${day(notAfter)}`;
  return enough
    ? { what: 'root', ok: true, detail }
    : {
        what: 'root',
        ok: false,
        detail: `${detail}: soon it can sign no certificate of full length`,
        hint: 'set up a Backend with another spec.store, distribute its root, then move identities to it',
      };
}

/** What is left of a list's time when a fresh one should be there already. */
const LIST_SHARE = 1 / 5;

async function listCheck(
  { clock, files }: BackendContext,
  { crl }: AuthoritySettings,
  issuer: number,
  list: { readonly nextUpdate: string } | undefined,
): Promise<Check> {
  const age = listAge(list?.nextUpdate, clock.now());
  if (!age.ok || list === undefined || crl.path === undefined) return age;
  const what = 'CRL';
  const hint =
    'run `idac issue` or `idac revoke` for any certificate of this Backend: each writes a fresh list';
  const path = numbered(crl.path, issuer);
  if ((await files.read(path)) === undefined)
    return { what, ok: false, detail: `${path} is not there any more: clients get no list`, hint };
  const left = (Date.parse(list.nextUpdate) - clock.now().getTime()) / 1000;
  return left >= crl.lifetimeSeconds * LIST_SHARE
    ? age
    : {
        what,
        ok: false,
        detail: `${path} runs out at ${formatInstant(list.nextUpdate)}: then clients that check it refuse all`,
        hint,
      };
}

function listAge(nextUpdate: string | undefined, now: Date): Check {
  const what = 'CRL';
  const hint =
    'name a file in spec.authority.crl.path: every issue and every revoke writes a fresh list there';
  if (nextUpdate === undefined)
    return { what, ok: false, detail: 'never made, although certificates point to it', hint };
  const ok = new Date(nextUpdate) > now;
  const detail = ok
    ? `good until ${formatInstant(nextUpdate)}`
    : `out of date since ${formatInstant(nextUpdate)}: clients that check it refuse all`;
  return ok ? { what, ok, detail } : { what, ok, detail, hint };
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
