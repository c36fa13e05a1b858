/** Rules about credential files alone; those of projects stand in core/rules, `certificate/expired` among them. */
import type { RuleMeta } from '../../rules/rule.ts';
import { certificateNotYetValid } from './certificateNotYetValid.ts';
import { certificatePathInvalid } from './certificatePathInvalid.ts';
import { certificatePathUnknown } from './certificatePathUnknown.ts';
import { certificateRevocationUnknown } from './certificateRevocationUnknown.ts';
import { certificateRevoked } from './certificateRevoked.ts';
import { credentialBadMac } from './credentialBadMac.ts';
import { credentialDamaged } from './credentialDamaged.ts';
import { credentialEmpty } from './credentialEmpty.ts';
import { credentialLocked } from './credentialLocked.ts';
import { credentialUnknownFormat } from './credentialUnknownFormat.ts';
import { credentialUnreadable } from './credentialUnreadable.ts';
import { credentialWrongLabel } from './credentialWrongLabel.ts';
import { crlOutOfDate } from './crlOutOfDate.ts';
import { jwkKeyId } from './jwkKeyId.ts';
import { jwkPrivateInSet } from './jwkPrivateInSet.ts';
import { jwkUse } from './jwkUse.ts';
import { keyBadExponent } from './keyBadExponent.ts';
import { keyBadParameters } from './keyBadParameters.ts';
import { keyBadPoint } from './keyBadPoint.ts';
import { keyBlocklisted } from './keyBlocklisted.ts';
import { keyFactorable } from './keyFactorable.ts';
import { keyGuessable } from './keyGuessable.ts';
import { keyMismatch } from './keyMismatch.ts';
import { keyNotRandom } from './keyNotRandom.ts';
import { keyPrivateInFile } from './keyPrivateInFile.ts';
import { keyPublished } from './keyPublished.ts';
import { keyReused } from './keyReused.ts';
import { keyRoca } from './keyRoca.ts';
import { keyShared } from './keyShared.ts';
import { keySharedFactor } from './keySharedFactor.ts';
import { keySmallExponent } from './keySmallExponent.ts';
import { keyUnchecked } from './keyUnchecked.ts';
import { keyWeak } from './keyWeak.ts';
import { requestBadSignature } from './requestBadSignature.ts';
import { sshAnyPrincipal } from './sshAnyPrincipal.ts';
import { sshBadSignature } from './sshBadSignature.ts';
import { sshLongLived } from './sshLongLived.ts';
import { sshOption } from './sshOption.ts';
import { sshPrincipal } from './sshPrincipal.ts';
import { sshRevocationUnknown } from './sshRevocationUnknown.ts';
import { sshRevoked } from './sshRevoked.ts';
import { sshWrongType } from './sshWrongType.ts';
import { tokenAudience } from './tokenAudience.ts';
import { tokenGuessable } from './tokenGuessable.ts';
import { tokenHeader } from './tokenHeader.ts';
import { tokenNoEnd } from './tokenNoEnd.ts';
import { tokenUnsigned } from './tokenUnsigned.ts';
import { weakSignature } from './weakSignature.ts';

export const CREDENTIAL_RULES: readonly RuleMeta[] = [
  certificateNotYetValid,
  certificatePathInvalid,
  certificatePathUnknown,
  certificateRevocationUnknown,
  certificateRevoked,
  credentialBadMac,
  credentialDamaged,
  credentialEmpty,
  credentialLocked,
  credentialUnknownFormat,
  credentialUnreadable,
  credentialWrongLabel,
  crlOutOfDate,
  jwkPrivateInSet,
  jwkUse,
  jwkKeyId,
  keyBadExponent,
  keyBadParameters,
  keyBadPoint,
  keyBlocklisted,
  keyFactorable,
  keyGuessable,
  keyMismatch,
  keyNotRandom,
  keyPrivateInFile,
  keyPublished,
  keyRoca,
  keyReused,
  keyShared,
  keySharedFactor,
  keySmallExponent,
  keyUnchecked,
  keyWeak,
  requestBadSignature,
  sshAnyPrincipal,
  sshPrincipal,
  sshLongLived,
  sshOption,
  sshWrongType,
  sshBadSignature,
  sshRevoked,
  sshRevocationUnknown,
  tokenUnsigned,
  tokenGuessable,
  tokenHeader,
  tokenNoEnd,
  tokenAudience,
  weakSignature,
];

/** Those that a scan reports, too: about keys in whatever file. */
export const KEY_RULES: readonly RuleMeta[] = [
  keyBadExponent,
  keyBadParameters,
  keyBadPoint,
  keyBlocklisted,
  keyFactorable,
  keyGuessable,
  keyNotRandom,
  keyPublished,
  keyReused,
  keyRoca,
  keyShared,
  keySharedFactor,
  keyWeak,
];
