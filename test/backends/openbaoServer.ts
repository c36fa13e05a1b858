import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { needs } from '../support/needs.ts';

const SCRIPTS = path.join(import.meta.dirname, 'openbao');

/** A real OpenBao on loopback, in memory, with engines as docs/backends/vault.md sets them up. */
export interface OpenBao {
  readonly address: string;
  readonly tlsAddress: string;
  /** PEM file of the CA of its TLS listener; the folder holds that CA's key as well. */
  readonly ca: string;
  readonly folder: string;
  readonly auditLog: string;
  readonly unsealKey: string;
  /** As root, below `/v1/`; throws for any refusal. Gives the answer's body. */
  root(
    method: string,
    path: string,
    body?: object,
    namespace?: string,
  ): Promise<Readonly<Record<string, unknown>>>;
  stop(): void;
}

/** Skips the suite where OpenBao is not installed. */
export function needsOpenBao(test: { skip(): never | void }): void {
  needs(test, 'OpenBao (test/backends/openbao/install)', existsSync(program()));
}

function program(): string {
  const cache = process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache');
  return path.join(process.env['IDAC_OPENBAO'] ?? path.join(cache, 'idac-openbao'), 'bao');
}

export function startOpenBao(): OpenBao {
  const folder = mkdtempSync(path.join(tmpdir(), 'idac-openbao-'));
  const { status, stdout, stderr } = spawnSync(path.join(SCRIPTS, 'start'), [folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`OpenBao did not start: ${stderr}`);
  const values = new Map(stdout.split('\n').map((line) => line.split(/=(.*)/s) as [string, string]));
  const value = (name: string): string => values.get(name) ?? '';
  return {
    address: value('ADDRESS'),
    tlsAddress: value('TLS_ADDRESS'),
    ca: value('CA'),
    folder,
    auditLog: value('AUDIT_LOG'),
    unsealKey: value('UNSEAL_KEY'),
    async root(method, at, body, namespace = '') {
      const response = await fetch(`${value('ADDRESS')}/v1/${at}`, {
        method,
        headers: {
          'X-Vault-Token': value('ROOT_TOKEN'),
          ...(namespace === '' ? {} : { 'X-Vault-Namespace': namespace }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${at}: ${response.status} ${text}`);
      return text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
    },
    stop: () => {
      spawnSync(path.join(SCRIPTS, 'stop'), [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The policy in docs/backends/vault.md, to the letter. */
export function documentedPolicy(): string {
  const page = readFileSync(path.join(import.meta.dirname, '../../docs/backends/vault.md'), 'utf8');
  const [, policy] = /```hcl\n(.*?)```/s.exec(page) ?? [];
  if (policy === undefined) throw new Error('docs/backends/vault.md shows no policy');
  return policy;
}

/** The same server in a namespace, each part of whose path is made where it is not there. */
export async function inNamespace(bao: OpenBao, namespace: string): Promise<OpenBao> {
  const parts = namespace.split('/');
  for (const [place, name] of parts.entries()) {
    const above = parts.slice(0, place).join('/');
    await bao.root('POST', `sys/namespaces/${name}`, {}, above).catch((error: unknown) => {
      if (!String(error).includes('already exists')) throw error;
    });
  }
  return { ...bao, root: (method, at, body) => bao.root(method, at, body, namespace) };
}

/** Engines, roles and an AppRole with the documented policy. */
export async function setUp(bao: OpenBao): Promise<void> {
  const { root } = bao;
  await root('POST', 'sys/mounts/pki', { type: 'pki', config: { max_lease_ttl: '87600h' } });
  await root('POST', 'pki/root/generate/internal', {
    common_name: 'Test Root',
    ttl: '87600h',
    key_type: 'ec',
    issuer_name: 'root',
  });
  await root('POST', 'pki/roles/payments', {
    allowed_domains: ['example.com'],
    allow_subdomains: true,
    allow_bare_domains: true,
    allowed_uri_sans: ['spiffe://example.com/*'],
    key_type: 'any',
    max_ttl: '720h',
    use_csr_common_name: false,
    use_csr_sans: false,
    require_cn: false,
  });
  await root('POST', 'sys/mounts/transit', { type: 'transit' });
  await root('DELETE', 'sys/mounts/secret').catch(() => undefined);
  await root('POST', 'sys/mounts/secret', { type: 'kv', options: { version: '2' } });
  for (const [mount, role, type] of [
    ['ssh-user', 'operators', 'user'],
    ['ssh-host', 'servers', 'host'],
  ] as const) {
    await root('POST', `sys/mounts/${mount}`, { type: 'ssh' });
    await root('POST', `${mount}/config/ca`, { generate_signing_key: true, key_type: 'ed25519' });
    await root('POST', `${mount}/roles/${role}`, {
      key_type: 'ca',
      [`allow_${type}_certificates`]: true,
      allowed_users: '*',
      allowed_domains: '*',
      allow_user_key_ids: true,
      allowed_extensions: '*',
      max_ttl: '720h',
    });
  }
  // The names of policies are the scopes of tokens.
  for (const policy of ['read', 'write'])
    await root('POST', `sys/policies/acl/${policy}`, {
      policy: 'path "secret/data/checkout/*" { capabilities = ["read"] }',
    });
  await root('POST', 'auth/token/roles/checkout', {
    allowed_policies: ['default', 'read', 'write'],
    orphan: true,
    token_explicit_max_ttl: '720h',
  });
  await root('POST', 'sys/policies/acl/idac', { policy: documentedPolicy() });
  await root('POST', 'sys/auth/approle', { type: 'approle' });
  await root('POST', 'auth/approle/role/idac', {
    token_policies: ['idac'],
    token_ttl: '20m',
    token_max_ttl: '2h',
  });
  await root('POST', 'auth/approle/role/checkout', {
    token_policies: ['read'],
    token_ttl: '20m',
    secret_id_ttl: '720h',
  });
}

/** A role id and a fresh secret id. */
export async function appRole(bao: OpenBao, role = 'idac'): Promise<{ role_id: string; secret_id: string }> {
  const id = (await bao.root('GET', `auth/approle/role/${role}/role-id`))['data'] as { role_id: string };
  const secret = (await bao.root('POST', `auth/approle/role/${role}/secret-id`))['data'] as {
    secret_id: string;
  };
  return { role_id: id.role_id, secret_id: secret.secret_id };
}
