import { Secret } from '../../core/secret.ts';
import type { BackendContext, Login } from '../contract.ts';
import { BackendError } from '../errors.ts';
import { openTransport, type Transport } from '../transport.ts';
import { authOf, type VaultConfig } from './configuration.ts';
import { loginValue } from './login.ts';

/** The connection that a manifest names; a login by TLS certificate is part of it. */
export async function loginTransport(
  config: VaultConfig,
  {
    name,
    files,
    answerMilliseconds: totalMilliseconds,
  }: Pick<BackendContext, 'name' | 'files' | 'answerMilliseconds'>,
  login?: Login,
): Promise<Transport> {
  const ca = config.ca === undefined ? undefined : await readCa(name, files, config.ca);
  return openTransport({
    name,
    address: config.address,
    ...(ca === undefined ? {} : { ca }),
    ...(totalMilliseconds === undefined ? {} : { limits: { totalMilliseconds } }),
    ...(login !== undefined &&
      authOf(config).method === 'cert' && {
        client: {
          certificate: loginValue(name, login, 'certificate'),
          privateKey: new Secret(loginValue(name, login, 'private_key')),
        },
      }),
  });
}

async function readCa(name: string, files: BackendContext['files'], path: string): Promise<string> {
  const file = await files.read(path);
  if (file !== undefined) return new TextDecoder().decode(file.bytes.reveal());
  throw new BackendError({
    kind: 'not-found',
    what: `${path}, the CA of ${name}, is not there`,
    hint: 'put the PEM file of that CA there, or correct spec.ca',
  });
}
