/** One of several processes that use one store at once: asks for the same tokens and registrations as the others. */
import { backendType } from '../../server/src/backends/local/backend.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { SIGNAL } from './contract/requests.ts';
import { newTokenRequest } from './contract/tokenIssuerContract.ts';
import { newRegistrationRequest } from './contract/workloadRegistryContract.ts';
import { contextAt } from './localContext.ts';

const [folder = '', keyHex = '', count = '0'] = process.argv.slice(2);

async function main(): Promise<void> {
  const key = new Secret<Uint8Array>(new Uint8Array(Buffer.from(keyHex, 'hex')));
  const context = await contextAt(folder, { unlock: { how: 'key', key, keyName: 'test' } });
  const { tokens, workloads } = await backendType.open({}, context, SIGNAL);
  if (tokens === undefined || workloads === undefined) throw new Error('no issuer or no registry');
  const told: string[] = [];
  for (let n = 0; n < Number(count); n++) {
    for (const format of ['jwt', 'opaque'] as const) {
      const request = newTokenRequest({ requestId: `${format}-${n}`, format });
      const outcome = await tokens.issue(request, SIGNAL);
      if (outcome.state !== 'issued') throw new Error('not issued');
      told.push(`${outcome.made.serialNumber} ${outcome.made.fingerprintSha256}`);
    }
    const spiffeId = `spiffe://${workloads.trustDomain}/shared/${n}`;
    const request = newRegistrationRequest(workloads.trustDomain, { requestId: `workload-${n}`, spiffeId });
    const outcome = await workloads.issue(request, SIGNAL);
    if (outcome.state !== 'issued') throw new Error('not registered');
    told.push(outcome.made.serialNumber);
  }
  process.stdout.write(JSON.stringify(told));
}

await main();
