import { randomBytes } from 'node:crypto';
import type { CreateEmulator } from './emulatorApi';
import { readOptions } from './emulatorOptions';
import { createEngine } from './engine/createEngine';
import { ServedEmulator } from './servedEmulator';
import { EmulatorServer } from './server/emulatorServer';

export type * from './emulatorApi';
export { EmulatorOptionError } from './emulatorOptions';
export type { ScenarioHooks } from './scenario/hooks';
export { junitReport } from './scenario/junitReport';
export { parseScenario } from './scenario/parseScenario';
export { type RunOptions, runScenario } from './scenario/runScenario';
export {
  emulatorOptionsFor,
  planScenario,
  type Scenario,
  ScenarioError,
  type ScenarioSettings,
  type ScenarioStep,
  type Source,
} from './scenario/scenario';
export type { ScenarioResult, StepResult } from './scenario/scenarioResult';
export type { StagedEmulator } from './scenario/stage';
export type { PlannedStep, Problem } from './scenario/stepKind';
export { PortTakenError } from './server/portTakenError';
export type * from './world';

/**
 * Starts a Webex Connect in this process, with page, REST API and the webhook that the bot sends to.
 *
 * @throws EmulatorOptionError, PortTakenError
 */
export const createEmulator: CreateEmulator = async (options = {}) => {
  const { port: wantedPort, webhookPath = randomBytes(16).toString('base64url') } = readOptions(options);
  const path = `/hooks/${webhookPath}`;
  // Known once the server listens; nothing is asked for it before.
  let webhookUrl = '';
  const engine = createEngine({ ...options, webhookUrl: () => webhookUrl });
  const server = new EmulatorServer({
    emulator: engine,
    receive: (post) => engine.receive(post),
    webhookPath: path,
  });
  try {
    const port = await server.listen(wantedPort);
    webhookUrl = `http://127.0.0.1:${port}${path}`;
    return new ServedEmulator(engine, server, { page: `http://localhost:${port}`, webhook: webhookUrl });
  } catch (error) {
    await Promise.all([server.close(), engine.stop()]);
    throw error;
  }
};
