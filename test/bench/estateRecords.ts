/** What an estate's record says: true certificates of a true authority, in the engine's own events and their chain. */
import { randomBytes } from 'node:crypto';
import { buildLeaf, buildRoot, type Issuer } from '../../server/src/core/credential/build/certificate.ts';
import { readIssuerCertificate } from '../../server/src/core/credential/build/issuer.ts';
import { subjectOf } from '../../server/src/core/credential/build/names.ts';
import { toHex } from '../../server/src/core/credential/octets.ts';
import { buildProjectIndex, type ProjectIndex } from '../../server/src/core/identity/projectIndex.ts';
import { bearersOf, type Declaration, placesOf } from '../../server/src/core/lifecycle/declaration.ts';
import { declarationOf, specDigestOf } from '../../server/src/core/lifecycle/declarationOf.ts';
import type { CredentialFacts, IdentityEvent } from '../../server/src/core/lifecycle/event.ts';
import type { NewEvent } from '../../server/src/core/lifecycle/stateStore.ts';
import { parseManifestFile } from '../../server/src/core/manifest/manifestFile.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { generateSoftwareKey, softwareSigner } from '../../server/src/platform/crypto/softwareKeys.ts';
import { linkEvents, newChain } from '../../server/src/platform/disk/eventChain.ts';

const DAY_MS = 86_400_000;
const SIGNAL = new AbortController().signal;
const ALGORITHM = 'ECDSA-P256';
/** One in so many has run out, and nobody saw it. */
const EXPIRED_EVERY = 47;

type Credential = Pick<Extract<NewEvent, { type: 'issued' }>, 'credential' | 'publicText' | 'key'>;

export interface Recorder {
  /** The events of what a file's identities are; `wanted` tells which of them were issued. */
  eventsOf(file: string, text: string, wanted: (name: string) => boolean): Promise<readonly IdentityEvent[]>;
}

/** Events of one clone, chained in the order in which they are asked for. */
export async function openRecorder(now: Date, shared: ReadonlyMap<string, string>): Promise<Recorder> {
  const common = new Map(
    Array.from(shared, ([file, text]) => [file, parseManifestFile(file, text, undefined, false)] as const),
  );
  const authority = await openAuthority(now);
  let end = newChain(nodeRandom);
  let count = 0;

  return {
    async eventsOf(file, text, wanted) {
      const parsed = parseManifestFile(file, text, undefined, false);
      const index = buildProjectIndex(new Map([...common, [file, parsed] as const]));
      const events: NewEvent[] = [];
      for (const resource of index.identities()) {
        if (!resource.usable || resource.file !== file || !wanted(resource.name)) continue;
        for (const made of await generations(resource, index)) events.push(...made);
      }
      end = linkEvents({ ...end, pending: [] }, events, nodeHasher);
      return end.pending;
    },
  };

  async function generations(
    resource: Parameters<typeof declarationOf>[0],
    index: ProjectIndex,
  ): Promise<readonly NewEvent[][]> {
    const declaration = declarationOf(resource, index);
    const all: NewEvent[][] = [];
    for (const bearer of bearersOf(declaration)) all.push(await generation(declaration, bearer));
    return all;
  }

  async function generation(declaration: Declaration, bearer: string | null): Promise<NewEvent[]> {
    count += 1;
    const lifetime = declaration.durationSeconds ?? 47 * 86_400;
    const age = count % EXPIRED_EVERY === 0 ? 1.05 : ((count * 7919) % 1000) / 1100;
    const notBefore = new Date(Math.floor((now.getTime() - age * lifetime * 1000) / 1000) * 1000);
    const notAfter = new Date(notBefore.getTime() + lifetime * 1000);
    const made = await authority.make(declaration, { notBefore, notAfter });
    const id = randomBytes(10).toString('hex');
    const base = (step: number) => ({
      schemaVersion: 1 as const,
      id: `${id}${step}`,
      at: new Date(notBefore.getTime() + step).toISOString(),
      identity: declaration.identity,
      generation: `g${id}`,
      ...(bearer === null ? {} : { machine: bearer }),
      actor: { name: 'Platform robot', tool: 'idac 0.1.0' },
      planId: `p${id}`,
    });
    const issued: NewEvent = {
      ...base(0),
      type: 'issued',
      backend: declaration.issuer ?? '',
      ...made,
      replaces: [],
      specDigest: specDigestOf(declaration, nodeHasher),
      declaredIn: declaration.file,
    };
    const delivered = placesOf(declaration, bearer, () => 'file').map(
      ({ backend, as, path, contents }, place): NewEvent => ({
        ...base(place + 1),
        type: 'delivered',
        copy: { backend, as, path, contents, version: toHex(nodeHasher.hash('sha256', randomBytes(8))) },
      }),
    );
    return [issued, ...delivered];
  }
}

async function openAuthority(now: Date) {
  const key = await generateSoftwareKey(ALGORITHM);
  const name = subjectOf({
    subject: 'CN=Fernweh Freight Internal,O=Fernweh Freight',
    dnsNames: [],
    ipAddresses: [],
    uris: [],
    emailAddresses: [],
  });
  const validity = {
    notBefore: new Date(now.getTime() - 400 * DAY_MS),
    notAfter: new Date(now.getTime() + 3000 * DAY_MS),
  };
  const signer = softwareSigner(key.pkcs8, ALGORITHM);
  const root = await buildRoot({ serialNumber: serial(), validity, name, signer }, nodeHasher, SIGNAL);
  const read = readIssuerCertificate(root);
  if (read === undefined) throw new Error('the authority is no authority');
  const issuer: Issuer = { name: read.name, keyIdentifier: read.keyIdentifier, signer };
  const rootPem = pem(root);

  return {
    async make(
      { request, identity }: Declaration,
      validity: { readonly notBefore: Date; readonly notAfter: Date },
    ): Promise<Credential> {
      const serialNumber = serial();
      const facts: CredentialFacts = {
        serialNumber: toHex(serialNumber),
        subject: identity.name,
        issuer: 'CN=Fernweh Freight Internal,O=Fernweh Freight',
        notBefore: validity.notBefore.toISOString(),
        notAfter: validity.notAfter.toISOString(),
        fingerprintSha256: toHex(nodeHasher.hash('sha256', serialNumber)),
      };
      if (request.kind !== 'Certificate') return { credential: facts, publicText: '' };
      const leafKey = await generateSoftwareKey(ALGORITHM);
      const der = await buildLeaf(
        {
          serialNumber,
          validity,
          names: request.names,
          spki: leafKey.spki,
          keyAlgorithm: ALGORITHM,
          usages: request.usages,
          urls: {},
          issuer,
        },
        nodeHasher,
        SIGNAL,
      );
      return {
        credential: {
          ...facts,
          keyAlgorithm: ALGORITHM,
          spkiSha256: toHex(nodeHasher.hash('sha256', leafKey.spki)),
          fingerprintSha256: toHex(nodeHasher.hash('sha256', der)),
        },
        publicText: pem(der) + rootPem,
        key: { origin: 'engine', algorithm: ALGORITHM },
      };
    },
  };
}

function serial(): Uint8Array {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
