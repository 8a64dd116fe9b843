const { createEmulator } = require('webex-connect-emulator');

void createEmulator({ seed: 1 }).then(async (emulator) => {
  console.log(emulator.customer('Ann').name);
  await emulator.stop();
});
