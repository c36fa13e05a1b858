import type { BackendContext, Target } from '../contract.ts';
import { BackendError } from '../errors.ts';
import type { Permit, Use } from '../permit.ts';
import type { Hierarchy } from './authority/hierarchy.ts';
import type { LocalConfig } from './configuration.ts';
import type { SshAuthorityKeys } from './ssh/authorityKeys.ts';
import type { SigningKeys } from './tokens/signingKeys.ts';

type Answer = Omit<Permit, 'use'>;

export interface PermitParts {
  readonly context: BackendContext;
  readonly config: LocalConfig;
  readonly hierarchy: Hierarchy;
  readonly sshKeys: SshAuthorityKeys;
  readonly tokenKeys: SigningKeys;
  readonly targets: Readonly<Record<string, Target>>;
}

const WRITING: readonly Use['verb'][] = [
  'issue',
  'make',
  'revoke',
  'publish',
  'destroy',
  'deliver',
  'remove',
];

/** Whether its state and files can be written, and whether the key is there that would sign. Makes nothing. */
export function localPermits(parts: PermitParts) {
  const { context } = parts;
  return async (uses: readonly Use[], signal: AbortSignal): Promise<readonly Permit[]> => {
    const state = await stateAnswer(context);
    const answers = await Promise.all(
      uses.map(async (use): Promise<readonly Permit[]> => {
        const own = await ownAnswers(use, parts, signal);
        const isFile = use.role === 'Target' && use.target === 'file';
        const all = WRITING.includes(use.verb) && !isFile ? [state, ...own] : own;
        const given = all.length > 0 ? all : [{ what: 'rights', allowed: true, detail: 'it only looks' }];
        return given.map((answer) => ({ use, ...answer }));
      }),
    );
    return answers.flat();
  };
}

async function stateAnswer({ state, sealed }: BackendContext): Promise<Answer> {
  const what = 'state folder';
  const { folder, writable } = await state.look();
  if (!writable)
    return {
      what,
      allowed: false,
      detail: `${folder} cannot be written by this account`,
      hint: 'check its owner and mode, and whether its disk is read-only; IDAC_STATE_HOME names another one',
    };
  return {
    what,
    allowed: true,
    detail: `writable; sealed store open, ${sealed.encrypted ? 'encrypted' : 'NOT encrypted'}`,
  };
}

async function ownAnswers(use: Use, parts: PermitParts, signal: AbortSignal): Promise<readonly Answer[]> {
  switch (use.verb) {
    case 'issue':
      return use.role === 'KeyStore'
        ? []
        : [
            await keyAnswer(use, parts, signal),
            { what: 'budget', allowed: true, detail: 'no limit but the durations that its manifest sets' },
          ];
    case 'publish':
      return publishAnswers(use, parts);
    case 'deliver':
    case 'remove':
      return [await targetAnswer(use, parts, signal)];
    default:
      return [];
  }
}

/** A key that was never made is made by the first issue; one that is gone from the sealed store is told. */
async function keyAnswer(
  use: Use,
  { hierarchy, sshKeys, tokenKeys }: PermitParts,
  signal: AbortSignal,
): Promise<Answer> {
  return refusable('signing key', async () => {
    switch (use.role) {
      case 'CertificateAuthority': {
        const [issuing] = await hierarchy.issuing();
        if (issuing === undefined) return 'not made yet: the first issue makes it';
        await hierarchy.signerOf(issuing, signal);
        const stores = await hierarchy.keyStores();
        return stores.length === 0 ? 'in the sealed store' : `kept in ${stores.join(', ')}`;
      }
      case 'SshAuthority': {
        const made = [];
        for (const type of ['user', 'host'] as const)
          if ((await sshKeys.find(type)) !== undefined) made.push(await sshKeys.signerOf(type));
        return made.length === 0 ? 'not made yet: the first issue makes it' : 'in the sealed store';
      }
      case 'TokenIssuer': {
        const key = (await tokenKeys.list()).find(({ verifiesUntil }) => verifiesUntil === undefined);
        if (key === undefined) return 'not made yet: the first JWT makes it';
        await tokenKeys.signerOf(key);
        return 'in the sealed store';
      }
      default:
        return 'none is needed';
    }
  });
}

async function publishAnswers(use: Use, { context, config }: PermitParts): Promise<readonly Answer[]> {
  const { authority, ssh, tokens, workloads } = config;
  const files: Partial<Record<Use['role'], readonly (string | undefined)[]>> = {
    CertificateAuthority: [
      authority?.crl?.path,
      authority?.issuerCertificate?.path,
      authority?.publish?.roots,
      authority?.publish?.chain,
    ],
    SshAuthority: [ssh?.krl?.path, ssh?.publish?.userAuthorities, ssh?.publish?.hostAuthorities],
    TokenIssuer: [tokens?.publish?.jwks, tokens?.publish?.revoked],
    WorkloadRegistry: [workloads?.publish?.bundle],
  };
  const named = (files[use.role] ?? []).filter((path) => path !== undefined);
  return Promise.all(
    named.map((path) =>
      refusable('published file', async () => {
        await context.files.preflight(path, { isPrivate: false });
        return path;
      }),
    ),
  );
}

function targetAnswer(use: Use, { targets, context }: PermitParts, signal: AbortSignal): Promise<Answer> {
  return refusable('target', async () => {
    const { target = '', delivery } = use;
    if (delivery === undefined) return 'any place that a manifest may name';
    if (use.verb === 'deliver') await targets[target]?.preflight(delivery, signal);
    else if (target === 'file') await context.files.preflight(delivery.path, { isPrivate: false });
    return `${delivery.path} can be written`;
  });
}

async function refusable(what: string, look: () => Promise<string>): Promise<Answer> {
  try {
    return { what, allowed: true, detail: await look() };
  } catch (error) {
    if (!(error instanceof BackendError) || error.kind === 'interrupted') throw error;
    return { what, allowed: false, detail: error.what, hint: error.hint };
  }
}
