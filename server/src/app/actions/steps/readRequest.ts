import { decodeCertificateRequest } from '../../../core/credential/certificateRequest.ts';
import { decodeLatin1 } from '../../../core/credential/charset.ts';
import { readDer } from '../../../core/credential/der.ts';
import { decodePem } from '../../../core/credential/pem.ts';
import { attempt } from '../../../core/credential/problem.ts';
import { type PublicKeyFacts, readSpki } from '../../../core/credential/spki.ts';
import { readSshKeyLines } from '../../../core/credential/ssh/keyLines.ts';
import { decodeSshKey } from '../../../core/credential/ssh/publicKey.ts';
import type { Hasher } from '../../../core/ports.ts';
import type { Step, StepContext } from './step.ts';
import { StepFailure } from './step.ts';

const MAX_REQUEST_BYTES = 64 * 1024;

/** What a machine that made its own key hands over. */
export interface MachineRequest {
  /** DER PKCS#10, where the kind wants a request that proves possession. */
  readonly csr: Uint8Array | null;
  readonly publicKey: PublicKeyFacts;
}

/** A certificate request (PEM or DER), or for SSH a public key (its line, or PEM). StepFailure when the file holds none. */
export function readMachineRequest(
  kind: string,
  bytes: Uint8Array,
  path: string,
  hasher: Hasher,
): MachineRequest {
  const wanted =
    kind === 'Certificate'
      ? 'a certificate request (PKCS#10, PEM or DER)'
      : 'one public key (as ssh-keygen writes it, or PEM; not one of a security token)';
  if (bytes.length > MAX_REQUEST_BYTES) {
    throw new StepFailure(`${path} is too large for ${wanted}.`, `Put ${wanted} there.`);
  }
  const request = kind === 'Certificate' ? certificateRequest(bytes, hasher) : publicKey(bytes, hasher);
  if (request !== undefined) return request;
  throw new StepFailure(`${path} does not hold ${wanted}.`, `Put ${wanted} there.`);
}

function certificateRequest(bytes: Uint8Array, hasher: Hasher): MachineRequest | undefined {
  const isDer = bytes[0] === 0x30;
  const block = isDer
    ? undefined
    : decodePem(decodeLatin1(bytes)).find(({ label }) => label.endsWith('CERTIFICATE REQUEST'));
  const csr = isDer ? bytes : block?.bytes;
  if (csr === undefined) return undefined;
  const key = decodeCertificateRequest(csr, hasher).value?.publicKey;
  return key === undefined ? undefined : { csr, publicKey: key };
}

function publicKey(bytes: Uint8Array, hasher: Hasher): MachineRequest | undefined {
  const text = decodeLatin1(bytes);
  const block = decodePem(text).find(({ label }) => label === 'PUBLIC KEY');
  if (block !== undefined) {
    const key = attempt([], 'the public key', () => readSpki(readDer(block.bytes)));
    return key === undefined ? undefined : { csr: null, publicKey: key };
  }
  const [line, ...others] = readSshKeyLines(text, false);
  // Of several keys nobody can tell which is meant, and options would be lost without a word.
  if (line === undefined || others.length > 0 || line.before !== '') return undefined;
  const key = decodeSshKey(line.blob, hasher).value;
  // A certificate of another authority is no key of one's own; and what is enrolled is the key that servers see: one in a
  // security token has another name there, so that a list of revoked keys would not find it.
  const isPlain = key !== undefined && key.certificate === undefined && !key.type.startsWith('sk-');
  return isPlain ? { csr: null, publicKey: key.publicKey } : undefined;
}

/** The request as the plan saw it; another content since then stops the action. Undefined: the key was not made on the machine. */
export async function plannedRequest(
  generation: string,
  { services, view, identity }: StepContext,
): Promise<MachineRequest | undefined> {
  const task = view.action.tasks.find(
    (other) => other.verb === 'read-request' && other.generation === generation,
  );
  if (task?.verb !== 'read-request') return undefined;
  const file = await services.files.read(task.path);
  if (file === undefined || file.version !== task.version) {
    throw new StepFailure(
      `${task.path} ${file === undefined ? 'is gone' : 'has changed'} since the plan was made.`,
      'Make a new plan.',
    );
  }
  return readMachineRequest(identity.kind, file.bytes.reveal(), task.path, services.hasher);
}

export const readRequest: Step<'read-request'> = {
  async run(task, context) {
    await plannedRequest(task.generation, context);
    return { state: 'acted', outcome: { verb: 'read-request' }, events: [] };
  },
};
