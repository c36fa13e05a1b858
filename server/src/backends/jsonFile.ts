import type { StateFolder } from './contract.ts';
import { BackendError } from './errors.ts';

/** Reads a small JSON file of ours; what it holds is checked by `check`, which gives undefined for anything else. */
export async function readJson<T>(
  state: StateFolder,
  name: string,
  check: (value: unknown) => T | undefined,
): Promise<T | undefined> {
  const bytes = await state.read(name);
  if (bytes === undefined) return undefined;
  const value = parse(bytes);
  const checked = value === undefined ? undefined : check(value);
  if (checked !== undefined) return checked;
  throw new BackendError({
    kind: 'corrupt',
    what: `the state file ${name} of this backend is damaged`,
    hint: 'restore it from a backup of the state folder (`idac doctor` names the folder)',
  });
}

export async function writeJson(state: StateFolder, name: string, value: unknown): Promise<void> {
  await state.write(name, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
