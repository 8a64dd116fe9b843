/** Lets the event loop turn, so that promises and loopback requests can go on. */
export async function letEventLoopTurn(rounds = 20): Promise<void> {
  for (let round = 0; round < rounds; round++) await new Promise(setImmediate);
}
