import type { Command } from './command.ts';
import { accept } from './commands/accept.ts';
import { adopt } from './commands/adopt.ts';
import { check } from './commands/check.ts';
import { destroy } from './commands/destroy.ts';
import { discover } from './commands/discover.ts';
import { doctor } from './commands/doctor.ts';
import { hook } from './commands/hook.ts';
import { impact } from './commands/impact.ts';
import { init } from './commands/init.ts';
import { inspect } from './commands/inspect.ts';
import { inventory } from './commands/inventory.ts';
import { issue } from './commands/issue.ts';
import { log } from './commands/log.ts';
import { login } from './commands/login.ts';
import { lsp } from './commands/lsp.ts';
import { outlook } from './commands/outlook.ts';
import { renew } from './commands/renew.ts';
import { restore } from './commands/restore.ts';
import { resume } from './commands/resume.ts';
import { revoke } from './commands/revoke.ts';
import { rotate } from './commands/rotate.ts';
import { scan } from './commands/scan.ts';
import { verify } from './commands/verify.ts';

/** The command table, in the order in which help shows it. A command is a file in commands/ and a row here. */
export const commands: readonly Command[] = [
  init,
  check,
  scan,
  accept,
  hook,
  inspect,
  inventory,
  outlook,
  impact,
  discover,
  adopt,
  issue,
  renew,
  rotate,
  restore,
  revoke,
  verify,
  destroy,
  resume,
  log,
  doctor,
  login,
  lsp,
];
