import { once } from 'node:events';
import { createServer } from 'node:net';

/** @param variable The environment variable that chooses the port. */
export class PortTaken extends Error {
  constructor(port: number, variable: string) {
    super(`Port ${port} is taken. Set ${variable} to a free one.`);
  }
}

/**
 * Asked before anything is started, so that nothing has to be undone.
 *
 * @throws {PortTaken}
 */
export async function mustBeFree(port: number, variable: string): Promise<void> {
  const probe = createServer();
  try {
    probe.listen(port);
    await once(probe, 'listening');
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw isTaken ? new PortTaken(port, variable) : error;
  } finally {
    probe.close();
  }
}
