import { formatIdentity } from '../../identity/identityId.ts';
import { bearersOf } from '../../lifecycle/declaration.ts';
import { declarationOf } from '../../lifecycle/declarationOf.ts';
import { eventFile } from '../../lifecycle/eventFile.ts';
import { nounOf } from '../../lifecycle/kindTraits.ts';
import { isAccepted } from '../../lifecycle/record.ts';
import type { RuleContext } from '../context.ts';
import { NAME, recordedIdentities } from '../recorded.ts';
import { report } from '../report.ts';
import type { Rule } from '../rule.ts';

const START = { line: 0, character: 0 };

export const rule: Rule<RuleContext> = {
  meta: {
    id: 'record/left-on-machine',
    severity: 'warning',
    title: 'A machine still bears what its manifest no longer gives it',
    why: 'The machine was taken off the manifest, and what was issued for it still works. Nobody renews it, and nobody would miss it if it were stolen.',
    remedy: 'Revoke and destroy that machine’s share (`--machine`), or name the machine again.',
    readsRecord: true,
    perResource: true,
  },
  *check(context) {
    for (const { resource, record } of recordedIdentities(context)) {
      const declared = bearersOf(declarationOf(resource, context.index));
      for (const [machine, live] of record.live) {
        const generation = live.at(-1);
        if (declared.includes(machine) || generation === undefined) continue;
        if (!isAccepted(generation, context.now)) continue;
        const noun = nounOf(resource.kind);
        const command = `idac revoke ${formatIdentity(resource.id)}`;
        const places = ['spec', 'machines'];
        yield report(
          resource,
          resource.find(places) === undefined ? NAME : places,
          machine === null
            ? `a ${noun} of no machine in particular is still accepted; revoke it`
            : `machine ${machine} is named no more, and its ${noun} is still accepted; revoke it`,
          {
            acts: { verbs: ['revoke'], ...(machine === null ? {} : { machine }) },
            why: machine === null ? command : `${command} --machine ${machine}`,
            related: [
              {
                file: eventFile(generation.issued),
                range: { start: START, end: START },
                message: 'issued here',
              },
            ],
          },
        );
      }
    }
  },
};
