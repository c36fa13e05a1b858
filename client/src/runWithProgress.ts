import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  ExecuteCommandRequest,
  LSPErrorCodes,
  ResponseError,
  WorkDoneProgress,
} from 'vscode-languageclient/node';

/**
 * Runs a command of the server and shows the progress that the server reports, with a button to cancel. The notification
 * comes when the server begins to act, not while the person is still asked. Cancelled, the server stops between two
 * steps and still answers: in which state it stopped.
 */
export async function runWithProgress(
  client: LanguageClient,
  command: string,
  argument: object,
): Promise<unknown> {
  const workDoneToken = globalThis.crypto.randomUUID();
  const cancellation = new vscode.CancellationTokenSource();
  let report: (message: string | undefined) => void = () => {};
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });

  const listener = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
    switch (value.kind) {
      case 'begin':
        void vscode.window.withProgress(
          {
            location: vscode.ProgressLocation.Notification,
            title: value.title,
            cancellable: value.cancellable ?? false,
          },
          (progress, token) => {
            token.onCancellationRequested(() => cancellation.cancel());
            report = (message) => progress.report(message === undefined ? {} : { message });
            report(value.message);
            return ended;
          },
        );
        return;
      case 'report':
        report(value.message);
        return;
      case 'end':
        end();
        return;
      default:
        value satisfies never;
    }
  });
  try {
    return await client.sendRequest(
      ExecuteCommandRequest.type,
      { command, arguments: [argument], workDoneToken },
      cancellation.token,
    );
  } finally {
    end();
    listener.dispose();
    cancellation.dispose();
  }
}

/** Somebody pressed the button: no message says what they know. */
export function isStopped(error: unknown): boolean {
  return (
    error instanceof vscode.CancellationError ||
    (error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled)
  );
}

/** For one of several that show their progress together. The server's own reports, which the token takes, are not shown. */
export function runQuietly(client: LanguageClient, command: string, argument: object): Promise<unknown> {
  const workDoneToken = globalThis.crypto.randomUUID();
  return client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [argument], workDoneToken });
}
