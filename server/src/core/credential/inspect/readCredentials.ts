/** From the octets of one file to the credentials in it, whatever their format. */
import { decodeBase64 } from '../base64.ts';
import { decodeTextFile } from '../charset.ts';
import { decodeEmbeddedPem } from '../embeddedPem.ts';
import { credentialEmpty } from '../findings/credentialEmpty.ts';
import { credentialUnknownFormat } from '../findings/credentialUnknownFormat.ts';
import { isJks } from '../jks.ts';
import { decodeJwks } from '../jwk.ts';
import { decodePem } from '../pem.ts';
import { decodePutty } from '../putty.ts';
import { readSshKeyLines } from '../ssh/keyLines.ts';
import { isSshRevocationList } from '../ssh/revocationList.ts';
import { readSsh2PublicKeys } from '../ssh/ssh2PublicKey.ts';
import { derFileSteps, drained, itemsOfDer } from './derItems.ts';
import { derKind } from './derKind.ts';
import type { CredentialItem } from './item.ts';
import { jksSteps } from './jksItems.ts';
import { jwkSetItems } from './jwkItems.ts';
import { jwtItems } from './jwtItems.ts';
import { damagedItem } from './keyItem.ts';
import { withMismatches } from './keyMismatches.ts';
import { withoutRepeats } from './lintFindings.ts';
import { mayBeText } from './mayBeText.ts';
import { pemItems } from './pemItems.ts';
import { findingAt, type InspectContext, inside, itemAt, type Place, placeOfFile } from './place.ts';
import { puttyItem, sshBlobItem, sshLineItem } from './sshItems.ts';
import { sshRevocationListItem } from './sshRevocationListItem.ts';
import { unknownMessage } from './unknownFile.ts';
import { withWeaknesses } from './weaknesses.ts';

/** Names that promise a credential: such a file is reported even when nothing in it can be recognized. */
export const CREDENTIAL_NAME =
  /\.(?:pem|crt|cer|cert|ca-bundle|der|key|p12|pfx|jks|p7b|p7c|p7s|p8|pk8|csr|crl|krl|jwk|jwks|jwt|ppk|pub)$|(?:^|\/)(?:authorized_keys2?|known_hosts2?|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?)$/i;

/**
 * `asked`: the file was named by a person, so that it is answered for in any case. A file met in a folder that holds no
 * credential, and does not claim to by its name, gives no items.
 */
export function readCredentials(
  file: string,
  bytes: Uint8Array,
  asked: boolean,
  context: InspectContext,
): readonly CredentialItem[] {
  return drained(readingSteps(file, bytes, asked, context));
}

/** The same in steps, so that a file of thousands of credentials keeps nobody waiting: see `inTurns`. */
export function* readingSteps(
  file: string,
  bytes: Uint8Array,
  asked: boolean,
  context: InspectContext,
): Generator<void, readonly CredentialItem[]> {
  const place = placeOfFile(file, context);
  const items = yield* recognize(place, bytes);
  if (items.length > 0) return withoutRepeats(withWeaknesses(withMismatches(items)));
  if (!asked && !CREDENTIAL_NAME.test(file)) return [];
  if (bytes.every((octet) => octet <= 0x20)) {
    const message = bytes.length === 0 ? 'the file is empty' : 'the file holds only white space';
    return [itemAt(place, 'unknown', null, { findings: [findingAt(place, credentialEmpty, message)] })];
  }
  return [
    itemAt(place, 'unknown', null, {
      findings: [findingAt(place, credentialUnknownFormat, unknownMessage(bytes))],
    }),
  ];
}

function* recognize(place: Place, bytes: Uint8Array): Generator<void, readonly CredentialItem[]> {
  if (bytes[0] === 0x30) {
    const items = yield* derFileSteps(inside(place, 'DER'), bytes);
    if (items.length > 0) return items;
  }
  if (isJks(bytes)) return yield* jksSteps(place, bytes);
  if (isSshRevocationList(bytes)) return [sshRevocationListItem(place, bytes)];
  if (!mayBeText(bytes)) return [];
  const text = decodeTextFile(bytes);
  const items: CredentialItem[] = [];
  for (const block of decodePem(text)) {
    for (const item of pemItems(place, block)) items.push(item);
    yield;
  }
  for (const { block, how } of decodeEmbeddedPem(text)) {
    for (const item of pemItems(inside(place, how), block)) items.push(item);
    yield;
  }
  for (const item of yield* otherText(place, text, items.length > 0)) items.push(item);
  return items;
}

/** Credentials of text that are no PEM; `beside`: there were PEM blocks, so only lines of keys can still follow. */
function* otherText(place: Place, text: string, beside: boolean): Generator<void, readonly CredentialItem[]> {
  if (!beside) {
    const putty = decodePutty(text);
    if (putty !== undefined) return [puttyItem(place, putty)];
    const keys = decodeJwks(text);
    if (keys !== undefined) return jwkSetItems(place, text, keys);
    const tokens = jwtItems(place, text);
    if (tokens.length > 0) return tokens;
  }
  const ssh2 = readSsh2PublicKeys(text).map((key) => {
    const at = { ...place, range: key.range };
    if (key.problem !== undefined)
      return damagedItem(at, 'public-key', 'SSH2', `the SSH2 public key cannot be read: ${key.problem}`);
    return sshBlobItem(at, key.blob, 'SSH2', { label: key.comment === '' ? null : key.comment });
  });
  const isKeyFile = CREDENTIAL_NAME.test(place.file);
  const found = [...ssh2];
  for (const line of readSshKeyLines(text, isKeyFile && !beside)) {
    found.push(sshLineItem({ ...place, range: line.range }, line));
    yield;
  }
  return found.length > 0 || beside ? found : bareBase64(place, text);
}

/** DER as base64 without BEGIN and END, as some consoles and Kubernetes secrets give it. */
function bareBase64(place: Place, text: string): readonly CredentialItem[] {
  // A SEQUENCE of more than 127 octets begins with these signs.
  if (!/^\s*MI[GHIJ]/.test(text.slice(0, 256))) return [];
  const decoded = decodeBase64(text);
  const kind = decoded.ok ? derKind(decoded.bytes) : undefined;
  if (!decoded.ok || kind === undefined) return [];
  return itemsOfDer(inside(place, 'base64'), decoded.bytes, kind);
}
