import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Project } from '../../server/src/app/api.ts';
import { sealedStoreFolder } from '../../server/src/app/unlockStore.ts';
import type { Login, Role } from '../../server/src/backends/contract.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { unlessMissing } from '../../server/src/platform/disk/errno.ts';
import { openSealedStore } from '../../server/src/platform/seal/sealedStore.ts';
import { NEVER } from '../support/acting.ts';
import { keyUnlock, type TempProject } from '../support/tempProject.ts';
import { appRole, needsOpenBao, setUp, startOpenBao } from './openbaoServer.ts';
import { makeToken, needsTokens, pkcs11Tool, type TestToken } from './pkcs11Tokens.ts';

/** A backend that takes part in one project with all the others. */
export interface Participant {
  /** Name of its Backend. */
  readonly name: string;
  readonly roles: readonly Role[];
  needs(test: { skip(): never | void }): void;
  /** Its server or token, started once; `place`: the project that it joins. */
  start(place: TempProject): Promise<Running>;
}

/** How it is declared, and what others than the engine see there: one function for each of its roles. */
export interface Running {
  /** Lines of its Backend's spec. */
  readonly spec: string;
  readonly environment: Readonly<Record<string, string>>;
  /** undefined: there is nothing to log in to. */
  readonly login: Login['values'] | undefined;
  /** KeyStore: names of the private keys there. */
  keys?(): Promise<readonly string[]>;
  /** CertificateAuthority: its real root and its list of revoked certificates, PEM. */
  root?(): Promise<string>;
  crl?(): Promise<string>;
  /** CertificateAuthority with a server that lists them: serial numbers that it holds good for a DNS name. */
  good?(dnsName: string): Promise<readonly bigint[]>;
  /** Target: what stands at a path. */
  delivered?(path: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** A backend joins the composition by a line here. */
export const PARTICIPANTS: readonly Participant[] = [
  {
    name: 'local',
    roles: ['KeyStore', 'CertificateAuthority', 'Target'],
    needs: () => undefined,
    start: local,
  },
  {
    name: 'openbao',
    roles: ['KeyStore', 'CertificateAuthority', 'Target'],
    needs: needsOpenBao,
    start: openbao,
  },
  {
    name: 'softhsm',
    roles: ['KeyStore'],
    needs: (test) => needsTokens(test, 'softhsm'),
    start: token('softhsm'),
  },
  { name: 'tpm', roles: ['KeyStore'], needs: (test) => needsTokens(test, 'tpm'), start: token('tpm') },
];

/** Which of them make and keep one certificate. */
export interface Combination {
  /** undefined: the engine makes the key in memory and delivers it. */
  readonly store: Participant | undefined;
  /** The authority makes the key, where no store does. */
  readonly byAuthority?: boolean;
  readonly authority: Participant;
  readonly target: Participant;
}

/** Manifest of a certificate of that combination, delivered below `tls/`. */
export function certificate(
  name: string,
  { store, byAuthority = false, authority, target }: Combination,
): string {
  const made = byAuthority ? 'origin: service' : 'origin: engine';
  const key = store === undefined ? made : `origin: store, store: ${store.name}`;
  const contents = store === undefined ? 'chain, privateKey' : 'chain';
  return `apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: ${name} }
spec:
  owner: { team: payments, contact: payments@example.com }
  dnsNames: [${name}.example.com]
  usages: [server auth, client auth]
  key: { algorithm: ECDSA-P256, ${key} }
  issuer: ${authority.name}
  duration: 20d
  deliverTo:
    - { backend: ${target.name}, path: tls/${name}, contents: [${contents}] }
`;
}

async function local(place: TempProject): Promise<Running> {
  const file = (name: string) => readFile(path.join(place.root, name), 'utf8');
  return {
    spec: `  type: local
  authority:
    crl: { path: pki/issuing.crl.pem }
    publish: { roots: pki/roots.pem }
`,
    environment: {},
    login: undefined,
    async keys() {
      const folder = sealedStoreFolder(place.stateHome);
      const store = await openSealedStore(folder, keyUnlock(place.unlockKey), nodeRandom);
      return (await store.list('projects')).filter((name) => name.includes('/keys/'));
    },
    root: () => file('pki/roots.pem'),
    crl: () => file('pki/issuing.crl.pem'),
    delivered: (name) => unlessMissing(file(name)),
    stop: async () => undefined,
  };
}

async function openbao(): Promise<Running> {
  const bao = startOpenBao();
  await setUp(bao);
  const login = await appRole(bao);
  const text = async (at: string) => (await fetch(`${bao.address}/v1/${at}`)).text();
  return {
    spec: `  type: vault
  address: ${bao.address}
  auth: { method: approle }
  pki: { mount: pki, role: payments }
  transit: {}
  kv: { mount: secret, folder: payments }
  ledger: { mount: secret, folder: idac/payments }
`,
    environment: {},
    login: { role_id: new Secret(login.role_id), secret_id: new Secret(login.secret_id) },
    async keys() {
      const listed = await bao.root('LIST', 'transit/keys').catch(() => undefined);
      return (listed?.['data'] as { keys: readonly string[] } | undefined)?.keys ?? [];
    },
    root: () => text('pki/ca/pem'),
    crl: () => text('pki/crl/pem'),
    async good(dnsName) {
      const listed = await bao.root('LIST', 'pki/certs').catch(() => undefined);
      const { keys } = (listed?.['data'] ?? { keys: [] }) as { keys: readonly string[] };
      const serialNumbers = keys.map(async (serialNumber) => {
        const { data } = (await bao.root('GET', `pki/cert/${serialNumber}`)) as unknown as {
          data: { certificate: string; revocation_time: number };
        };
        const { subjectAltName } = new X509Certificate(data.certificate);
        const counts = data.revocation_time === 0 && subjectAltName === `DNS:${dnsName}`;
        return counts ? [BigInt(`0x${serialNumber.replaceAll(/[:-]/g, '')}`)] : [];
      });
      return (await Promise.all(serialNumbers)).flat();
    },
    async delivered(name) {
      const found = await bao.root('GET', `secret/data/payments/${name}`).catch(() => undefined);
      const fields = (found?.['data'] as { data: Readonly<Record<string, string>> } | undefined)?.data;
      return fields && `${fields['chain'] ?? ''}\n${fields['privateKey'] ?? ''}`;
    },
    stop: async () => bao.stop(),
  };
}

function token(kind: TestToken['kind']): Participant['start'] {
  return async () => {
    const made = await makeToken(kind);
    const modules = process.env['IDAC_PKCS11_MODULES'];
    const module = `${kind}=${made.module}`;
    return {
      spec: `  type: pkcs11
  module: ${kind}
  token: { label: ${made.label} }
`,
      environment: {
        ...made.environment,
        IDAC_PKCS11_MODULES: modules === undefined ? module : `${modules}${path.delimiter}${module}`,
      },
      login: { pin: new Secret(made.pin) },
      async keys() {
        const { text } = pkcs11Tool(made, '--list-objects', '--type', 'privkey');
        return [...text.matchAll(/label:\s+(.+)$/gm)].map(([, label]) => label?.trim() ?? '');
      },
      stop: () => made.remove(),
    };
  };
}

/** Participants of one project, each started when it is first asked for, and logged in. */
export interface Composition {
  join(name: string): Promise<Running>;
  stop(): Promise<void>;
}

export function compose(place: TempProject): Composition {
  const joined = new Map<string, Promise<Running>>();
  const before = new Map<string, string | undefined>();
  async function start(name: string): Promise<Running> {
    const participant = PARTICIPANTS.find((each) => each.name === name);
    if (participant === undefined) throw new Error(`no participant ${name}`);
    const running = await participant.start(place);
    for (const [variable, value] of Object.entries(running.environment)) {
      if (!before.has(variable)) before.set(variable, process.env[variable]);
      process.env[variable] = value;
    }
    const owner = '  owner: { team: platform, contact: platform@example.com }\n';
    await place.write(
      `${name}.identity.yaml`,
      `apiVersion: identity-as-code/v1\nkind: Backend\nmetadata: { name: ${name} }\nspec:\n${owner}${running.spec}`,
    );
    const project = await place.open();
    await logIn(project, name, running.login);
    await project.close();
    return running;
  }
  return {
    join(name) {
      const running = joined.get(name) ?? start(name);
      joined.set(name, running);
      return running;
    },
    async stop() {
      for (const running of await Promise.allSettled(joined.values()))
        if (running.status === 'fulfilled') await running.value.stop();
      for (const [variable, value] of before)
        if (value === undefined) delete process.env[variable];
        else process.env[variable] = value;
    },
  };
}

async function logIn(project: Project, name: string, values: Login['values'] | undefined): Promise<void> {
  if (values === undefined) return;
  await project.logins.confirm(name);
  await project.logins.logIn(name, values, NEVER);
}
