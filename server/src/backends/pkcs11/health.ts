import type { BackendContext, Health } from '../contract.ts';
import { BackendError } from '../errors.ts';
import { offeredAlgorithms } from './algorithms.ts';
import type { TokenSettings } from './configuration.ts';
import { CKF } from './constants.ts';
import type { TokenInfo } from './host/protocol.ts';
import { pinProblem } from './pin.ts';
import { keyChecks, moduleFileChecks, officerCheck } from './posture.ts';
import type { Connection, Token } from './token.ts';

type Check = Health['checks'][number];

/** Looks at module, token and PIN, and logs in with the PIN that is bound; nothing on the token changes. */
export async function tokenHealth(
  token: Token,
  settings: TokenSettings,
  context: BackendContext,
  signal: AbortSignal,
): Promise<Health> {
  const checks: Check[] = [];
  const seen = await attempt('token', () =>
    token.look(
      'look at the token',
      async (connection) => ({
        connection,
        info: await connection.driver.call('tokenInfo', {}, signal),
      }),
      signal,
    ),
  );
  if ('check' in seen) return { ok: false, checks: [seen.check] };
  const { connection, info } = seen.value;
  checks.push(moduleCheck(connection, settings), tokenCheck(info), ...algorithmCheck(connection));
  checks.push(
    ...(await moduleFileChecks(settings)),
    ...memoryCheck(info),
    pinCheck(info),
    officerCheck(info),
  );
  const login = await attempt('login', () => token.use('log in', async () => undefined, signal));
  checks.push(
    'check' in login ? login.check : { what: 'login', ok: true, detail: 'the PIN that is bound is right' },
  );
  if (!('check' in login)) {
    const keys = await attempt('keys', () => keyChecks(token, context, signal));
    checks.push(...('check' in keys ? [keys.check] : keys.value));
  }
  return { ok: checks.every(({ ok }) => ok), checks };
}

async function attempt<T>(
  what: string,
  work: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly check: Check }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return { check: { what, ok: false, detail: error.what, hint: error.hint } };
  }
}

function moduleCheck({ opened: { library } }: Connection, { module }: TokenSettings): Check {
  const detail = `${library.description} ${library.version} of ${library.manufacturer}: ${module.file}, named by ${module.source}`;
  return { what: 'module', ok: true, detail };
}

function tokenCheck({ label, manufacturer, model, serial, firmware, flags }: TokenInfo): Check {
  const what = 'token';
  const detail = `"${label}", ${manufacturer} ${model}, serial ${serial}, firmware ${firmware}`;
  return (flags & CKF.writeProtected) === 0
    ? { what, ok: true, detail }
    : {
        what,
        ok: false,
        detail: `${detail}: it is write-protected, so no key can be made or destroyed`,
        hint: 'lift the protection, or use another token',
      };
}

function algorithmCheck({ opened }: Connection): readonly Check[] {
  const algorithms = offeredAlgorithms(opened);
  const what = 'key algorithms';
  return algorithms.length > 0
    ? [{ what, ok: true, detail: algorithms.join(', ') }]
    : [
        {
          what,
          ok: false,
          detail: 'none that is used here',
          hint: 'use a token that makes ECDSA, Ed25519 or RSA keys and signs with them',
        },
      ];
}

/** Below a twentieth there is soon no room for another key. */
function memoryCheck({ freeMemory, totalMemory }: TokenInfo): readonly Check[] {
  if (freeMemory === undefined || totalMemory === undefined) return [];
  const what = 'memory';
  const detail = `${freeMemory} of ${totalMemory} octets free`;
  return freeMemory * 20 >= totalMemory
    ? [{ what, ok: true, detail }]
    : [{ what, ok: false, detail, hint: 'destroy keys that are not used any more, or use another token' }];
}

function pinCheck({ flags }: TokenInfo): Check {
  const what = 'PIN';
  const problem = pinProblem(flags);
  if (problem !== undefined) return { what, ok: false, detail: problem.what, hint: problem.hint };
  return (flags & CKF.userPinCountLow) === 0
    ? { what, ok: true, detail: 'set, and not locked' }
    : {
        what,
        ok: false,
        detail: 'a wrong PIN was tried since the last login',
        hint: 'find out who tried it; a login with the right PIN resets the counter',
      };
}
