import { createEmulator } from 'webex-connect-emulator';

const emulator = await createEmulator({ seed: 1 });
console.log(emulator.customer('Ann').name);
await emulator.stop();
