import { BackendError } from '../../backends/errors.ts';
import type { RandomSource } from '../../core/ports.ts';
import { KEY_LENGTH, keyFromKey, keyFromPassphrase, type ScryptCost, seal, unseal } from './sealedBox.ts';
import type { Unlock } from './unlock.ts';

/** One way to open the store: the data key, wrapped with what a passphrase or a key gives. Bytes are base64. */
export type Slot =
  | {
      readonly how: 'passphrase';
      readonly id: string;
      readonly scrypt: ScryptCost;
      readonly salt: string;
      readonly wrapped: string;
    }
  | {
      readonly how: 'key';
      readonly id: string;
      readonly keyName: string;
      readonly salt: string;
      readonly wrapped: string;
    }
  /** Not encrypted: the data key lies here as it is. */
  | { readonly how: 'none'; readonly id: string; readonly dataKey: string };

export async function makeSlot(
  unlock: Unlock,
  dataKey: Uint8Array,
  storeId: string,
  cost: ScryptCost,
  random: RandomSource,
): Promise<Slot> {
  const id = Buffer.from(random.bytes(8)).toString('hex');
  const salt = Buffer.from(random.bytes(32));
  const wrap = (key: Uint8Array) => seal(key, dataKey, context(storeId, id), random).toString('base64');
  switch (unlock.how) {
    case 'passphrase': {
      const passphrase = unlock.passphrase.reveal();
      if (passphrase === '') throw invalid('the passphrase is empty', 'choose one of several words');
      const wrapped = wrap(await keyFromPassphrase(passphrase, salt, cost));
      return { how: 'passphrase', id, scrypt: cost, salt: salt.toString('base64'), wrapped };
    }
    case 'key': {
      const wrapped = wrap(await keyFromKey(checkedKey(unlock.key.reveal()), salt, context(storeId, id)));
      return { how: 'key', id, keyName: unlock.keyName, salt: salt.toString('base64'), wrapped };
    }
    case 'none':
      return { how: 'none', id, dataKey: Buffer.from(dataKey).toString('base64') };
    default:
      return unlock satisfies never;
  }
}

/** The data key, from the first slot that `unlock` opens. */
export async function openSlots(
  slots: readonly Slot[],
  unlock: Unlock,
  storeId: string,
  where: string,
): Promise<Buffer> {
  // An unencrypted store opens whatever is offered; the caller sees `encrypted: false` and says so.
  for (const slot of slots) if (slot.how === 'none') return Buffer.from(slot.dataKey, 'base64');
  let tried = 0;
  for (const slot of slots) {
    const key = await slotKey(slot, unlock, storeId);
    if (key === undefined) continue;
    tried += 1;
    const dataKey = unseal(
      key,
      Buffer.from('wrapped' in slot ? slot.wrapped : '', 'base64'),
      context(storeId, slot.id),
    );
    if (dataKey?.length === KEY_LENGTH) return dataKey;
  }
  if (tried > 0) {
    const what = unlock.how === 'passphrase' ? 'the passphrase' : 'the key';
    throw new BackendError({
      kind: 'unauthenticated',
      what: `${what} does not open the sealed store in ${where}`,
      hint: `${unlock.how === 'passphrase' ? 'check IDAC_PASSPHRASE or type it again' : 'it was made for another store'}; the store ${opensWith(slots)}`,
    });
  }
  throw new BackendError({
    kind: 'locked',
    what: `the sealed store in ${where} is locked`,
    hint: `it ${opensWith(slots)}`,
  });
}

async function slotKey(slot: Slot, unlock: Unlock, storeId: string): Promise<Buffer | undefined> {
  if (slot.how === 'passphrase' && unlock.how === 'passphrase') {
    return keyFromPassphrase(unlock.passphrase.reveal(), Buffer.from(slot.salt, 'base64'), slot.scrypt);
  }
  if (slot.how === 'key' && unlock.how === 'key' && slot.keyName === unlock.keyName) {
    const key = checkedKey(unlock.key.reveal());
    return keyFromKey(key, Buffer.from(slot.salt, 'base64'), context(storeId, slot.id));
  }
  return undefined;
}

function opensWith(slots: readonly Slot[]): string {
  const ways = slots.map((slot) =>
    slot.how === 'passphrase'
      ? 'a passphrase (set IDAC_PASSPHRASE or IDAC_PASSPHRASE_FILE)'
      : `the key "${slot.how === 'key' ? slot.keyName : ''}"`,
  );
  return `opens with ${[...new Set(ways)].join(' or ')}`;
}

function checkedKey(key: Uint8Array): Uint8Array {
  if (key.length === KEY_LENGTH) return key;
  throw invalid(
    `the key has ${key.length} bytes`,
    `a key of ${KEY_LENGTH} random bytes opens a sealed store`,
  );
}

function invalid(what: string, hint: string): BackendError {
  return new BackendError({ kind: 'invalid-request', what, hint });
}

function context(storeId: string, slotId: string): string {
  return `idac sealed store ${storeId} slot ${slotId}`;
}
