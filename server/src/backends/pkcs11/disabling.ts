import { toHex } from '../../core/credential/octets.ts';
import type { BackendContext } from '../contract.ts';
import { isRecord, readJson, writeJson } from '../jsonFile.ts';
import { mechanismsOf, offeredAlgorithms } from './algorithms.ts';
import { CKA, CKO } from './constants.ts';
import { DriverError } from './driver.ts';
import { returnCode } from './failures.ts';
import type { Template } from './host/protocol.ts';
import type { Connection } from './token.ts';

const FILE = 'disabling.json';

/**
 * Whether a key of this token signs no more once CKA_SIGN is taken from it. Some tokens take the change and sign all
 * the same (tpm2-pkcs11), so it is tried once with a key that lives in the session alone and is gone with it; the answer is
 * kept for this version of module and token.
 */
export async function honoursDisabling(
  connection: Connection,
  context: BackendContext,
  signal: AbortSignal,
): Promise<boolean> {
  const version = versionOf(connection);
  const kept = await readJson(context.state, FILE, parse);
  if (kept?.version === version) return kept.honoured;
  const honoured = await tryIt(connection, toHex(context.random.bytes(16)), signal);
  await writeJson(context.state, FILE, { schemaVersion: 1, version, honoured });
  return honoured;
}

async function tryIt(connection: Connection, name: string, signal: AbortSignal): Promise<boolean> {
  const { driver, opened } = connection;
  const algorithm = offeredAlgorithms(opened).find((each) => each === 'ECDSA-P256');
  if (algorithm === undefined) return false;
  const { generate, sign, parameters } = mechanismsOf(algorithm);
  const both: Template = [
    [CKA.token, false],
    [CKA.label, `idac-probe-${name}`],
  ];
  try {
    await driver.call(
      'generate',
      {
        mechanism: generate,
        publicKey: [...both, ...parameters, [CKA.verify, true]],
        privateKey: [...both, [CKA.sensitive, true], [CKA.extractable, false], [CKA.sign, true]],
      },
      signal,
    );
    const [key] = await driver.call(
      'find',
      { template: [[CKA.class, CKO.privateKey], ...both], attributes: [] },
      signal,
    );
    if (key === undefined) return false;
    const { handle } = key;
    await driver.call('set', { handle, template: [[CKA.sign, false]] }, signal);
    const code = await driver
      .call('sign', { handle, mechanism: sign, data: new Uint8Array(32) }, signal)
      .then(
        () => undefined,
        (error: unknown) => returnCode(error),
      );
    await driver.call('destroy', { handle }, signal);
    return code === 'CKR_KEY_FUNCTION_NOT_PERMITTED';
  } catch (error) {
    if (error instanceof DriverError && error.failure.kind === 'refused') return false;
    throw error;
  }
}

function versionOf({ opened: { library, token } }: Connection): string {
  return [library.description, library.version, token.manufacturer, token.model, token.firmware].join('; ');
}

function parse(value: unknown): { readonly version: string; readonly honoured: boolean } | undefined {
  if (!isRecord(value) || value['schemaVersion'] !== 1) return undefined;
  const { version, honoured } = value;
  return typeof version === 'string' && typeof honoured === 'boolean' ? { version, honoured } : undefined;
}
