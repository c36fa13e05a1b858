/**
 * What this process and the one that loads the driver say to each other: PKCS#11 by its own words, one request, one
 * answer. No secret travels but the PIN, in `login`.
 */

/** What can be put into a template; a number is a CK_ULONG. */
export type AttributeValue = boolean | number | string | Uint8Array;
export type Template = readonly (readonly [attribute: number, value: AttributeValue])[];

/** An object as it was found: its handle, and its attributes in the order asked for, undefined where it tells none. */
export interface FoundObject {
  readonly handle: Uint8Array;
  readonly attributes: readonly (Uint8Array | undefined)[];
}

export interface MechanismInfo {
  readonly type: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly flags: number;
}

/** Strings without the padding of PKCS#11. */
export interface TokenInfo {
  readonly label: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly serial: string;
  readonly firmware: string;
  readonly flags: number;
  readonly minimumPin: number;
  readonly maximumPin: number;
  /** Octets; undefined where the token does not tell. */
  readonly freeMemory?: number;
  readonly totalMemory?: number;
}

/** What a token must be; what is left out does not count. */
export interface TokenSelector {
  readonly label?: string;
  readonly serial?: string;
  readonly manufacturer?: string;
  readonly model?: string;
}

export interface OpenedToken {
  readonly library: { readonly description: string; readonly manufacturer: string; readonly version: string };
  /** Every token that is there, so that a wrong name can be told from a missing token. */
  readonly present: readonly TokenInfo[];
  /** The one that was asked for; undefined where none, or more than one, fits. */
  readonly token?: TokenInfo;
  readonly mechanisms: readonly MechanismInfo[];
}

/** The requests by name: what they take and what they give. */
export interface DriverCalls {
  /** Loads the module and opens `sessions` sessions, or fewer, to the one token that fits. */
  open(request: {
    readonly file: string;
    readonly token: TokenSelector;
    readonly sessions: number;
  }): OpenedToken;
  tokenInfo(request: Record<never, never>): TokenInfo;
  login(request: { readonly pin: string }): null;
  find(request: {
    readonly template: Template;
    readonly attributes: readonly number[];
  }): readonly FoundObject[];
  generate(request: {
    readonly mechanism: number;
    readonly publicKey: Template;
    readonly privateKey: Template;
  }): null;
  /** Answers the signature as the token gives it. */
  sign(request: {
    readonly handle: Uint8Array;
    readonly mechanism: number;
    readonly data: Uint8Array;
  }): Uint8Array;
  /** Puts an object into the token. */
  create(request: { readonly template: Template }): null;
  set(request: { readonly handle: Uint8Array; readonly template: Template }): null;
  destroy(request: { readonly handle: Uint8Array }): null;
  /** Logs out and closes; the process ends after it. */
  close(request: Record<never, never>): null;
}

export type CallName = keyof DriverCalls;
export type RequestOf<Name extends CallName> = Parameters<DriverCalls[Name]>[0];
export type ResultOf<Name extends CallName> = ReturnType<DriverCalls[Name]>;

export interface Request {
  readonly id: number;
  readonly name: CallName;
  readonly request: unknown;
}

export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly why: Refusal };

export type Refusal =
  /** The token or its module said no: the name of a CK_RV, such as `CKR_PIN_INCORRECT`. */
  | { readonly kind: 'returned'; readonly code: string; readonly call: string }
  /** The file is no module that can be loaded here. */
  | { readonly kind: 'not-loaded'; readonly reason: string }
  /** pkcs11js, which is optional, is not installed or was not built. */
  | { readonly kind: 'no-library' }
  | { readonly kind: 'defect'; readonly reason: string };
