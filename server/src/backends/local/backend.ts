import { type Backend, type BackendType, PRIVATE_ADDRESS } from '../contract.ts';
import { asBackendError, looking } from '../guard.ts';
import { localAuthority } from './authority/certificateAuthority.ts';
import { openHierarchy } from './authority/hierarchy.ts';
import configSchema from './config.schema.json' with { type: 'json' };
import {
  authoritySettings,
  type LocalConfig,
  sshSettings,
  tokenSettings,
  workloadSettings,
} from './configuration.ts';
import { fileTarget } from './fileTarget.ts';
import { localHealth } from './health.ts';
import { localKeyStore } from './keyStore.ts';
import { localPermits } from './permits.ts';
import { localSecretStore } from './secretStore.ts';
import { secretTarget } from './secretTarget.ts';
import { localSshAuthority } from './ssh/sshAuthority.ts';
import { localTokenIssuer } from './tokens/tokenIssuer.ts';
import { localWorkloadRegistry } from './workloads/workloadRegistry.ts';

const LIMITS: readonly string[] = [
  'Its keys are in software, under your user account: a lab, a small team or a test; not a hardware module.',
  'Only who has this state folder can issue or revoke: share it on purpose (spec.store) or use a server backend.',
  'It keeps keys (origin engine, store or machine) but makes none for others: origin service is not offered.',
  'It makes CRLs and OCSP answers but serves nothing: publish the CRL where certificates point to.',
  'It signs SSH certificates with one key for users and one for hosts, and makes their revocation list: bring it to the servers.',
  'It checks tokens and SVIDs when you ask it, and serves no endpoint: publish its key set, list of revoked tokens and bundle.',
  'The root cannot be renewed: before it ends, move to a Backend with another spec.store.',
];

/** The embedded backend: everything in this process, all state through the context. */
export const backendType: BackendType<LocalConfig> = {
  type: 'local',
  title: configSchema.title,
  roles: [
    'CertificateAuthority',
    'KeyStore',
    'SecretStore',
    'SshAuthority',
    'TokenIssuer',
    'WorkloadRegistry',
    'Target',
  ],
  configSchema,
  address: ({ store }) => (store === undefined ? PRIVATE_ADDRESS : `local:store/${store}`),
  async open(config, context, signal): Promise<Backend> {
    try {
      signal.throwIfAborted();
      const settings = authoritySettings(context.name, config);
      const hierarchy = openHierarchy(context, settings);
      const { authority, revocations } = localAuthority(context, settings, hierarchy);
      const ssh = localSshAuthority(context, sshSettings(config));
      const secrets = localSecretStore(context);
      const tokens = localTokenIssuer(context, tokenSettings(context.name, config));
      const workloads = workloadSettings(context.name, config);
      const targets = { file: fileTarget(context), secret: secretTarget(secrets, context.hasher) };
      const permitParts = { context, config, hierarchy, sshKeys: ssh.keys, tokenKeys: tokens.keys, targets };
      return {
        name: context.name,
        type: 'local',
        limits: LIMITS,
        health: looking('check the backend', () =>
          localHealth(context, settings, hierarchy, revocations, [ssh, tokens]),
        ),
        permits: looking('look at its state', localPermits(permitParts)),
        close: async () => {},
        authority,
        keys: localKeyStore(context),
        ssh: ssh.authority,
        secrets,
        tokens: tokens.issuer,
        workloads: localWorkloadRegistry(context, workloads, authority, tokens),
        targets,
        defaultTarget: 'file',
      };
    } catch (error) {
      throw asBackendError('open the backend', error, false);
    }
  },
};
