import { credentialBadMac } from '../findings/credentialBadMac.ts';
import { credentialEmpty } from '../findings/credentialEmpty.ts';
import { decodeJks, JKS_ENCRYPTION } from '../jks.ts';
import { certificateItem } from './certificateItem.ts';
import type { CredentialItem } from './item.ts';
import { lockedKeyItem, privateKeyItem } from './keyItem.ts';
import { damage, findingAt, inside, itemAt, type Place, passwordsOf } from './place.ts';

/** The entries of a Java key store. Its certificates lie open; a key needs the password. */
export function* jksSteps(place: Place, bytes: Uint8Array): Generator<void, readonly CredentialItem[]> {
  const { value, problems } = decodeJks(bytes, passwordsOf(place.context), place.context.hasher);
  const own = [...damage(place, problems)];
  const items: CredentialItem[] = [];
  for (const entry of value.entries) {
    yield;
    const within = inside(place, 'JKS', entry.alias);
    if (entry.kind === 'certificate') {
      items.push(certificateItem(within, entry.der));
      continue;
    }
    items.push(
      entry.der === undefined
        ? lockedKeyItem(within, 'PKCS#8', JKS_ENCRYPTION)
        : privateKeyItem(within, entry.der, JKS_ENCRYPTION),
      ...entry.chain.map((der) => certificateItem(within, der)),
    );
  }
  // Without a password, that the digest does not fit says nothing.
  if (value.integrity === 'bad' && problems.length === 0 && place.context.password !== undefined) {
    const message =
      'the digest of the Java key store does not fit the password given: another password, or a changed file';
    own.push(findingAt(place, credentialBadMac, message));
  } else if (items.length === 0 && own.length === 0) {
    own.push(findingAt(place, credentialEmpty, 'the Java key store holds nothing'));
  }
  return own.length === 0 ? items : [...items, itemAt(place, 'container', 'JKS', { findings: own })];
}
