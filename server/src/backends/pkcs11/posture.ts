import { sameOctets } from '../../core/credential/octets.ts';
import { plural } from '../../core/text/instant.ts';
import type { BackendContext, Health } from '../contract.ts';
import type { TokenSettings } from './configuration.ts';
import { CKF } from './constants.ts';
import type { TokenInfo } from './host/protocol.ts';
import { keyNotes } from './keyNotes.ts';
import { findKeyObjects, type KeyObject, pairsOf } from './keyObjects.ts';
import type { Connection, Token } from './token.ts';
import { tokenKeys } from './tokenKeys.ts';

type Check = Health['checks'][number];

const MOST_NAMED = 5;

/** Whoever can change the module gets the PIN, and every signature that is wanted. */
export async function moduleFileChecks({ module }: TokenSettings): Promise<readonly Check[]> {
  const what = 'module file';
  const open = await module.writableByOthers?.();
  if (open === undefined) return [];
  return open
    ? [
        {
          what,
          ok: false,
          detail: `others can change ${module.file} or its folder, and with it get the PIN`,
          hint: `take that away: chmod go-w ${module.file} and its folder`,
        },
      ]
    : [{ what, ok: true, detail: 'only its owner can change it' }];
}

/** The security officer unlocks and resets the user PIN. */
export function officerCheck({ flags }: TokenInfo): Check {
  const what = 'security officer PIN';
  if ((flags & CKF.securityOfficerPinLocked) !== 0)
    return {
      what,
      ok: false,
      detail: 'locked: if the user PIN is locked too, the token and its keys are lost',
      hint: 'plan a move to another token: this one can be initialized anew, without its keys',
    };
  return (flags & CKF.securityOfficerPinToBeChanged) === 0
    ? { what, ok: true, detail: 'set, and not locked' }
    : {
        what,
        ok: false,
        detail: 'it is still the one that the maker set, which others know',
        hint: "set one of your own with the token's own tool (pkcs11-tool --login --login-type so --change-pin)",
      };
}

/** What the token says of our keys: those whose id is derived from their label as we do it. */
export async function keyChecks(
  token: Token,
  context: BackendContext,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const { pairs, ours } = await token.use(
    'look at the keys',
    async (connection) => keysIn(connection, token, context, signal),
    signal,
  );
  const notes = keyNotes(context);
  const unknown = [];
  for (const { privateKey, spki } of pairs)
    if (ours.includes(privateKey) && !(await notes.has(spki))) unknown.push(privateKey.label);
  const weak = ours.filter(mayHaveLeft);
  return [
    weak.length === 0
      ? {
          what: 'keys',
          ok: true,
          detail: `${plural(ours.length, 'key')} of ours; none may leave the token, by its own word`,
        }
      : {
          what: 'keys',
          ok: false,
          detail: `${plural(weak.length, 'key')} may leave the token, or could once: ${named(weak.map(({ label }) => label))}`,
          hint: 'rotate their identities: the next key is made so that it cannot leave',
        },
    ...(unknown.length === 0
      ? []
      : [
          {
            what: 'keys without a note',
            ok: true,
            detail: `${named(unknown)}: made by another account or program, so their age is not known here`,
          },
        ]),
  ];
}

async function keysIn(
  { driver }: Connection,
  { where }: Token,
  { hasher }: BackendContext,
  signal: AbortSignal,
) {
  const { idOf } = tokenKeys(where, hasher);
  const privateKeys = await findKeyObjects(driver, 'privateKey', [], signal);
  const publicKeys = await findKeyObjects(driver, 'publicKey', [], signal);
  const ours = privateKeys.filter(({ id, label }) => label !== '' && sameOctets(id, idOf(label)));
  return { ours, pairs: pairsOf(ours, publicKeys) };
}

/** What a token does not tell is not held against it. */
function mayHaveLeft({ extractable, sensitive, alwaysSensitive, neverExtractable }: KeyObject): boolean {
  return (
    extractable === true || sensitive === false || alwaysSensitive === false || neverExtractable === false
  );
}

function named(labels: readonly string[]): string {
  const more = labels.length > MOST_NAMED ? ` and ${labels.length - MOST_NAMED} more` : '';
  return `${labels.slice(0, MOST_NAMED).join(', ')}${more}`;
}
