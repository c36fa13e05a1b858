import { type Handle, type Library, type LibraryTokenInfo, Refused, type Version } from './library.ts';
import type { MechanismInfo, OpenedToken, TokenInfo, TokenSelector } from './protocol.ts';

const OS_LOCKING_OK = 0x2;
const SERIAL_SESSION = 0x4;
const RW_SESSION = 0x2;
const TOKEN_INITIALIZED = 0x400;
/** CK_UNAVAILABLE_INFORMATION, as octets counts it: more than any token has. */
const NOT_TOLD = 2 ** 48;

/** A module that is loaded, with sessions to one token of it. */
export interface OpenToken {
  readonly opened: OpenedToken;
  /** Empty where no token fits. */
  readonly sessions: readonly Handle[];
  readonly slot?: Handle;
}

export function openToken(
  library: Library,
  request: { readonly file: string; readonly token: TokenSelector; readonly sessions: number },
): OpenToken {
  const most = initialize(library, request.file, request.sessions);
  const tokens = library.C_GetSlotList(true).map((slot) => ({ slot, raw: library.C_GetTokenInfo(slot) }));
  const initialized = tokens.filter(({ raw }) => (raw.flags & TOKEN_INITIALIZED) !== 0);
  const fitting = initialized.filter(({ raw }) => fits(tokenInfoOf(raw), request.token));
  const info = library.C_GetInfo();
  const facts = {
    library: {
      description: trimmed(info.libraryDescription),
      manufacturer: trimmed(info.manufacturerID),
      version: versionText(info.libraryVersion),
    },
    present: initialized.map(({ raw }) => tokenInfoOf(raw)),
  };
  const [chosen, second] = fitting;
  if (chosen === undefined || second !== undefined)
    return { opened: { ...facts, mechanisms: [] }, sessions: [] };
  const { slot, raw } = chosen;
  return {
    slot,
    opened: { ...facts, token: tokenInfoOf(raw), mechanisms: mechanismsOf(library, slot) },
    sessions: openSessions(library, slot, Math.min(most, sessionLimit(raw))),
  };
}

/** Answers how many sessions may be at work at once: one where the module takes no calls from several threads. */
function initialize(library: Library, file: string, sessions: number): number {
  try {
    library.load(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 300) : 'unknown failure';
    throw new Refused({ kind: 'not-loaded', reason });
  }
  try {
    library.C_Initialize({ flags: OS_LOCKING_OK });
    return sessions;
  } catch (error) {
    if (!/CKR_CANT_LOCK/.test(String(error))) throw error;
    library.C_Initialize();
    return 1;
  }
}

/** Zero and all ones mean that there is no limit, or that it is not told. */
function sessionLimit({ maxRwSessionCount }: LibraryTokenInfo): number {
  const most = Number(maxRwSessionCount);
  return most === 0 || most >= 0xffff_ffff ? Number.POSITIVE_INFINITY : most;
}

/** The first must open; a token that is busy elsewhere may refuse the others. */
function openSessions(library: Library, slot: Handle, most: number): readonly Handle[] {
  const open = () => library.C_OpenSession(slot, SERIAL_SESSION | RW_SESSION);
  const sessions = [open()];
  try {
    while (sessions.length < most) sessions.push(open());
  } catch {
    // Fewer will do.
  }
  return sessions;
}

function mechanismsOf(library: Library, slot: Handle): readonly MechanismInfo[] {
  return library.C_GetMechanismList(slot).flatMap((type) => {
    try {
      const { minKeySize, maxKeySize, flags } = library.C_GetMechanismInfo(slot, type);
      return [{ type, minimum: Number(minKeySize), maximum: Number(maxKeySize), flags: Number(flags) }];
    } catch {
      return [];
    }
  });
}

function fits(token: TokenInfo, selector: TokenSelector): boolean {
  return (['label', 'serial', 'manufacturer', 'model'] as const).every(
    (name) => selector[name] === undefined || selector[name] === token[name],
  );
}

export function tokenInfoOf(raw: LibraryTokenInfo): TokenInfo {
  const free = Number(raw.freePrivateMemory);
  const total = Number(raw.totalPrivateMemory);
  return {
    label: trimmed(raw.label),
    manufacturer: trimmed(raw.manufacturerID),
    model: trimmed(raw.model),
    serial: trimmed(raw.serialNumber),
    firmware: versionText(raw.firmwareVersion),
    flags: Number(raw.flags),
    minimumPin: Number(raw.minPinLen),
    maximumPin: Number(raw.maxPinLen),
    ...(free < NOT_TOLD && total > 0 && total < NOT_TOLD ? { freeMemory: free, totalMemory: total } : {}),
  };
}

/** Blanks by the standard; some modules pad with zeros. */
function trimmed(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\0')) end--;
  return text.slice(0, end);
}

function versionText({ major, minor }: Version): string {
  return `${major}.${minor}`;
}
