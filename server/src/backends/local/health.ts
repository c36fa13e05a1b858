import type { BackendContext, Health } from '../contract.ts';
import type { Hierarchy } from './authority/hierarchy.ts';
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
  const checks = [sealing(context), ...(await authorityChecks(context, settings, hierarchy, revocations))];
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
    {
      what: 'issuing CA',
      ok: true,
      detail: `number ${issuing.number}, valid until ${day(issuing.certificate.notAfter)}; the next one is made by itself`,
    },
  ];
  if (settings.crl.path !== undefined || settings.crl.url !== undefined) {
    const list = await revocations.lastList(issuing.number);
    // The CA may be there for the trust bundle of workloads alone.
    if (list !== undefined || (await context.state.list('ledger')).length > 0)
      checks.push(listAge(list?.nextUpdate, now));
  }
  return checks;
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

function listAge(nextUpdate: string | undefined, now: Date): Check {
  const what = 'CRL';
  const hint =
    'name a file in spec.authority.crl.path: every issue and every revoke writes a fresh list there';
  if (nextUpdate === undefined)
    return { what, ok: false, detail: 'never made, although certificates point to it', hint };
  const ok = new Date(nextUpdate) > now;
  const detail = ok
    ? `good until ${nextUpdate}`
    : `out of date since ${nextUpdate}: clients that check it refuse all`;
  return ok ? { what, ok, detail } : { what, ok, detail, hint };
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
