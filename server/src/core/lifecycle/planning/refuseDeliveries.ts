import { keystoreTitle } from '../keystorePlace.ts';
import type { Refusal } from '../plan.ts';
import type { DeliveryPlace } from '../task.ts';
import type { PlanningFacts } from './facts.ts';
import { refusal } from './facts.ts';

/** Why what is declared cannot be delivered like that, wherever to. */
export function refuseDeliveries(
  facts: PlanningFacts,
  places: readonly DeliveryPlace[],
): Refusal | undefined {
  for (const place of places) {
    const refused = refuseKeystore(facts, place, places) ?? refuseReload(facts, place);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function refuseKeystore(
  { request: { identity } }: PlanningFacts,
  { path, contents, keystore }: DeliveryPlace,
  places: readonly DeliveryPlace[],
): Refusal | undefined {
  if (keystore === undefined) return undefined;
  const title = keystoreTitle(keystore.format);
  const no = (what: string, hint: string) => refusal(identity, 'keystore', what, hint);
  const { passwordFile } = keystore;
  if (passwordFile === '') {
    return no(
      `${path} is a ${title}, and no file is named for its password.`,
      'Name one that git ignores in spec.deliverTo[].passwordFile; if it is not there, a random password is made.',
    );
  }
  if (passwordFile.includes('{machine}')) {
    return no(
      `The password file ${passwordFile} names a machine, and the delivery to ${path} is for no machine in particular.`,
      'Put {machine} into the path of that delivery, too, or leave it out of passwordFile.',
    );
  }
  if (contents.includes('privateKey') && !contents.includes('chain') && !contents.includes('certificate')) {
    return no(
      `A ${title} holds no private key without its certificate, and the delivery to ${path} asks for that.`,
      "Add chain to that delivery's contents.",
    );
  }
  if (places.some((other) => samePath(other.path, passwordFile))) {
    return no(
      `${passwordFile} is to hold a password, and a delivery writes there, too.`,
      'Give the password a file of its own.',
    );
  }
  return undefined;
}

/** Some disks ignore case. */
function samePath(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function refuseReload({ request, reloads }: PlanningFacts, place: DeliveryPlace): Refusal | undefined {
  if (place.reload === undefined) return undefined;
  const command = reloads.get(place.reload);
  if (command !== undefined && 'program' in command) return undefined;
  return refusal(
    request.identity,
    'reload-not-allowed',
    `The delivery to ${place.path} asks for the command ${place.reload}, which this machine does not allow.`,
    command?.howToAllow ?? 'Leave reload out of that delivery.',
  );
}

/** Which of these deliveries have a password file that another identity's key store has, too. */
export function sharesPassword(facts: PlanningFacts, { keystore }: Pick<DeliveryPlace, 'keystore'>): boolean {
  return keystore !== undefined && facts.passwordFilesElsewhere.has(keystore.passwordFile.toLowerCase());
}

/** How the step of a delivery says what is written. */
export function packedText({ contents, keystore }: DeliveryPlace): string {
  const what = contents.join(' and ');
  return keystore === undefined
    ? what
    : `${what} as a ${keystoreTitle(keystore.format)} with the password in ${keystore.passwordFile}`;
}
