import type { LoginFacts } from '../contract.ts';
import type { Permit, Use } from '../permit.ts';
import { offeredAlgorithms } from './algorithms.ts';
import { CKF } from './constants.ts';
import type { OpenedToken, TokenInfo } from './host/protocol.ts';
import { pinProblem } from './pin.ts';
import type { Token } from './token.ts';

type Answer = Omit<Permit, 'use'>;

/** Room that a key pair takes on the tokens that tell their memory, with some to spare; in octets. */
const ROOM_FOR_A_PAIR = 8_192;
const CHANGING: readonly Use['verb'][] = ['make', 'revoke', 'destroy', 'deliver', 'remove'];

/** What token, PIN and mechanisms allow, by one look at the token. Nothing on it changes, and no PIN is tried anew. */
export function tokenPermits(token: Token, opened: OpenedToken, canDisable: boolean) {
  return async (uses: readonly Use[], signal: AbortSignal): Promise<readonly Permit[]> => {
    const info = await token.use(
      'look at the token',
      ({ driver }) => driver.call('tokenInfo', {}, signal),
      signal,
    );
    return uses.flatMap((use) =>
      answersTo(use, info, opened, canDisable).map((answer) => ({ use, ...answer })),
    );
  };
}

/** A PIN has no end; what it opens is the token. */
export async function loginFacts(token: Token, signal: AbortSignal): Promise<LoginFacts> {
  const { label, flags } = await token.look(
    'look at the token',
    ({ driver }) => driver.call('tokenInfo', {}, signal),
    signal,
  );
  const state =
    pinProblem(flags)?.what ??
    ((flags & CKF.userPinCountLow) === 0 ? 'PIN not locked' : 'a wrong PIN was tried');
  return { expiresAt: null, reach: [`token ${label}`, state] };
}

function answersTo(use: Use, info: TokenInfo, opened: OpenedToken, canDisable: boolean): readonly Answer[] {
  return [
    pinAnswer(info),
    ...(CHANGING.includes(use.verb) ? [writableAnswer(info)] : []),
    ...(use.verb === 'make' ? [mechanismAnswer(use, opened), roomAnswer(info)] : []),
    ...(use.verb === 'revoke' && !canDisable ? [CANNOT_DISABLE] : []),
  ];
}

const CANNOT_DISABLE: Answer = {
  what: 'token',
  allowed: false,
  detail: 'it lets no key be disabled: a disabled one would go on signing',
  hint: 'destroy the key to end it',
};

function pinAnswer({ flags }: TokenInfo): Answer {
  const what = 'PIN';
  const problem = pinProblem(flags);
  if (problem !== undefined) return { what, allowed: false, detail: problem.what, hint: problem.hint };
  return (flags & CKF.userPinCountLow) === 0
    ? { what, allowed: true, detail: 'logged in' }
    : {
        what,
        allowed: 'unknown',
        detail: 'a wrong PIN was tried, so fewer tries are left before the token locks it',
        hint: 'find out who tried it; a login with the right PIN resets the counter',
      };
}

function writableAnswer({ label, flags }: TokenInfo): Answer {
  const what = 'token';
  return (flags & CKF.writeProtected) === 0
    ? { what, allowed: true, detail: `"${label}" is there and can be written` }
    : {
        what,
        allowed: false,
        detail: `"${label}" is write-protected, so nothing in it can be made or destroyed`,
        hint: 'lift the protection, or use another token',
      };
}

function mechanismAnswer({ algorithm }: Use, opened: OpenedToken): Answer {
  const what = 'mechanisms';
  const offered = offeredAlgorithms(opened);
  return algorithm === undefined || offered.includes(algorithm)
    ? { what, allowed: true, detail: algorithm ?? offered.join(', ') }
    : {
        what,
        allowed: false,
        detail: `the token makes no ${algorithm} keys that sign`,
        hint: `declare one of ${offered.join(', ')}`,
      };
}

function roomAnswer({ freeMemory, totalMemory }: TokenInfo): Answer {
  const what = 'budget';
  if (freeMemory === undefined || totalMemory === undefined)
    return { what, allowed: 'unknown', detail: 'the token does not tell how much room is left' };
  const detail = `${freeMemory} of ${totalMemory} octets are free`;
  return freeMemory >= ROOM_FOR_A_PAIR
    ? { what, allowed: true, detail }
    : {
        what,
        allowed: 'unknown',
        detail: `${detail}: perhaps too few for another key`,
        hint: 'destroy keys that are not used any more, or use another token',
      };
}
