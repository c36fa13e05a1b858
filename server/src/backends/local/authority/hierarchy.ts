import { buildIntermediate, buildRoot } from '../../../core/credential/build/certificate.ts';
import { nameOf } from '../../../core/credential/build/distinguishedName.ts';
import { type IssuerCertificate, readIssuerCertificate } from '../../../core/credential/build/issuer.ts';
import type { Signer } from '../../../core/ports.ts';
import type { BackendContext } from '../../contract.ts';
import { BackendError } from '../../errors.ts';
import { newSerialNumber } from '../../serialNumber.ts';
import type { AuthoritySettings } from '../configuration.ts';
import { type AuthorityName, openAuthorityKeys } from './authorityKeys.ts';
import { BACKDATE_SECONDS, secondsAfter } from './validity.ts';

/** One CA that signs leaves. Its number is in its name and in the names of its files. */
export interface IssuingAuthority {
  readonly number: number;
  readonly certificate: IssuerCertificate;
}

/**
 * The offline root and the issuing CAs below it. Certificates are public state; each key is sealed under its own name, or
 * kept by another backend; the root's is used for one thing alone: to sign an issuing CA.
 */
export interface Hierarchy {
  /** What exists; makes nothing. */
  root(): Promise<IssuerCertificate | undefined>;
  /** What exists, newest first; makes nothing. */
  issuing(): Promise<readonly IssuingAuthority[]>;
  /** The issuing CA to sign a leaf that ends at `notAfter`; made when there is none, or none that lives so long. */
  issuingUntil(notAfter: Date, signal: AbortSignal): Promise<IssuingAuthority>;
  signerOf(authority: IssuingAuthority, signal: AbortSignal): Promise<Signer>;
  /** The backends that keep the keys of root and newest issuing CA, where they are not sealed here. */
  keyStores(): Promise<readonly string[]>;
}

const ROOT = 'authority/root.der';

export function openHierarchy(context: BackendContext, settings: AuthoritySettings): Hierarchy {
  const { state, clock, hasher, random } = context;
  const keys = openAuthorityKeys(context, settings.keyStore);

  const root = (): Promise<IssuerCertificate | undefined> => readCertificate(ROOT);

  async function readCertificate(file: string): Promise<IssuerCertificate | undefined> {
    const der = await state.read(file);
    return der === undefined ? undefined : (readIssuerCertificate(der) ?? damaged(file));
  }

  async function issuing(): Promise<readonly IssuingAuthority[]> {
    const found: IssuingAuthority[] = [];
    for (let number = 1; ; number++) {
      const certificate = await readCertificate(issuingFile(number));
      if (certificate === undefined) return found.reverse();
      found.push({ number, certificate });
    }
  }

  async function issuingUntil(notAfter: Date, signal: AbortSignal): Promise<IssuingAuthority> {
    const newest = (await issuing())[0];
    if (newest !== undefined && newest.certificate.notAfter >= notAfter) return newest;
    return state.locked('authority', () => makeIssuing(notAfter, signal), signal);
  }

  /**
   * Under the lock. Each key is made before the certificate that names it is written, and a key that is there is used,
   * so a run that was killed at any point is completed by the next one.
   */
  async function makeIssuing(notAfter: Date, signal: AbortSignal): Promise<IssuingAuthority> {
    const newest = (await issuing())[0];
    if (newest !== undefined && newest.certificate.notAfter >= notAfter) return newest;
    const anchor = (await root()) ?? (await makeRoot(signal));
    if (anchor.notAfter < notAfter) throw beyondRoot(notAfter, anchor.notAfter);
    const number = (newest?.number ?? 0) + 1;
    const own = await keys.keyFor(number, settings.keyAlgorithm, signal);
    const signer = await keys.signer('root', anchor.spki, signal);
    const now = clock.now();
    const wanted = secondsAfter(now, settings.issuingSeconds);
    const der = await buildIntermediate(
      {
        name: nameOf(`${settings.commonName} Issuing CA ${number}`, settings.organization),
        spki: own.spki,
        pathLength: 0,
        serialNumber: newSerialNumber(random),
        validity: {
          notBefore: secondsAfter(now, -BACKDATE_SECONDS),
          notAfter: wanted < anchor.notAfter && wanted >= notAfter ? wanted : anchor.notAfter,
        },
        issuer: { name: anchor.name, keyIdentifier: anchor.keyIdentifier, signer },
      },
      hasher,
      signal,
    );
    await state.write(issuingFile(number), der);
    return { number, certificate: readIssuerCertificate(der) ?? damaged(issuingFile(number)) };
  }

  async function makeRoot(signal: AbortSignal): Promise<IssuerCertificate> {
    const signer = await keys.keyFor('root', settings.keyAlgorithm, signal);
    const now = clock.now();
    const der = await buildRoot(
      {
        name: nameOf(`${settings.commonName} Root CA`, settings.organization),
        serialNumber: newSerialNumber(random),
        validity: {
          notBefore: secondsAfter(now, -BACKDATE_SECONDS),
          notAfter: secondsAfter(now, settings.rootSeconds),
        },
        signer,
      },
      hasher,
      signal,
    );
    await state.write(ROOT, der);
    return readIssuerCertificate(der) ?? damaged(ROOT);
  }

  return {
    root,
    issuing,
    issuingUntil,
    signerOf: ({ number, certificate }, signal) => keys.signer(number, certificate.spki, signal),
    async keyStores() {
      const [newest] = await issuing();
      const names: readonly AuthorityName[] = newest === undefined ? ['root'] : ['root', newest.number];
      const stores = await Promise.all(names.map((name) => keys.storeOf(name)));
      return [...new Set(stores.filter((store) => store !== undefined))];
    },
  };
}

function issuingFile(number: number): string {
  return `authority/issuing-${number}.der`;
}

function damaged(file: string): never {
  throw new BackendError({
    kind: 'corrupt',
    what: `the state file ${file} of this backend holds no CA certificate`,
    hint: 'restore it from a backup of the state folder (`idac doctor` names the folder)',
  });
}

function beyondRoot(notAfter: Date, end: Date): BackendError {
  return new BackendError({
    kind: 'invalid-request',
    what: `the certificate would end on ${day(notAfter)}, after the root of this authority on ${day(end)}`,
    hint: 'declare a shorter duration, or set up a Backend with another spec.store and distribute its new root',
  });
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
