import { createRequire } from 'node:module';
import type { Refusal } from './protocol.ts';

/** A session or object handle: a CK_ULONG in the octets of this machine. */
export type Handle = Uint8Array;

export interface LibraryAttribute {
  readonly type: number;
  readonly value?: boolean | number | string | Buffer;
}

export interface LibraryTokenInfo {
  readonly label: string;
  readonly manufacturerID: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly flags: number;
  readonly minPinLen: number;
  readonly maxPinLen: number;
  readonly maxRwSessionCount: number | bigint;
  readonly firmwareVersion: Version;
  readonly totalPrivateMemory: number | bigint;
  readonly freePrivateMemory: number | bigint;
}

export interface Version {
  readonly major: number;
  readonly minor: number;
}

interface LibraryMechanism {
  readonly mechanism: number;
  readonly parameter: null;
}

/**
 * What is used of pkcs11js. It is written down here, since the package is optional: without a compiler it is not there,
 * and everything else must build and run all the same.
 */
export interface Library {
  load(file: string): void;
  C_Initialize(options?: { flags: number }): void;
  C_Finalize(): void;
  C_GetInfo(): {
    readonly libraryDescription: string;
    readonly manufacturerID: string;
    readonly libraryVersion: Version;
  };
  C_GetSlotList(withToken: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): LibraryTokenInfo;
  C_GetMechanismList(slot: Handle): number[];
  C_GetMechanismInfo(
    slot: Handle,
    mechanism: number,
  ): { readonly minKeySize: number; readonly maxKeySize: number; readonly flags: number };
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseAllSessions(slot: Handle): void;
  C_Login(session: Handle, user: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: readonly LibraryAttribute[]): void;
  C_FindObjects(session: Handle, most: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(
    session: Handle,
    object: Handle,
    template: readonly LibraryAttribute[],
  ): readonly { readonly value: Uint8Array }[];
  C_CreateObject(session: Handle, template: readonly LibraryAttribute[]): Handle;
  C_SetAttributeValue(session: Handle, object: Handle, template: readonly LibraryAttribute[]): void;
  C_GenerateKeyPairAsync(
    session: Handle,
    mechanism: LibraryMechanism,
    publicKey: readonly LibraryAttribute[],
    privateKey: readonly LibraryAttribute[],
  ): Promise<{ readonly publicKey: Handle; readonly privateKey: Handle }>;
  C_SignInit(session: Handle, mechanism: LibraryMechanism, key: Handle): void;
  C_SignAsync(session: Handle, data: Buffer, signature: Buffer): Promise<Uint8Array>;
  C_DestroyObject(session: Handle, object: Handle): void;
}

/** Why a call was not carried out, as the other process is told. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly why: Refusal;

  constructor(why: Refusal) {
    super(why.kind);
    this.why = why;
  }
}

export function loadLibrary(): Library {
  try {
    const { PKCS11 } = createRequire(import.meta.url)('pkcs11js') as { PKCS11: new () => Library };
    return new PKCS11();
  } catch {
    throw new Refused({ kind: 'no-library' });
  }
}

/** What pkcs11js throws names the CK_RV in its message: `CKR_PIN_INCORRECT:160`, or without the number. */
export function refusalOf(error: unknown, call: string): Refusal {
  if (error instanceof Refused) return error.why;
  const { message, method } = error as { message?: string; method?: string };
  const code = /CKR_[A-Z0-9_]+/.exec(message ?? '')?.[0];
  if (code !== undefined) return { kind: 'returned', code, call: method || call };
  return { kind: 'defect', reason: `${call}: ${message ?? 'unknown failure'}`.slice(0, 300) };
}
