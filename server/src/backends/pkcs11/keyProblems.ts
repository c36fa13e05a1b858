import type { KeyAlgorithm } from '../../core/credential/keyAlgorithm.ts';
import type { RevocationReason } from '../../core/lifecycle/event.ts';
import { formatInstant } from '../../core/text/instant.ts';
import type { StoredKey } from '../contract.ts';
import { BackendError } from '../errors.ts';
import type { KeyObject, KeyPair } from './keyObjects.ts';

/** Longer labels are cut by some tokens. */
const LONGEST_KEY_ID = 255;

export function checkKeyId(keyId: string): void {
  if (keyId !== '' && keyId.length <= LONGEST_KEY_ID) return;
  throw new BackendError({
    kind: 'invalid-request',
    what: `a key id has 1 to ${LONGEST_KEY_ID} characters here, since it is the label of the key`,
    hint: 'give the identity, its namespace or the machine a shorter name',
  });
}

/** A key that can be taken out of the token is not used: who knows where it is by now. */
export function checkKept(where: string, keyId: string, { sensitive, extractable }: KeyObject): void {
  if (sensitive !== false && extractable !== true) return;
  throw new BackendError({
    kind: 'forbidden',
    what: `${where}: the key "${keyId}" can be taken out of the token (${sensitive === false ? 'CKA_SENSITIVE is false' : 'CKA_EXTRACTABLE is true'})`,
    hint: 'rotate the identity to get a key that was made here and stays here',
  });
}

/** Why a key that was just made is not what was asked for; what the token does not tell is not held against it. */
export function wrongWith({ privateKey, algorithm }: KeyPair, wanted: KeyAlgorithm): string | undefined {
  if (algorithm !== wanted) return `it is ${algorithm}`;
  if (privateKey.sensitive === false) return 'CKA_SENSITIVE is false';
  if (privateKey.extractable === true) return 'CKA_EXTRACTABLE is true';
  if (privateKey.alwaysSensitive === false) return 'CKA_ALWAYS_SENSITIVE is false';
  if (privateKey.neverExtractable === false) return 'CKA_NEVER_EXTRACTABLE is false';
  if (privateKey.private === false) return 'CKA_PRIVATE is false';
  if (privateKey.sign === false) return 'CKA_SIGN is false';
  return undefined;
}

export function madeWrong(where: string, keyId: string, wrong: string): BackendError {
  return new BackendError({
    kind: 'unsupported',
    what: `${where}: the token made the key "${keyId}" otherwise than asked: ${wrong}. It was destroyed again`,
    hint: 'set the token up so that its keys are sensitive and not extractable, or use another token',
  });
}

export function notKept(where: string, keyId: string): BackendError {
  return new BackendError({
    kind: 'unsupported',
    what: `${where}: the token made a key, and does not find it under its label "${keyId}"`,
    hint: "look at the keys with the token's own tool; it may cut labels: use shorter names",
    mayHaveActed: true,
  });
}

export function missing(where: string, keyId: string): BackendError {
  return new BackendError({
    kind: 'not-found',
    what: `${where}: there is no key "${keyId}"`,
    hint: 'it was destroyed, or was made in another token: issue with a new key',
  });
}

export function ambiguous(where: string, keyId: string): BackendError {
  return new BackendError({
    kind: 'conflict',
    what: `${where}: several private keys have the label "${keyId}"`,
    hint: "remove or rename all but one with the token's own tool (pkcs11-tool --list-objects)",
  });
}

export function halfAKey(where: string, keyId: string): BackendError {
  return new BackendError({
    kind: 'corrupt',
    what: `${where}: of the key "${keyId}" the public half is missing, or it is of a kind that is not used here`,
    hint: "destroy the identity's key, or remove it with the token's own tool, and make a new one",
  });
}

export function otherAlgorithm(
  where: string,
  keyId: string,
  algorithm: KeyAlgorithm,
  wanted: KeyAlgorithm,
): BackendError {
  return new BackendError({
    kind: 'conflict',
    what: `${where}: the key "${keyId}" exists and is ${algorithm}, not ${wanted}`,
    hint: 'rotate to get a new key under another id',
  });
}

export function signsNoMore(
  where: string,
  keyId: string,
  { at, reason }: NonNullable<StoredKey['disabled']>,
): BackendError {
  return new BackendError({
    kind: 'forbidden',
    what: `${where}: the key "${keyId}" signs no more since ${formatInstant(at)} (${reason})`,
    hint: 'rotate the identity to get a new key',
  });
}

export function notOffered(reason: RevocationReason, reasons: readonly RevocationReason[]): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: `the reason ${reason} is not offered, since this version cannot end a hold`,
    hint: `use one of ${reasons.join(', ')}`,
  });
}

export function badSignature(where: string, keyId: string): BackendError {
  return new BackendError({
    kind: 'internal',
    what: `${where}: what the token signed with the key "${keyId}" is no signature of that key`,
    hint: 'do not use the token until its vendor has explained this; the signature was thrown away',
  });
}
