import { BackendError } from '../../backends/errors.ts';
import type { Slot } from './slots.ts';

/** `store.json`: how the store opens. The secret that opens it is never in here. */
export interface StoreHeader {
  readonly format: 'idac-sealed-store/1';
  readonly storeId: string;
  /** Counts data keys; entries of epoch n lie in `entries-n`. */
  readonly epoch: number;
  readonly slots: readonly Slot[];
}

/** Cost is read from a file, so it is bounded: 2 GiB and no more. */
const MAXIMUM_SCRYPT_MEMORY = 2 ** 31;

export function parseHeader(bytes: Uint8Array, file: string): StoreHeader {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (isHeader(value)) return value;
  } catch {
    // Falls through: the parser's message could quote a part of the file.
  }
  throw new BackendError({
    kind: 'corrupt',
    what: `${file} is no header of a sealed store of this version`,
    hint: 'restore it from a backup, or use the version of idac that wrote it',
  });
}

function isHeader(value: unknown): value is StoreHeader {
  if (!isObject(value)) return false;
  const { format, storeId, epoch, slots } = value;
  return (
    format === 'idac-sealed-store/1' &&
    typeof storeId === 'string' &&
    Number.isSafeInteger(epoch) &&
    Array.isArray(slots) &&
    slots.length > 0 &&
    slots.length <= 32 &&
    slots.every(isSlot)
  );
}

function isSlot(value: unknown): value is Slot {
  if (!isObject(value) || typeof value['id'] !== 'string') return false;
  const texts = (...names: string[]) => names.every((name) => typeof value[name] === 'string');
  switch (value['how']) {
    case 'passphrase':
      return texts('salt', 'wrapped') && isCost(value['scrypt']);
    case 'key':
      return texts('salt', 'wrapped', 'keyName');
    case 'none':
      return texts('dataKey');
    default:
      return false;
  }
}

function isCost(value: unknown): boolean {
  if (!isObject(value)) return false;
  const numbers = [value['N'], value['r'], value['p']];
  if (!numbers.every((part): part is number => Number.isSafeInteger(part) && Number(part) > 0)) return false;
  const [n = 0, r = 0, p = 0] = numbers;
  return 128 * n * r <= MAXIMUM_SCRYPT_MEMORY && p <= 16;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
