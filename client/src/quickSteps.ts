import * as vscode from 'vscode';
import type { WizardStep } from './wizardProtocol.ts';

/** Back to the question before; or the person went away. */
export type Answered = { readonly answer: string } | 'back' | 'away';

interface Asked {
  readonly title: string;
  readonly step: WizardStep;
  /** Given before, when the person comes back to it. */
  readonly given: string | undefined;
  /** Why this cannot be the answer. */
  check(answer: string): Promise<string | undefined>;
}

/** One question of several, with a way back. Loss of the focus does not lose the answers. */
export function askStep(asked: Asked): Promise<Answered> {
  return asked.step.choices.length > 0 ? choose(asked) : type(asked);
}

function choose({ title, step, given }: Asked): Promise<Answered> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly value: string }>();
  pick.title = title;
  pick.step = step.n;
  pick.totalSteps = step.of;
  pick.ignoreFocusOut = true;
  pick.placeholder = step.prompt;
  pick.matchOnDescription = true;
  pick.items = step.choices.map(({ value, label, description }) => ({ value, label, description }));
  const proposed = given ?? step.value;
  pick.activeItems = pick.items.filter(({ value }) => value === proposed);
  pick.buttons = step.n > 1 ? [vscode.QuickInputButtons.Back] : [];
  return answered(pick, () => {
    const [chosen] = pick.selectedItems;
    return Promise.resolve(chosen?.value);
  });
}

function type({ title, step, given, check }: Asked): Promise<Answered> {
  const { t } = vscode.l10n;
  const box = vscode.window.createInputBox();
  box.title = title;
  box.step = step.n;
  box.totalSteps = step.of;
  box.ignoreFocusOut = true;
  box.prompt = [
    `${step.title}: ${step.prompt}`,
    ...(step.is === 'list' ? [t('Several are separated by commas.')] : []),
    ...(step.optional ? [t('May be left empty.')] : []),
  ].join(' ');
  box.placeholder = step.placeholder === '' ? undefined : t('such as {0}', step.placeholder);
  box.value = given ?? step.value;
  box.buttons = step.n > 1 ? [vscode.QuickInputButtons.Back] : [];
  let latest = 0;
  const typed = box.onDidChangeValue(async (value) => {
    latest += 1;
    const turn = latest;
    // An empty box is a question, and no mistake yet.
    const problem = value === '' ? undefined : await check(value);
    if (turn === latest) box.validationMessage = problem;
  });
  return answered(box, async () => {
    const value = box.value;
    box.busy = true;
    const problem = await check(value);
    box.busy = false;
    box.validationMessage = problem;
    return problem === undefined ? value : undefined;
  }).finally(() => typed.dispose());
}

type StepInput = vscode.QuickInput & {
  readonly onDidAccept: vscode.Event<void>;
  readonly onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
};

/** `take` gives the answer, or undefined where what is there cannot be one. */
function answered(input: StepInput, take: () => Promise<string | undefined>): Promise<Answered> {
  return new Promise((resolve) => {
    const end = (answer: Answered): void => {
      resolve(answer);
      input.dispose();
    };
    input.onDidAccept(async () => {
      const answer = await take();
      if (answer !== undefined) end({ answer });
    });
    input.onDidTriggerButton((button) => {
      if (button === vscode.QuickInputButtons.Back) end('back');
    });
    input.onDidHide(() => end('away'));
    input.show();
  });
}
