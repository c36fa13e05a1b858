/** The editor at the other end: what it can do, and what the server asks of it. */
import {
  ApplyWorkspaceEditRequest,
  type CancellationToken,
  CancellationTokenSource,
  type ClientCapabilities,
  CodeLensRefreshRequest,
  ConfigurationRequest,
  type Connection,
  DiagnosticRefreshRequest,
  InlayHintRefreshRequest,
  InsertTextMode,
  LogMessageNotification,
  type MessageActionItem,
  MessageType,
  type NotificationType,
  type ProgressToken,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  type Registration,
  RegistrationRequest,
  type RequestType,
  ShowDocumentRequest,
  ShowMessageNotification,
  ShowMessageRequest,
  UnregistrationRequest,
  type WorkDoneProgressBegin,
  WorkDoneProgressCreateRequest,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';

export type Severity = 'error' | 'warning' | 'info';
export type ProgressValue = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

export interface Client {
  readonly pullsDiagnostics: boolean;
  /** It asks again when it is told to. */
  readonly refreshesDiagnostics: boolean;
  readonly refreshesLenses: boolean;
  /** It answers `identity/confirm`. */
  readonly confirms: boolean;
  /** It answers `identity/confirmAll`. */
  readonly confirmsAll: boolean;
  /** It answers `identity/signIn`. */
  readonly signsIn: boolean;
  /** It asks for what `idac.notASecret` needs. */
  readonly asksForJudgements: boolean;
  readonly createsProgress: boolean;
  readonly readsMarkdown: boolean;
  readonly versionedEdits: boolean;
  readonly showsRelated: boolean;
  readonly hasConfiguration: boolean;
  readonly registersWatchers: boolean;
  readonly registersConfiguration: boolean;
  /** Which documents it tells of can be said at run time; the same of what it asks about them. */
  readonly registersDocuments: boolean;
  readonly registersDiagnostics: boolean;
  readonly registersLenses: boolean;
  readonly registersActions: boolean;
  readonly showsDocuments: boolean;
  /** What it makes of completion items. */
  readonly completes: {
    readonly snippets: boolean;
    readonly insertReplace: boolean;
    readonly adjustsIndentation: boolean;
    readonly markdown: boolean;
  };
  /** Edits of files may have holes for what a person types. */
  readonly snippetEdits: boolean;
  readonly annotatesChanges: boolean;
  /** It makes edits that the server asks for. */
  readonly appliesEdits: boolean;
  /** Edits may make files. */
  readonly createsFiles: boolean;
  /** Folding ranges that it takes for one document. */
  readonly mostFolds: number;
  log(text: string): void;
  publish(params: PublishDiagnosticsParams): void;
  refreshLenses(): void;
  refreshDiagnostics(): void;
  refreshInlayHints(): void;
  notify<P>(type: NotificationType<P>, params: P): void;
  /** Aborting withdraws the question. Rejects when the client does not know the method. */
  ask<P, R>(type: RequestType<P, R, void>, params: P, signal: AbortSignal): Promise<R>;
  tell(severity: Severity, text: string): void;
  /** The title that was chosen; undefined: dismissed. */
  choose(
    severity: Severity,
    text: string,
    actions: readonly string[],
    signal: AbortSignal,
  ): Promise<string | undefined>;
  showDocument(uri: string): Promise<void>;
  /** False: the document is another one by now, or the client did not want it. */
  applyEdit(edit: WorkspaceEdit): Promise<boolean>;
  createProgress(token: string): Promise<void>;
  progress(token: ProgressToken, value: ProgressValue): void;
  partialResult(token: ProgressToken, value: unknown): void;
  configuration(section: string): Promise<unknown>;
  register(registrations: readonly Registration[]): Promise<void>;
  unregister(registrations: readonly Registration[]): Promise<void>;
}

const MESSAGE_TYPE = {
  error: MessageType.Error,
  warning: MessageType.Warning,
  info: MessageType.Info,
} as const;

export function clientOf(connection: Connection, capabilities: ClientCapabilities): Client {
  const { textDocument, workspace, window } = capabilities;
  const experimental: unknown = capabilities.experimental;
  const lensRefresh = workspace?.codeLens?.refreshSupport === true;
  const inlayHintRefresh = workspace?.inlayHint?.refreshSupport === true;
  const item = textDocument?.completion?.completionItem;
  const diagnosticRefresh = workspace?.diagnostics?.refreshSupport === true;
  const log = (text: string): void =>
    void connection.sendNotification(LogMessageNotification.type, { type: MessageType.Log, message: text });
  // A request that asks the client to look again: its answer says nothing, and a client that goes away is no error.
  const nudge = (sent: Promise<unknown>): void => void sent.catch(() => undefined);
  /** Does not wait for a client that ignores the cancellation. */
  const cancellable = async <R>(
    signal: AbortSignal,
    send: (token: CancellationToken) => Promise<R>,
  ): Promise<R> => {
    signal.throwIfAborted();
    const source = new CancellationTokenSource();
    const { promise: aborted, reject } = withReject();
    const cancel = (): void => {
      source.cancel();
      reject(signal.reason);
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await Promise.race([send(source.token), aborted]);
    } finally {
      signal.removeEventListener('abort', cancel);
      source.dispose();
    }
  };
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: diagnosticRefresh,
    refreshesLenses: lensRefresh,
    confirms: announced(experimental, 'identityConfirm'),
    confirmsAll: announced(experimental, 'identityConfirmAll'),
    signsIn: announced(experimental, 'identitySignIn'),
    asksForJudgements: announced(experimental, 'identityNotASecret'),
    createsProgress: window?.workDoneProgress === true,
    readsMarkdown: textDocument?.hover?.contentFormat?.includes('markdown') ?? false,
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    showsRelated:
      (textDocument?.diagnostic ?? textDocument?.publishDiagnostics)?.relatedInformation ??
      textDocument?.publishDiagnostics?.relatedInformation ??
      false,
    hasConfiguration: workspace?.configuration === true,
    registersWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    registersDocuments: registersDocuments(capabilities),
    registersDiagnostics: textDocument?.diagnostic?.dynamicRegistration === true,
    registersLenses: registersLenses(capabilities),
    registersActions: registersActions(capabilities),
    showsDocuments: window?.showDocument?.support === true,
    completes: {
      snippets: item?.snippetSupport === true,
      insertReplace: item?.insertReplaceSupport === true,
      adjustsIndentation:
        item?.insertTextModeSupport?.valueSet.includes(InsertTextMode.adjustIndentation) ?? false,
      markdown: item?.documentationFormat?.includes('markdown') ?? false,
    },
    snippetEdits:
      workspace?.workspaceEdit?.snippetEditSupport === true &&
      workspace.workspaceEdit.documentChanges === true,
    createsFiles: workspace?.workspaceEdit?.resourceOperations?.includes('create') === true,
    appliesEdits: workspace?.applyEdit === true && workspace.workspaceEdit?.documentChanges === true,
    annotatesChanges: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    mostFolds: textDocument?.foldingRange?.rangeLimit ?? Number.POSITIVE_INFINITY,
    log,
    publish: (params) => void connection.sendNotification(PublishDiagnosticsNotification.type, params),
    refreshLenses: () => {
      if (lensRefresh) nudge(connection.sendRequest(CodeLensRefreshRequest.type));
    },
    refreshDiagnostics: () => {
      if (diagnosticRefresh) nudge(connection.sendRequest(DiagnosticRefreshRequest.type));
    },
    refreshInlayHints: () => {
      if (inlayHintRefresh) nudge(connection.sendRequest(InlayHintRefreshRequest.type));
    },
    notify: (type, params) => void connection.sendNotification(type.method, params),
    ask: (type, params, signal) =>
      cancellable(signal, (token) => connection.sendRequest(type.method, params, token)),
    tell: (severity, text) =>
      void connection.sendNotification(ShowMessageNotification.type, {
        type: MESSAGE_TYPE[severity],
        message: text,
      }),
    choose: (severity, text, actions, signal) =>
      cancellable(signal, async (token) => {
        const params = {
          type: MESSAGE_TYPE[severity],
          message: text,
          actions: actions.map((title): MessageActionItem => ({ title })),
        };
        const chosen = await connection.sendRequest(ShowMessageRequest.type, params, token);
        return chosen?.title;
      }),
    showDocument: async (uri) => {
      await connection.sendRequest(ShowDocumentRequest.type, { uri, takeFocus: true });
    },
    applyEdit: async (edit) =>
      (await connection.sendRequest(ApplyWorkspaceEditRequest.type, { edit })).applied,
    createProgress: (token) => connection.sendRequest(WorkDoneProgressCreateRequest.type, { token }),
    progress: (token, value) => void connection.sendNotification('$/progress', { token, value }),
    partialResult: (token, value) => void connection.sendNotification('$/progress', { token, value }),
    configuration: async (section) => {
      const answers: unknown = await connection.sendRequest(ConfigurationRequest.type, {
        items: [{ section }],
      });
      return Array.isArray(answers) ? (answers as readonly unknown[])[0] : undefined;
    },
    register: (registrations) =>
      connection.sendRequest(RegistrationRequest.type, { registrations: [...registrations] }),
    unregister: (registrations) =>
      connection.sendRequest(UnregistrationRequest.type, {
        // Spelt so in the protocol.
        unregisterations: registrations.map(({ id, method }) => ({ id, method })),
      }),
  };
}

export function registersDocuments({ textDocument }: ClientCapabilities): boolean {
  return textDocument?.synchronization?.dynamicRegistration === true;
}

/** Lenses and actions follow the documents: a client is told of both in one way. */
export function registersLenses(capabilities: ClientCapabilities): boolean {
  return (
    registersDocuments(capabilities) && capabilities.textDocument?.codeLens?.dynamicRegistration === true
  );
}

export function registersActions(capabilities: ClientCapabilities): boolean {
  return (
    registersDocuments(capabilities) && capabilities.textDocument?.codeAction?.dynamicRegistration === true
  );
}

function announced(experimental: unknown, name: string): boolean {
  return (
    typeof experimental === 'object' && experimental !== null && Reflect.get(experimental, name) === true
  );
}

function withReject(): { readonly promise: Promise<never>; readonly reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<never>((_resolve, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}
