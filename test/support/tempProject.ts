import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Project, Unlock } from '../../server/src/app/api.ts';
import { openProject } from '../../server/src/app/openProject.ts';
import { Secret } from '../../server/src/core/secret.ts';

/** A project in a folder of its own, with the user's state beside it and not in the home of whoever runs the tests. */
export interface TempProject {
  readonly root: string;
  readonly stateHome: string;
  /** 32 bytes in hex that open the sealed store (`keyUnlock`). */
  readonly unlockKey: string;
  write(file: string, text: string): Promise<void>;
  open(options?: {
    now?: () => Date;
    trusted?: boolean;
    root?: string;
    answerMilliseconds?: number;
  }): Promise<Project>;
  remove(): Promise<void>;
}

/** A key made by every run: opening the store with it costs nothing, unlike a passphrase. */
export function keyUnlock(hex: string): Unlock {
  return { how: 'key', key: new Secret(Uint8Array.from(Buffer.from(hex, 'hex'))), keyName: 'test' };
}

export async function tempProject(files: Readonly<Record<string, string>>): Promise<TempProject> {
  const base = await mkdtemp(path.join(tmpdir(), 'idac-test-'));
  const root = path.join(base, 'project');
  const stateHome = path.join(base, 'state');
  const unlockKey = randomBytes(32).toString('hex');
  await mkdir(root);
  const write = async (file: string, text: string) => {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  };
  for (const [file, text] of Object.entries(files)) await write(file, text);
  return {
    root,
    stateHome,
    unlockKey,
    write,
    open: (options = {}) =>
      openProject({
        root: options.root ?? root,
        trusted: options.trusted ?? true,
        unlock: keyUnlock(unlockKey),
        stateHome,
        actor: 'tester',
        ...(options.now === undefined ? {} : { clock: { now: options.now } }),
        ...(options.answerMilliseconds === undefined
          ? {}
          : { answerMilliseconds: options.answerMilliseconds }),
      }),
    remove: () => rm(base, { recursive: true, force: true }),
  };
}

/** Manifests of a small project: one local backend, one certificate on two machines, delivered to files. */
export const TWO_MACHINES: Readonly<Record<string, string>> = {
  'backends.identity.yaml': `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local-ca }
spec:
  type: local
  owner: { team: platform, contact: platform@example.com }
---
apiVersion: identity-as-code/v1
kind: Machine
metadata: { name: api-1 }
spec: { type: server, provider: lab, owner: { team: payments }, network: { location: berlin } }
---
apiVersion: identity-as-code/v1
kind: Machine
metadata: { name: api-2 }
spec: { type: server, provider: lab, owner: { team: payments }, network: { location: berlin } }
`,
  'api.identity.yaml': `apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: api, namespace: payments }
spec:
  owner: { team: payments, contact: payments@example.com }
  machines: [api-1, api-2]
  dnsNames: [api.example.com]
  key: { algorithm: ECDSA-P256, origin: engine }
  issuer: local-ca
  duration: 30d
  deliverTo:
    - { backend: local-ca, path: "tls/{machine}/tls.pem", contents: [chain, privateKey] }
`,
};
