import { formatDay } from '../text/instant.ts';
import type { MigrationPlan } from './plan.ts';
import { dayText, HOW, resourceText, summaryText, targetText, waveTitle } from './words.ts';

/** A page for those who decide: the same plan as the table's, and JSON's. */
export function migrationMarkdown(plan: MigrationPlan, project: string): string {
  const lines = [
    `# ${cell(project)}: migration by ${plan.rules.title}`,
    '',
    `As of ${formatDay(plan.now)}. ${summaryText(plan)}`,
    '',
    `Deadlines: ${plan.rules.source}.`,
  ];
  for (const wave of plan.waves) {
    lines.push(
      '',
      `## ${waveTitle(wave)}`,
      '',
      '| what | owner | key | when | how | to |',
      '| --- | --- | --- | --- | --- | --- |',
    );
    for (const item of wave.items)
      lines.push(
        `| ${[resourceText(item), item.owner ?? 'nobody', item.algorithm ?? '', dayText(item), HOW[item.how], targetText(item)].map(cell).join(' | ')} |`,
      );
  }
  if (plan.blocked.length > 0) {
    lines.push('', '## Not possible yet', '');
    for (const { why, count } of plan.blocked) lines.push(`- ${count}: ${cell(why)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Names come from manifests: nothing in them is markup. */
function cell(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|#]/g, (sign) => `\\${sign}`).replaceAll(/\s+/g, ' ');
}
