/** All kinds of files, by whether they hold a secret. */
import type { Kind } from '../draft.ts';
import { AUTHORITIES } from './authorities.ts';
import { CLEAN_NOISE } from './cleanNoise.ts';
import { CLEAN_PLACEHOLDERS } from './cleanPlaceholders.ts';
import { CLEAN_PUBLIC } from './cleanPublic.ts';
import { CLEAN_REFERENCES } from './cleanReferences.ts';
import { CLEAN_SEALED } from './cleanSealed.ts';
import { CLOUD } from './cloud.ts';
import { CONNECTIONS } from './connections.ts';
import { CREDENTIAL_FILES } from './credentialFiles.ts';
import { EMBEDDED_KEYS } from './embeddedKeys.ts';
import { ENROLMENT } from './enrolment.ts';
import { EXPORTS } from './exports.ts';
import { INFRASTRUCTURE } from './infrastructure.ts';
import { KEYSTORE_PASSWORDS } from './keystorePasswords.ts';
import { KUBERNETES } from './kubernetes.ts';
import { PKCS11 } from './pkcs11.ts';
import { PRIVATE_KEYS } from './privateKeys.ts';
import { SERVICE_TOKENS } from './serviceTokens.ts';
import { VAULT } from './vault.ts';

export const SECRET_KINDS: readonly Kind[] = [
  PRIVATE_KEYS,
  EMBEDDED_KEYS,
  KUBERNETES,
  VAULT,
  AUTHORITIES,
  PKCS11,
  KEYSTORE_PASSWORDS,
  ENROLMENT,
  INFRASTRUCTURE,
  CLOUD,
  SERVICE_TOKENS,
  CREDENTIAL_FILES,
  CONNECTIONS,
  EXPORTS,
].flat();

export const CLEAN_KINDS: readonly Kind[] = [
  CLEAN_SEALED,
  CLEAN_PLACEHOLDERS,
  CLEAN_PUBLIC,
  CLEAN_REFERENCES,
  CLEAN_NOISE,
].flat();
