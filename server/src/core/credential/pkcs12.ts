/** PKCS#12 (RFC 7292): certificates and keys under one password. */
import {
  content,
  context,
  type Der,
  DerError,
  elements,
  fieldsOf,
  objectIdentifier,
  octetString,
  readDer,
  sequence,
  smallInteger,
  stringOf,
  TAG,
  whole,
} from './der.ts';
import { type Encryption, readEncryptedKey, readEncryption, type Tools } from './encryption.ts';
import { type Mac, readMac } from './mac.ts';
import { OID } from './oid.ts';
import { attempt, type Decoded, type Problem } from './problem.ts';

type Bag =
  | { readonly kind: 'certificate' | 'crl'; readonly der: Uint8Array; readonly name?: string }
  /** `encryption`: how it was sealed within the file, if it was. Private: never to be shown. */
  | {
      readonly kind: 'privateKey';
      readonly der: Uint8Array;
      readonly encryption?: string;
      readonly name?: string;
    }
  /** A key that stayed locked. */
  | { readonly kind: 'lockedKey'; readonly encryption: string; readonly name?: string }
  | { readonly kind: 'other'; readonly oid: string; readonly name?: string };

export interface DecodedPkcs12 {
  readonly bags: readonly Bag[];
  /** Safes that stayed locked, with how they are encrypted. */
  readonly lockedSafes: readonly string[];
  readonly mac: { readonly name: string; readonly state: 'good' | 'bad' | 'not-checked' } | undefined;
}

const MAX_BAGS = 10_000;
const MAX_NESTING = 8;

/** Tries the passwords in their order; the MAC tells which is right. */
export function decodePkcs12(
  der: Uint8Array,
  passwords: readonly string[],
  tools: Tools,
): Decoded<DecodedPkcs12 | undefined> {
  const problems: Problem[] = [];
  const value = attempt(problems, 'the PKCS#12 file', () => readPfx(der, passwords, tools, problems));
  return { value, problems };
}

function readPfx(
  der: Uint8Array,
  passwords: readonly string[],
  tools: Tools,
  problems: Problem[],
): DecodedPkcs12 {
  const fields = sequence(readDer(der), 'the file');
  smallInteger(fields.any('the version'), 'the version');
  const safe = sequence(fields.any('the safe'), 'the safe');
  const type = objectIdentifier(safe.any('the type of the safe'), 'the type of the safe');
  if (type !== OID.data) throw new DerError(`the safe is of type ${type}, which is not read`, 0);
  const data = octetString(fieldsOf(safe.any('the content')).any('the content'), 'the content');
  const mac = fields.more() ? attempt(problems, 'the MAC', () => readMac(fields.any('the MAC'))) : undefined;
  const { password, state } = choosePassword(mac, passwords, data, tools);
  const opener: Opener = { passwords: password === undefined ? passwords : [password], tools, problems };
  const bags: Bag[] = [];
  const lockedSafes: string[] = [];
  for (const each of elements(readDer(data))) {
    attempt(problems, 'a safe', () => {
      const opened = openSafe(each, opener);
      if ('locked' in opened) lockedSafes.push(opened.locked);
      else readBags(readDer(opened.plain), opener, bags, 0);
    });
  }
  return { bags, lockedSafes, mac: mac && { name: mac.name, state } };
}

interface Opener {
  readonly passwords: readonly string[];
  readonly tools: Tools;
  readonly problems: Problem[];
}

function choosePassword(
  mac: Mac | undefined,
  passwords: readonly string[],
  data: Uint8Array,
  tools: Tools,
): { password: string | undefined; state: 'good' | 'bad' | 'not-checked' } {
  let state: 'bad' | 'not-checked' = 'not-checked';
  for (const password of mac === undefined ? [] : passwords) {
    const good = mac?.check(password, data, tools);
    if (good === true) return { password, state: 'good' };
    if (good === false) state = 'bad';
  }
  return { password: undefined, state };
}

function open(
  encryption: Encryption,
  data: Uint8Array,
  { passwords, tools }: Opener,
): Uint8Array | undefined {
  for (const password of passwords) {
    const plain = encryption.open(password, data, tools);
    // One wrong key in 256 leaves padding that looks right: what comes out has to be DER as well.
    if (plain !== undefined && isOneElement(plain)) return plain;
  }
  return undefined;
}

function isOneElement(plain: Uint8Array): boolean {
  const problems: Problem[] = [];
  return attempt(problems, 'the content', () => readDer(plain).end === plain.length) ?? false;
}

function openSafe(node: Der, opener: Opener): { plain: Uint8Array } | { locked: string } {
  const fields = sequence(node, 'a safe');
  const type = objectIdentifier(fields.any('its type'), 'its type');
  const inner = fieldsOf(fields.any('its content')).any('its content');
  if (type === OID.data) return { plain: octetString(inner, 'its content') };
  if (type === OID.envelopedData) return { locked: 'encrypted to a public key' };
  if (type !== OID.encryptedData) throw new DerError(`a safe of type ${type} is not read`, node.start);
  const encrypted = sequence(inner, 'its content');
  encrypted.take(TAG.integer, 'its version');
  const info = sequence(encrypted.any('its content'), 'its content');
  info.take(TAG.oid, 'its type');
  const encryption = readEncryption(info.take(TAG.sequence, 'its encryption'));
  const data = octetString(info.any('its data'), 'its data', context(0, 'primitive'));
  const plain = open(encryption, data, opener);
  return plain === undefined ? { locked: encryption.name } : { plain };
}

function readBags(list: Der, opener: Opener, bags: Bag[], depth: number): void {
  for (const node of elements(list)) {
    if (bags.length >= MAX_BAGS) throw new DerError(`there are more than ${MAX_BAGS} bags`, node.start);
    attempt(opener.problems, 'a bag', () => readBag(node, opener, bags, depth));
  }
}

function readBag(node: Der, opener: Opener, bags: Bag[], depth: number): void {
  const fields = sequence(node, 'a bag');
  const oid = objectIdentifier(fields.any('its type'), 'its type');
  const value = fieldsOf(fields.take(context(0), 'its value')).any('its value');
  const attributes = fields.optional(TAG.set);
  const named = attributes === undefined ? {} : friendlyName(attributes);
  switch (oid) {
    case '1.2.840.113549.1.12.10.1.1':
      bags.push({ kind: 'privateKey', der: whole(value), ...named });
      return;
    case '1.2.840.113549.1.12.10.1.2': {
      const { encryption, data } = readEncryptedKey(value);
      const plain = open(encryption, data, opener);
      bags.push(
        plain === undefined
          ? { kind: 'lockedKey', encryption: encryption.name, ...named }
          : { kind: 'privateKey', der: plain, encryption: encryption.name, ...named },
      );
      return;
    }
    case '1.2.840.113549.1.12.10.1.3':
    case '1.2.840.113549.1.12.10.1.4': {
      const typed = sequence(value, 'its value');
      const type = objectIdentifier(typed.any('its type'), 'its type');
      const der = octetString(fieldsOf(typed.any('its content')).any('its content'), 'its content');
      const isCertificate = oid.endsWith('.3');
      if (isCertificate && type !== OID.x509Certificate) bags.push({ kind: 'other', oid: type, ...named });
      else bags.push({ kind: isCertificate ? 'certificate' : 'crl', der, ...named });
      return;
    }
    case '1.2.840.113549.1.12.10.1.6':
      if (depth >= MAX_NESTING) throw new DerError('safes are nested too deep', node.start);
      readBags(value, opener, bags, depth + 1);
      return;
    default:
      bags.push({ kind: 'other', oid, ...named });
  }
}

function friendlyName(attributes: Der): { readonly name?: string } {
  for (const attribute of elements(attributes)) {
    const fields = sequence(attribute, 'an attribute');
    if (objectIdentifier(fields.any('its type'), 'its type') !== OID.friendlyName) continue;
    const values = fields.any('its value');
    const name = content(values).length === 0 ? undefined : stringOf(fieldsOf(values).any('its value'));
    return name === undefined ? {} : { name };
  }
  return {};
}
