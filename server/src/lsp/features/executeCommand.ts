import {
  ErrorCodes,
  ExecuteCommandRequest,
  ResponseError,
  WorkDoneProgressCancelNotification,
} from 'vscode-languageserver/node';
import { abandon } from '../commands/abandon.ts';
import { readArguments } from '../commands/arguments.ts';
import { backends } from '../commands/backends.ts';
import { checkConnection } from '../commands/checkConnection.ts';
import type { Command } from '../commands/command.ts';
import { execute, run } from '../commands/execute.ts';
import { findSecretsIn } from '../commands/findSecrets.ts';
import { inventory } from '../commands/inventory.ts';
import { keepSecret } from '../commands/keepSecret.ts';
import { login } from '../commands/login.ts';
import { notASecret } from '../commands/notASecret.ts';
import { plan } from '../commands/plan.ts';
import { resume } from '../commands/resume.ts';
import { resumeAll } from '../commands/resumeAll.ts';
import { runAll } from '../commands/runAll.ts';
import { tellTracked } from '../commands/tellTracked.ts';
import { unfinished } from '../commands/unfinished.ts';
import { verify } from '../commands/verify.ts';
import { type Feature, onNotification, onRequest } from '../table.ts';

const COMMANDS = new Map<string, Command>(
  [
    plan,
    execute,
    run,
    runAll,
    verify,
    unfinished,
    resume,
    resumeAll,
    abandon,
    inventory,
    login,
    checkConnection,
    backends,
    findSecretsIn,
    keepSecret,
    notASecret,
    tellTracked,
  ].map((command) => [command.name, command]),
);

/** The lifecycle verbs (plan, confirmation, execution), and what backends need before them. */
export const executeCommand: Feature = {
  capabilities: () => ({
    executeCommandProvider: { commands: [...COMMANDS.keys()], workDoneProgress: true },
  }),
  rows: [
    onRequest(
      ExecuteCommandRequest.type,
      (params, { session, signal }) => {
        const command = COMMANDS.get(params.command);
        if (command === undefined) {
          throw new ResponseError(ErrorCodes.InvalidParams, `idac has no command "${params.command}"`);
        }
        const args = readArguments(params.arguments?.[0]);
        return command.run({ session, args, progressToken: params.workDoneToken, signal });
      },
      { patient: true, acts: true },
    ),
    onNotification(WorkDoneProgressCancelNotification.type, ({ token }, session) => {
      session.running.get(token)?.abort();
    }),
  ],
};
