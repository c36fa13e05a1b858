import type { KeyAlgorithm } from '../../core/credential/keyAlgorithm.ts';
import { mechanismsOf } from './algorithms.ts';
import { CKA } from './constants.ts';
import type { Driver } from './driver.ts';
import { returnCode } from './failures.ts';
import type { Template } from './host/protocol.ts';

/** A key that signs, and does nothing else. */
const ONLY_SIGNS: Template = [
  [CKA.decrypt, false],
  [CKA.unwrap, false],
  [CKA.signRecover, false],
];

/** What modules answer that want to set these themselves; tpm2-pkcs11 gives the last one. */
const WANTS_LESS =
  /^CKR_(ATTRIBUTE_(TYPE_INVALID|VALUE_INVALID|READ_ONLY)|TEMPLATE_(INCOMPLETE|INCONSISTENT)|ARGUMENTS_BAD|GENERAL_ERROR)$/;

/** Makes a key pair on the token, whose private half it never lets out. What was made is to be looked at afterwards. */
export async function generatePair(
  driver: Driver,
  { label, id }: { readonly label: string; readonly id: Uint8Array },
  algorithm: KeyAlgorithm,
  signal: AbortSignal,
): Promise<void> {
  const { generate, parameters } = mechanismsOf(algorithm);
  const both: Template = [
    [CKA.token, true],
    [CKA.label, label],
    [CKA.id, id],
  ];
  const publicKey: Template = [...both, ...parameters, [CKA.verify, true]];
  const privateKey: Template = [
    ...both,
    [CKA.private, true],
    [CKA.sensitive, true],
    [CKA.extractable, false],
    [CKA.sign, true],
  ];
  const make = (template: Template) =>
    driver.call('generate', { mechanism: generate, publicKey, privateKey: template }, signal);
  try {
    await make([...privateKey, ...ONLY_SIGNS]);
  } catch (error) {
    if (!WANTS_LESS.test(returnCode(error) ?? '')) throw error;
    await make(privateKey);
  }
}
