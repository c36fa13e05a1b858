/** What the kinds of identities have in common, whatever each calls it. */
import type { ProjectIndex } from '../identity/projectIndex.ts';
import type { DeliveryContent } from '../lifecycle/deliveryContent.ts';
import type { ManifestPath } from '../manifest/path.ts';
import type { IdentityResource } from '../manifest/resource.ts';
import { defaultsFor } from '../policy/defaults.ts';
import type { Renewal } from '../schema/generated/specs.ts';

/** One item of `deliverTo`, with what it delivers where `contents` is left out. */
export interface DeliveryPart {
  readonly path: ManifestPath;
  readonly backend: string;
  readonly as: string | undefined;
  readonly to: string;
  readonly contents: readonly DeliveryContent[];
  readonly mode: string | undefined;
  /** Command that is run once it is written. */
  readonly reload: string | undefined;
  /** Of a certificate: how the file is laid out. */
  readonly packing: Packing;
}

export interface Packing {
  readonly format?: 'pem' | 'pkcs12' | 'jks';
  readonly alias?: string;
  readonly passwordFile?: string;
}

const DEFAULT_CONTENTS: Readonly<Record<IdentityResource['kind'], readonly DeliveryContent[]>> = {
  Certificate: ['chain'],
  Key: ['publicKey'],
  SshKey: ['publicKey'],
  SshCertificate: ['certificate'],
  Token: ['token'],
  Workload: [],
};

/** Of a usable manifest. */
export function deliveriesOf(resource: IdentityResource): readonly DeliveryPart[] {
  if (resource.kind === 'Workload') return [];
  const packings: readonly Packing[] = resource.kind === 'Certificate' ? (resource.spec.deliverTo ?? []) : [];
  return (resource.spec.deliverTo ?? []).map(({ backend, as, path, contents, mode, reload }, place) => ({
    path: ['spec', 'deliverTo', place],
    packing: packings[place] ?? {},
    reload,
    backend,
    as,
    to: path,
    contents: contents ?? DEFAULT_CONTENTS[resource.kind],
    mode,
  }));
}

/** How the private key is made, for the kinds that leave it open. */
export interface KeyPart {
  readonly origin: 'machine' | 'store' | 'engine' | 'service' | undefined;
  readonly store: string | undefined;
  /** Field of `spec.key` with the file that comes from the machine: a certificate request, a public key. */
  readonly fromMachine: 'csr' | 'publicKey';
  readonly file: string | undefined;
  readonly rotationPolicy: 'Always' | 'Never' | undefined;
}

export function keyOf(resource: IdentityResource): KeyPart | undefined {
  switch (resource.kind) {
    case 'Certificate': {
      const { origin, store, csr, rotationPolicy } = resource.spec.key ?? {};
      return { origin, store, fromMachine: 'csr', file: csr, rotationPolicy };
    }
    case 'SshCertificate': {
      const { origin, store, publicKey, rotationPolicy } = resource.spec.key ?? {};
      return { origin, store, fromMachine: 'publicKey', file: publicKey, rotationPolicy };
    }
    case 'SshKey': {
      const { origin, store, publicKey } = resource.spec.key ?? {};
      return { origin, store, fromMachine: 'publicKey', file: publicKey, rotationPolicy: undefined };
    }
    default:
      return undefined;
  }
}

export interface Bearers {
  readonly machines: readonly string[];
  /** Each machine has its own. */
  readonly isPerMachine: boolean;
}

export function bearersOf(resource: IdentityResource): Bearers {
  if (resource.kind === 'Workload') return { machines: [], isPerMachine: false };
  const { machines = [], keyPer } = resource.spec;
  return { machines, isPerMachine: keyPer !== 'identity' };
}

export interface RenewalPart {
  readonly duration: string | undefined;
  readonly renewal: Renewal | undefined;
}

/** As the manifest says it, else what is filled in. */
export function renewalOf(resource: IdentityResource, index: ProjectIndex): RenewalPart {
  if (resource.kind === 'Workload') return { duration: undefined, renewal: undefined };
  const { duration, renewal } = defaultsFor(resource, index).values;
  const { spec } = resource;
  return { duration: spec.duration ?? duration, renewal: { ...renewal, ...spec.renewal } };
}
