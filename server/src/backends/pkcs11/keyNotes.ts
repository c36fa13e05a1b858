import { toHex } from '../../core/credential/octets.ts';
import { REVOCATION_REASONS, type RevocationReason } from '../../core/lifecycle/event.ts';
import type { BackendContext, StoredKey } from '../contract.ts';
import { isRecord, readJson, writeJson } from '../jsonFile.ts';

/** What no token keeps of a key: when it was made, and why it was disabled. Public data, in the user's state folder. */
export interface KeyNotes {
  /** What is known of the key; of one that was made elsewhere, that it was seen first now. */
  of(spki: Uint8Array): Promise<KeyNote>;
  /** Whether anything is known of it; makes no note. */
  has(spki: Uint8Array): Promise<boolean>;
  write(spki: Uint8Array, note: KeyNote): Promise<void>;
  forget(spki: Uint8Array): Promise<void>;
}

export interface KeyNote {
  readonly createdAt: string;
  readonly disabled?: NonNullable<StoredKey['disabled']>;
}

export function keyNotes({ state, clock, hasher }: BackendContext): KeyNotes {
  const fileOf = (spki: Uint8Array) => `keys/${toHex(hasher.hash('sha256', spki))}.json`;
  const write = (spki: Uint8Array, note: KeyNote) =>
    writeJson(state, fileOf(spki), { schemaVersion: 1, ...note });
  return {
    async of(spki) {
      const known = await readJson(state, fileOf(spki), parse);
      if (known !== undefined) return known;
      const note = { createdAt: clock.now().toISOString() };
      await write(spki, note);
      return note;
    },
    has: async (spki) => (await state.read(fileOf(spki))) !== undefined,
    write,
    forget: (spki) => state.remove(fileOf(spki)),
  };
}

function parse(value: unknown): KeyNote | undefined {
  if (!isRecord(value) || value['schemaVersion'] !== 1) return undefined;
  const { createdAt, disabled } = value;
  if (typeof createdAt !== 'string') return undefined;
  if (disabled === undefined) return { createdAt };
  if (!isRecord(disabled) || typeof disabled['at'] !== 'string') return undefined;
  const reason: RevocationReason | undefined = REVOCATION_REASONS.find((each) => each === disabled['reason']);
  return reason === undefined ? undefined : { createdAt, disabled: { at: disabled['at'], reason } };
}
