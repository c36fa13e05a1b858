/** Rules about credential files alone; those of projects stand in core/rules, `certificate/expired` among them. */
import type { RuleMeta } from '../../rules/rule.ts';
import { certificateNotYetValid } from './certificateNotYetValid.ts';
import { credentialBadMac } from './credentialBadMac.ts';
import { credentialDamaged } from './credentialDamaged.ts';
import { credentialEmpty } from './credentialEmpty.ts';
import { credentialLocked } from './credentialLocked.ts';
import { credentialUnknownFormat } from './credentialUnknownFormat.ts';
import { credentialUnreadable } from './credentialUnreadable.ts';
import { credentialWrongLabel } from './credentialWrongLabel.ts';
import { crlOutOfDate } from './crlOutOfDate.ts';
import { keyMismatch } from './keyMismatch.ts';
import { keyPrivateInFile } from './keyPrivateInFile.ts';
import { keyShared } from './keyShared.ts';
import { keyWeak } from './keyWeak.ts';
import { requestBadSignature } from './requestBadSignature.ts';
import { weakSignature } from './weakSignature.ts';

export const CREDENTIAL_RULES: readonly RuleMeta[] = [
  certificateNotYetValid,
  credentialBadMac,
  credentialDamaged,
  credentialEmpty,
  credentialLocked,
  credentialUnknownFormat,
  credentialUnreadable,
  credentialWrongLabel,
  crlOutOfDate,
  keyMismatch,
  keyPrivateInFile,
  keyShared,
  keyWeak,
  requestBadSignature,
  weakSignature,
];
