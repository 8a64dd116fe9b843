import { createEmulator, type Emulator, type World } from 'webex-connect-emulator';

async function main(): Promise<void> {
  const emulator: Emulator = await createEmulator({ seed: 1 });
  const ann = emulator.customer('Ann', 'WHATSAPP');
  await ann.says('Hello');
  const world: World = emulator.world();
  console.log(world.customers.map(({ name }) => name).join());
  await emulator.stop();
}

void main();
