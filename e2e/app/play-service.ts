import type { Bus, Interface } from 'dbus-native';

/** Fail rather than wait in line for a name that another has. */
const doNotQueue = 4;
const isOwner = 1;

/** Answers on a bus, which has to be a private one, as the service of this name would. */
export async function playService(bus: Bus, name: string, place: string, served: Interface): Promise<void> {
  await bus.export(place, served);
  if ((await bus.requestName(name, doNotQueue)) !== isOwner)
    throw new Error(`another program owns ${name}: run the tests on a bus of their own`);
}
