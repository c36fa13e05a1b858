import { UsageError } from '../../app/failure.ts';
import { command, type Invocation } from '../command.ts';
import { meant } from '../meant.ts';
import { NOW, POLICY, ROOT, TEXT_OR_JSON } from '../sharedOptions.ts';

const OPTIONS = { ...POLICY, ...TEXT_OR_JSON, ...NOW, ...ROOT } as const;

/** What it can do, and what loads it. */
const WAYS = {
  explain: async () => (await import('../policy/explain.ts')).explainPolicies,
  test: async () => (await import('../policy/test.ts')).testPolicies,
  packs: async () => (await import('../policy/packs.ts')).listPacks,
  fetch: async () => (await import('../policy/fetch.ts')).fetchPacks,
} as const;

export const policy = command({
  name: 'policy',
  summary:
    'policies: what is asked of an identity and why, tests of policies, which packs there are, fetching those of other repositories',
  details:
    '`explain` shows all that policies ask of one identity, or one rule of it: by which policy, on which line, whether it is kept, who waived it and what gave way. `test` runs tests: manifests, a day, and what policies have to find in them. `packs` lists the packs that ship with idac and the policies from outside that hold here. `fetch` brings the policies of another repository at one commit onto this machine, where checks and actions read them from then on: those that are named, else all that this machine or --policy names. Nothing else ever fetches them.',
  operands: {
    usage: 'explain KIND/NAME [RULE] | test [FILE…] | packs | fetch [REF…]',
    minimum: 1,
    maximum: Number.POSITIVE_INFINITY,
  },
  examples: [
    'idac policy explain Certificate/payments/api certificate/validity-too-long',
    'idac policy test',
    'idac policy packs',
    'idac policy fetch git+https://git.example.com/pki.git#4f1c2a9d0b7e6a58c3d2e1f09a8b7c6d5e4f3a2b:policies',
  ],
  options: OPTIONS,
  async run(invocation) {
    const [given = '', ...rest] = invocation.operands;
    const load = Object.hasOwn(WAYS, given) ? WAYS[given as keyof typeof WAYS] : undefined;
    if (load !== undefined) return (await load())(rest, invocation);
    const names = Object.keys(WAYS);
    throw new UsageError(
      `idac policy has no "${given}"`,
      `Write \`idac policy ${meant(given, names) ?? 'packs'}\`. There are ${names.join(', ')}.`,
    );
  },
});

export type PolicyInvocation = Invocation<typeof OPTIONS>;
