import { CLASSICAL_KEY_ALGORITHMS } from '../../core/credential/keyAlgorithm.ts';
import type { Backend, BackendContext, BackendType, CertificateAuthority, Login } from '../contract.ts';
import { BackendError } from '../errors.ts';
import { asBackendError, looking } from '../guard.ts';
import { openCapabilities } from './capabilities.ts';
import { openVaultClient } from './client.ts';
import configSchema from './config.schema.json' with { type: 'json' };
import { authOf, type VaultConfig } from './configuration.ts';
import { vaultHealth } from './health.ts';
import { kvSecretStore } from './kv/secretStore.ts';
import { openKvSecrets } from './kv/secrets.ts';
import { kvTarget } from './kv/target.ts';
import { openLedger } from './ledger/ledger.ts';
import { kvShelf, stateShelf } from './ledger/shelf.ts';
import { LOGIN_METHODS } from './login.ts';
import { vaultLoginFacts } from './loginFacts.ts';
import { loginTransport } from './loginTransport.ts';
import { type PermitParts, vaultPermits } from './permits.ts';
import { pkiAuthority } from './pki/authority.ts';
import { type PkiPlace, type PkiRole, readMountMaximum, readPkiRole } from './pki/role.ts';
import { openSession, type Vault } from './session.ts';
import { sshAuthority } from './ssh/authority.ts';
import { readSshRole } from './ssh/role.ts';
import { secretIds } from './tokens/secretIds.ts';
import { serviceTokens } from './tokens/serviceTokens.ts';
import { vaultTokenIssuer } from './tokens/tokenIssuer.ts';
import { transitKeyStore } from './transit/keyStore.ts';
import { takeVaultLogin } from './wrapping.ts';

const LIMITS = {
  always: [
    'It does what the policies of its login allow; the server says no in its own words where they do not.',
    'Request ids and identities are unknown to the server: a ledger beside it (spec.ledger, else your state folder) knows them.',
  ],
  pki: [
    'The role decides key usages, organization and the like; names, key and validity are those of the manifest or nothing is issued.',
    'Its CRL and OCSP answers carry no reason: the reason of a revocation stands in the ledger and the record.',
  ],
  transit: [
    'Keys are made in the server and never leave it; one that may be exported or backed up in the clear is refused.',
    'A disabled key can be enabled again by who may change its configuration on the server.',
  ],
  kv: [
    'Former versions of a delivered secret stay on the server until its mount drops them; destroy removes all.',
  ],
  ssh: [
    'SSH certificates cannot be revoked there, and plain SSH keys cannot be enrolled: keep durations short.',
  ],
  tokens: [
    'Tokens and secret ids are shown once: one whose delivery failed is ended, and another is made.',
    'They have no audience; the policies of a secret id are those of its AppRole.',
  ],
};

/** What is assumed of a role that could not be read when the backend was opened; the first issue tells why. */
const UNREAD_ROLE: Pick<PkiRole, 'keyAlgorithms' | 'serviceKeyAlgorithms' | 'usages' | 'maximumTtl'> = {
  keyAlgorithms: CLASSICAL_KEY_ALGORITHMS,
  serviceKeyAlgorithms: CLASSICAL_KEY_ALGORITHMS,
  usages: ['serverAuth', 'clientAuth'],
  maximumTtl: 768 * 3600,
};

/** HashiCorp Vault and OpenBao: the same API. */
export const backendType: BackendType<VaultConfig> = {
  type: 'vault',
  title: configSchema.title,
  roles: ['CertificateAuthority', 'KeyStore', 'SecretStore', 'SshAuthority', 'TokenIssuer', 'Target'],
  configSchema,
  address: ({ address, namespace }) =>
    `${address.replace(/\/+$/, '')}${namespace === undefined ? '' : ` namespace ${namespace}`}`,
  trustedFiles: ({ ca }) => (ca === undefined ? [] : [ca]),
  loginMethods: LOGIN_METHODS,
  loginMethod: (config) => authOf(config).method,
  async takeLogin(config, context, login, signal) {
    try {
      return await takeVaultLogin(config, context, login, signal);
    } catch (error) {
      throw asBackendError('take the login', error, true);
    }
  },
  async open(config, context, signal): Promise<Backend> {
    try {
      signal.throwIfAborted();
      const vault = await connect(config, context, signal);
      return await assemble(config, context, vault, signal);
    } catch (error) {
      throw asBackendError('open the backend', error, false);
    }
  },
};

async function connect(config: VaultConfig, context: BackendContext, signal: AbortSignal): Promise<Vault> {
  const { name } = context;
  const login = await boundLogin(config, context, signal);
  const transport = await loginTransport(config, context, login);
  const session = openSession(openVaultClient(name, transport), config, {
    name,
    login: (each) => boundLogin(config, context, each),
    clock: context.clock,
  });
  return {
    ...session,
    serverCertificateEnd: transport.serverCertificateEnd,
    close: async () => {
      await session.close();
      transport.close();
    },
  };
}

async function boundLogin(config: VaultConfig, context: BackendContext, signal: AbortSignal): Promise<Login> {
  const { method } = authOf(config);
  const login = await context.login(signal);
  if (login?.method === method) return login;
  throw new BackendError({
    kind: 'unauthenticated',
    what: `no login by ${method} is known here for ${context.name} at ${config.address}`,
    hint: `give one: idac login ${context.name}`,
  });
}

async function assemble(
  config: VaultConfig,
  context: BackendContext,
  vault: Vault,
  signal: AbortSignal,
): Promise<Backend> {
  const { pki, transit, kv, ssh, tokens, ledger } = config;
  const { hasher, state } = context;
  const ledgerOf = (part: string) =>
    openLedger(
      ledger === undefined
        ? stateShelf(state, `ledger/${part}`)
        : kvShelf(vault, { ...ledger, folder: `${ledger.folder}/${part}` }),
      hasher,
    );
  const place = pki && { mount: pki.mount ?? 'pki', role: pki.role };
  const capabilities = openCapabilities(vault, context.clock);
  let certificates: PermitParts['pki'];
  const authority = place && (await openAuthority(place));
  async function openAuthority(at: PkiPlace): Promise<CertificateAuthority> {
    const longest = await readMountMaximum(vault, at.mount, signal);
    const role = (await unlessUnreadable(readPkiRole(vault, at, longest, signal))) ?? UNREAD_ROLE;
    const parts = { context, vault, place: at, mountMaximum: longest, ledger: ledgerOf(`pki/${at.mount}`) };
    certificates = parts;
    return pkiAuthority(parts, role);
  }
  const secrets = kv && openKvSecrets(vault, { mount: kv.mount, folder: kv.folder });
  const source =
    tokens && (tokens.method === 'token' ? serviceTokens(vault, tokens) : secretIds(vault, tokens));
  const keys = transit && {
    place: { mount: transit.mount ?? 'transit', prefix: transit.prefix ?? 'idac-' },
    ledger: ledgerOf(`transit/${transit.mount ?? 'transit'}`),
  };
  const { permits, forget } = vaultPermits({
    context,
    vault,
    capabilities,
    pki: certificates,
    transit: keys,
    ssh: ssh && { roles: ssh, ledger: ledgerOf('ssh') },
    tokens: source && { source, ledger: ledgerOf(source.path) },
    secrets,
  });
  const limits = [
    ...LIMITS.always,
    ...(pki === undefined ? [] : LIMITS.pki),
    ...(transit === undefined ? [] : LIMITS.transit),
    ...(kv === undefined ? [] : LIMITS.kv),
    ...(ssh === undefined ? [] : LIMITS.ssh),
    ...(tokens === undefined ? [] : LIMITS.tokens),
  ];
  return {
    name: context.name,
    type: 'vault',
    limits,
    health: looking('check the backend', (each) => {
      forget();
      return vaultHealth(context, config, vault, { authority, source }, each);
    }),
    login: looking('look at the login', (each) => vaultLoginFacts(context, config, vault, each)),
    permits: looking('ask what the login may do', permits),
    close: () => vault.close(),
    ...(authority && { authority }),
    ...(keys && { keys: transitKeyStore({ context, vault, ...keys }) }),
    ...(ssh && {
      ssh: sshAuthority(
        { context, vault, roles: rolesOf(ssh), ledger: ledgerOf('ssh') },
        await longestSshDuration(vault, ssh, signal),
      ),
    }),
    ...(source && {
      tokens: vaultTokenIssuer(
        { context, source, address: config.address.replace(/\/+$/, ''), ledger: ledgerOf(source.path) },
        (await unlessUnreadable(source.role(signal)))?.maximumDurationSeconds ?? UNREAD_ROLE.maximumTtl,
      ),
    }),
    ...(secrets && {
      secrets: kvSecretStore(secrets),
      targets: { kv: kvTarget(context.name, capabilities, secrets, hasher) },
      defaultTarget: 'kv',
    }),
  };
}

/** A mount has one key, which must not sign for users and hosts alike. */
function rolesOf(ssh: NonNullable<VaultConfig['ssh']>): NonNullable<VaultConfig['ssh']> {
  if (ssh.user === undefined || ssh.user.mount !== ssh.host?.mount) return ssh;
  throw new BackendError({
    kind: 'invalid-request',
    what: `spec.ssh names the mount ${ssh.user.mount} for users and for hosts, so one key would sign both`,
    hint: 'mount the ssh engine a second time, and name that for one of them',
  });
}

async function longestSshDuration(
  vault: Vault,
  ssh: NonNullable<VaultConfig['ssh']>,
  signal: AbortSignal,
): Promise<number> {
  const found: number[] = [];
  for (const type of ['user', 'host'] as const) {
    const place = ssh[type];
    const role = place && (await unlessUnreadable(readSshRole(vault, type, place, signal)));
    if (role !== undefined) found.push(role.maximumTtl);
  }
  return found.length === 0 ? UNREAD_ROLE.maximumTtl : Math.max(...found);
}

/** A role that is missing or may not be read spoils its own part of the backend alone, and is told when it is used. */
async function unlessUnreadable<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const told = ['forbidden', 'not-found', 'unsupported', 'invalid-request'];
    if (error instanceof BackendError && told.includes(error.kind)) return undefined;
    throw error;
  }
}
