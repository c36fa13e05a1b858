// The one way to `@peculiar/x509`: tsyringe, which it rests on, must find Reflect's metadata functions when it is loaded.
import 'reflect-metadata';

// Its classes make extensions. Not taken from it: its generators, since they sign with a CryptoKey and our keys may never
// leave an HSM; its key identifiers, which are SHA-1 by WebCrypto; and its `Name`, whose text parser skips what it does
// not understand (`distinguishedName.ts` says more).
export {
  AuthorityInfoAccessExtension,
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CRLDistributionPointsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
} from '@peculiar/x509';
