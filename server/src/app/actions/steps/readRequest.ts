import { decodeLatin1 } from '../../../core/credential/charset.ts';
import { decodePem } from '../../../core/credential/pem.ts';
import type { Step, StepContext } from './step.ts';
import { StepFailure } from './step.ts';

const MAX_REQUEST_BYTES = 64 * 1024;

/** DER of a request file, PEM or DER. */
export function requestDer(bytes: Uint8Array, path: string): Uint8Array {
  if (bytes.length > MAX_REQUEST_BYTES) {
    throw new StepFailure(`${path} is too large for a certificate request.`, 'Put a PKCS#10 request there.');
  }
  if (bytes[0] === 0x30) return bytes;
  const block = decodePem(decodeLatin1(bytes)).find(({ label }) => label.endsWith('CERTIFICATE REQUEST'));
  if (block?.bytes !== undefined) return block.bytes;
  throw new StepFailure(`${path} holds no certificate request.`, 'Put a PKCS#10 request (PEM or DER) there.');
}

/** The request as the plan saw it; another content since then stops the action. */
export async function readPlannedRequest(
  task: { readonly path: string; readonly version: string },
  { services }: Pick<StepContext, 'services'>,
): Promise<Uint8Array> {
  const file = await services.files.read(task.path);
  if (file === undefined || file.version !== task.version) {
    throw new StepFailure(
      `The certificate request ${task.path} ${file === undefined ? 'is gone' : 'has changed'} since the plan was made.`,
      'Make a new plan.',
    );
  }
  return requestDer(file.bytes.reveal(), task.path);
}

export const readRequest: Step<'read-request'> = {
  async run(task, context) {
    await readPlannedRequest(task, context);
    return { state: 'acted', outcome: { verb: 'read-request' }, events: [] };
  },
};
