/** Where a rule is explained: docs/rules/<rule>.md of the project. */
const PAGES = 'https://github.com/identity-as-code/identity-as-code/blob/main/docs/rules/';

export function rulePage(rule: string): string {
  return `${PAGES}${rule}.md`;
}
