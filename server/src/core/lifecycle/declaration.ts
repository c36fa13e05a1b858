import type { KeyAlgorithm } from '../credential/keyAlgorithm.ts';
import type { IdentityId } from '../identity/identityId.ts';
import type { CredentialRequest } from './credentialRequest.ts';
import { fillMachine, namesMachine } from './credentialRequest.ts';
import type { DeliveryContent } from './deliveryContent.ts';
import type { KeyOrigin } from './event.ts';
import type { KeystoreFormat, KeystorePlace } from './keystorePlace.ts';
import type { DeliveryPlace } from './task.ts';

/** An identity's manifest as the lifecycle sees it: references by name, durations in seconds, defaults filled in. */
export interface Declaration {
  readonly identity: IdentityId;
  /** The manifest's file, relative to the project root. */
  readonly file: string;
  /** Backend that makes it: `spec.issuer`, `store` or `registry`. Null: not named, and it is renewed elsewhere. */
  readonly issuer: string | null;
  readonly request: CredentialRequest;
  /** Null: neither manifest nor project says; the issuer's default counts. */
  readonly durationSeconds: number | null;
  /** Null: it has no key of its own. */
  readonly key: {
    readonly algorithm: KeyAlgorithm;
    readonly origin: KeyOrigin;
    readonly store: string | null;
    readonly requestPath: string | null;
    readonly changesOnRenewal: boolean;
    /** The store keeps the former key for what it protected before. */
    readonly keepsFormer: boolean;
  } | null;
  readonly keyPer: 'machine' | 'identity';
  readonly machines: readonly string[];
  readonly renewal: {
    readonly by: 'idac' | 'machine' | 'backend';
    /** Seconds before the end, or a share of the lifetime (0..1). */
    readonly before: { readonly seconds: number } | { readonly share: number };
    readonly overlapSeconds: number;
  };
  readonly deliveries: readonly {
    readonly backend: string;
    /** Null: the backend's default. */
    readonly as: string | null;
    readonly path: string;
    readonly contents: readonly DeliveryContent[];
    readonly mode: number | null;
    /** As declared: `{machine}` is not filled in yet. */
    readonly keystore?: {
      readonly format: KeystoreFormat;
      /** Left out: the identity's name, with the machine's. */
      readonly alias?: string;
      /** Left out by mistake: refused. */
      readonly passwordFile?: string;
    };
    readonly owner?: string;
    readonly reload?: string;
  }[];
  readonly endpoints: readonly string[];
  readonly consumers: readonly string[];
}

/** Whose credentials there are: one per machine, or one (null) when no machine is named or the key is shared on purpose. */
export function bearersOf(declaration: Declaration): readonly (string | null)[] {
  return declaration.keyPer === 'identity' || declaration.machines.length === 0
    ? [null]
    : declaration.machines;
}

/** The places of one bearer's credential. A key shared on purpose goes to each machine's place. */
export function placesOf(
  declaration: Declaration,
  bearer: string | null,
  defaultTargetOf: (backend: string) => string,
): readonly DeliveryPlace[] {
  return declaration.deliveries.flatMap((delivery) => {
    const place = (machine: string | null): DeliveryPlace => {
      const filled = (text: string) => (machine === null ? text : fillMachine(text, machine));
      const keystore = keystoreOf(declaration, delivery, machine, filled);
      return {
        backend: delivery.backend,
        as: delivery.as ?? defaultTargetOf(delivery.backend),
        path: filled(delivery.path),
        contents: delivery.contents,
        ...(delivery.mode === null ? {} : { mode: delivery.mode }),
        ...(keystore === undefined ? {} : { keystore }),
        ...(delivery.owner === undefined ? {} : { owner: delivery.owner }),
        ...(delivery.reload === undefined ? {} : { reload: delivery.reload }),
      };
    };
    if (bearer !== null) return [place(bearer)];
    return namesMachine(delivery.path) ? declaration.machines.map(place) : [place(null)];
  });
}

function keystoreOf(
  { identity }: Declaration,
  { keystore }: Declaration['deliveries'][number],
  machine: string | null,
  filled: (text: string) => string,
): KeystorePlace | undefined {
  if (keystore === undefined) return undefined;
  const { format, alias, passwordFile = '' } = keystore;
  const name = machine === null ? identity.name : `${identity.name}-${machine}`;
  return { format, alias: alias === undefined ? name : filled(alias), passwordFile: filled(passwordFile) };
}

export function placeKey(place: Pick<DeliveryPlace, 'backend' | 'path'>): string {
  return JSON.stringify([place.backend, place.path]);
}
