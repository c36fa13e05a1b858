import { encodedDer } from './finders/encodedDer.ts';
import { encodedPem } from './finders/encodedPem.ts';
import { jsonWebKey } from './finders/jsonWebKey.ts';
import { pemBlock, pemBundle } from './finders/pemBlock.ts';
import { ssh2Block } from './finders/ssh2Block.ts';
import { sshLine } from './finders/sshLine.ts';
import type { KeyFinder } from './keyFinder.ts';

export const KEY_FINDERS: readonly KeyFinder[] = [
  pemBlock,
  pemBundle,
  encodedPem,
  encodedDer,
  sshLine,
  ssh2Block,
  jsonWebKey,
];
