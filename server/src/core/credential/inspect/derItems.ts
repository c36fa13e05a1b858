import { readDer } from '../der.ts';
import { credentialBadMac } from '../findings/credentialBadMac.ts';
import { credentialEmpty } from '../findings/credentialEmpty.ts';
import { decodeBundle } from '../pkcs7.ts';
import { decodePkcs12 } from '../pkcs12.ts';
import { attempt } from '../problem.ts';
import { certificateItem, requestItem, revocationListItem } from './certificateItem.ts';
import { type DerKind, derKind } from './derKind.ts';
import type { CredentialItem } from './item.ts';
import {
  encryptedKeyItem,
  lockedFinding,
  lockedKeyItem,
  privateKeyItem,
  publicKeyItem,
  rsaPublicKeyItem,
} from './keyItem.ts';
import { damage, findingAt, inside, itemAt, type Place, passwordsOf } from './place.ts';

/**
 * The credentials of a file in DER: mostly one, but some programs put several behind each other. What follows the last
 * one and is none stays with it, and is reported there.
 */
export function* derFileSteps(place: Place, bytes: Uint8Array): Generator<void, readonly CredentialItem[]> {
  const items: CredentialItem[] = [];
  for (let at = 0; at < bytes.length; ) {
    const rest = bytes.subarray(at);
    const kind = derKind(rest);
    if (kind === undefined) break;
    const end = attempt([], 'the end', () => readDer(rest).end) ?? rest.length;
    const more = end < rest.length && derKind(rest.subarray(end)) !== undefined;
    const one = more ? rest.subarray(0, end) : rest;
    const found = kind === 'pkcs7' ? yield* bundleSteps(place, one) : itemsOfDer(place, one, kind);
    for (const item of found) items.push(item);
    yield;
    if (!more) break;
    at += end;
  }
  return items;
}

/** All steps at once, for what is small. */
export function drained<T>(steps: Generator<void, T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

/** At least one item, whatever state the data is in. */
export function itemsOfDer(place: Place, der: Uint8Array, kind: DerKind): readonly CredentialItem[] {
  switch (kind) {
    case 'certificate':
      return [certificateItem(place, der)];
    case 'certificate-request':
      return [requestItem(place, der)];
    case 'crl':
      return [revocationListItem(place, der)];
    case 'public-key':
      return [publicKeyItem(place, der)];
    case 'rsa-public-key':
      return [rsaPublicKeyItem(place, der)];
    case 'private-key':
      return [privateKeyItem(place, der)];
    case 'encrypted-private-key':
      return [encryptedKeyItem(place, der)];
    case 'pkcs7':
      return drained(bundleSteps(place, der));
    case 'pkcs12':
      return pkcs12Items(place, der);
    default:
      return kind satisfies never;
  }
}

function* bundleSteps(place: Place, der: Uint8Array): Generator<void, readonly CredentialItem[]> {
  const { value, problems } = decodeBundle(der);
  const findings = damage(place, problems);
  const within = inside(place, 'PKCS#7');
  if (value !== undefined && value.kind !== 'signed') {
    const what =
      value.kind === 'other'
        ? 'holds no certificates'
        : `is ${value.kind}: it can only be read by its receiver`;
    const message = `the PKCS#7 file ${what}`;
    return [
      itemAt(place, value.kind === 'other' ? 'container' : 'encrypted', 'PKCS#7', {
        encrypted: value.kind !== 'other',
        findings: [...findings, findingAt(place, credentialEmpty, message)],
      }),
    ];
  }
  const items: CredentialItem[] = [];
  for (const each of value?.certificates ?? []) {
    items.push(certificateItem(within, each));
    yield;
  }
  for (const each of value?.revocationLists ?? []) {
    items.push(revocationListItem(within, each));
    yield;
  }
  if (items.length > 0 && findings.length === 0) return items;
  const empty =
    findings.length > 0
      ? findings
      : [findingAt(place, credentialEmpty, 'the PKCS#7 file holds no certificate and no CRL')];
  return [...items, itemAt(place, 'container', 'PKCS#7', { findings: empty })];
}

function pkcs12Items(place: Place, der: Uint8Array): readonly CredentialItem[] {
  const { value, problems } = decodePkcs12(der, passwordsOf(place.context), place.context);
  const own = [...damage(place, problems)];
  const items: CredentialItem[] = [];
  for (const bag of value?.bags ?? []) {
    const within = inside(place, 'PKCS#12', bag.name ?? null);
    switch (bag.kind) {
      case 'certificate':
        items.push(certificateItem(within, bag.der));
        break;
      case 'crl':
        items.push(revocationListItem(within, bag.der));
        break;
      case 'privateKey':
        items.push(privateKeyItem(within, bag.der, bag.encryption ?? null));
        break;
      case 'lockedKey':
        items.push(lockedKeyItem(within, 'PKCS#8', bag.encryption));
        break;
      case 'other':
        items.push(itemAt(within, 'unknown', null, { label: bag.name ?? bag.oid }));
        break;
      default:
        bag satisfies never;
    }
  }
  for (const encryption of value?.lockedSafes ?? []) {
    const within = inside(place, 'PKCS#12');
    const findings = [lockedFinding(within, 'a safe of the PKCS#12 file', encryption)];
    items.push(itemAt(within, 'encrypted', 'PKCS#12', { encrypted: true, encryption, findings }));
  }
  const expected = place.context.password === undefined && items.some(({ encrypted }) => encrypted);
  if (value?.mac?.state === 'bad' && !expected) {
    own.push(findingAt(place, credentialBadMac, badMac(place, value.mac.name)));
  } else if (value !== undefined && items.length === 0 && own.length === 0) {
    own.push(findingAt(place, credentialEmpty, 'the PKCS#12 file holds nothing'));
  }
  return own.length === 0 ? items : [...items, itemAt(place, 'container', 'PKCS#12', { findings: own })];
}

function badMac(place: Place, mac: string): string {
  const tried = place.context.password === undefined ? 'an empty password' : 'the password given';
  return `the MAC of the PKCS#12 file (${mac}) does not fit ${tried}: another password, or a changed file`;
}
