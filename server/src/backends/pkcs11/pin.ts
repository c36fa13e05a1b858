import { decodeUtf8, encodeUtf8 } from '../../core/credential/charset.ts';
import { concat, sameOctets } from '../../core/credential/octets.ts';
import { Secret } from '../../core/secret.ts';
import { formatInstant } from '../../core/text/instant.ts';
import { KEY_LENGTH, keyFromPassphrase } from '../../platform/seal/sealedBox.ts';
import type { BackendContext } from '../contract.ts';
import { BackendError } from '../errors.ts';
import { CKF } from './constants.ts';
import type { Driver } from './driver.ts';
import { returnCode } from './failures.ts';
import type { TokenInfo } from './host/protocol.ts';

const REFUSED_PIN = 'refused-pin';
const SALT = 32;
const COST = { N: 2 ** 15, r: 8, p: 1 };
/** What a token says of a PIN that is not the right one, whether or not it counted the try. */
const WRONG = ['CKR_PIN_INCORRECT', 'CKR_PIN_INVALID', 'CKR_PIN_LEN_RANGE'];

/**
 * Logs in with the PIN that the user bound. Tokens lock themselves after a few wrong tries, so a PIN that was refused is
 * remembered (a slow digest of it, sealed) and not tried again, by any process, until another one is given; and the
 * last try is left to a person.
 */
export async function logIn(
  driver: Driver,
  context: BackendContext,
  where: string,
  signal: AbortSignal,
): Promise<void> {
  const pin = await boundPin(context, where, signal);
  await context.state.locked(
    'login',
    async () => {
      const refusal = await context.sealed.get(REFUSED_PIN);
      if (refusal !== undefined && (await isThatPin(refusal, pin))) throw refusedBefore(where, refusal);
      checkPinState(await driver.call('tokenInfo', {}, signal), where);
      try {
        await driver.call('login', { pin: pin.reveal() }, signal);
      } catch (error) {
        if (WRONG.includes(returnCode(error) ?? '')) await remember(context, pin);
        throw error;
      }
      if (refusal !== undefined) await context.sealed.remove(REFUSED_PIN);
    },
    signal,
  );
}

async function boundPin(
  context: BackendContext,
  where: string,
  signal: AbortSignal,
): Promise<Secret<string>> {
  const login = await context.login(signal);
  const pin = login?.method === 'pin' ? login.values['pin'] : undefined;
  if (pin !== undefined && pin.reveal() !== '') return pin;
  throw new BackendError({
    kind: 'unauthenticated',
    what: `${where}: no PIN is bound here`,
    hint: `give the user PIN of the token once: idac login ${context.name}`,
  });
}

/** Throws where a try would be the last one, or is one too many already. */
function checkPinState({ flags }: TokenInfo, where: string): void {
  const problem = pinProblem(flags);
  if (problem === undefined) return;
  const { kind, what, hint } = problem;
  throw new BackendError({ kind, what: `${where}: ${what}`, hint });
}

/** Why nobody should log in with a PIN now, from the flags of the token. */
export function pinProblem(
  flags: number,
): { readonly kind: 'locked' | 'unauthenticated'; readonly what: string; readonly hint: string } | undefined {
  const has = (flag: number) => (flags & flag) !== 0;
  if (has(CKF.userPinLocked))
    return {
      kind: 'locked',
      what: 'the PIN is locked after too many wrong tries',
      hint: "unlock it with the token's own tool and its security officer PIN, then run this again",
    };
  if (has(CKF.userPinFinalTry))
    return {
      kind: 'locked',
      what: 'one try of the PIN is left before the token locks it, and it is not used up here',
      hint: "log in once with the token's own tool and the right PIN, then run this again",
    };
  if (has(CKF.protectedAuthenticationPath))
    return {
      kind: 'unauthenticated',
      what: 'the token takes its PIN from a keypad of its own alone, which no unattended run could use',
      hint: 'use a token, or a partition of it, that takes the PIN from the application',
    };
  if (!has(CKF.userPinInitialized))
    return {
      kind: 'unauthenticated',
      what: 'the token has no user PIN yet',
      hint: "set one with the token's own tool (pkcs11-tool --init-pin), then give it with `idac login`",
    };
  if (has(CKF.userPinToBeChanged))
    return {
      kind: 'unauthenticated',
      what: 'the token wants another PIN first',
      hint: "set a new one with the token's own tool, then give it with `idac login`",
    };
  return undefined;
}

/** salt ‖ digest ‖ when it was refused. */
async function remember({ sealed, random, clock }: BackendContext, pin: Secret<string>): Promise<void> {
  const salt = random.bytes(SALT);
  const digest = await digestOf(pin, salt);
  const at = encodeUtf8(clock.now().toISOString());
  await sealed.put(REFUSED_PIN, new Secret(concat(salt, digest, at)));
}

async function isThatPin(refusal: Secret<Uint8Array>, pin: Secret<string>): Promise<boolean> {
  const kept = refusal.reveal();
  const digest = await digestOf(pin, kept.subarray(0, SALT));
  return sameOctets(digest, kept.subarray(SALT, SALT + KEY_LENGTH));
}

async function digestOf(pin: Secret<string>, salt: Uint8Array): Promise<Uint8Array> {
  return keyFromPassphrase(pin.reveal(), salt, COST);
}

function refusedBefore(where: string, refusal: Secret<Uint8Array>): BackendError {
  const at = decodeUtf8(refusal.reveal().subarray(SALT + KEY_LENGTH));
  return new BackendError({
    kind: 'unauthenticated',
    what: `${where}: the token refused this PIN at ${formatInstant(at)}; it is not tried again`,
    hint: 'give the right one with `idac login`',
  });
}
