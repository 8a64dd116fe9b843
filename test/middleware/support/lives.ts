import assert from 'node:assert/strict';
import { type DeliveryStore, MemoryStore } from '../../../src';
import { SqliteStore } from '../../../src/sqlite';
import { temporaryFiles } from '../../store/sqlite/support/temporaryFolder';
import { makePostgresStore, newSchema } from '../../support/postgresStores';
import { Scene, type SceneParts } from '../../support/scene';
import type { ScriptedPost } from '../../support/scriptedWebhook';

/** Opens the scene of a test, on the store that is described. */
export type OpenScene = (parts?: Omit<SceneParts, 'stores'>) => Promise<Scene>;

/** Describes conversations on each store; on PostgreSQL, with two replicas. */
export function describeLife(describeOn: (open: OpenScene) => void): void {
  const temporaryFile = temporaryFiles();
  const engines: Readonly<Record<string, () => Promise<DeliveryStore[]>>> = {
    memory: async () => [new MemoryStore()],
    SQLite: async () => [new SqliteStore(temporaryFile())],
    'PostgreSQL with two replicas': async () => {
      const schema = newSchema();
      return Promise.all([1, 2].map(() => makePostgresStore({ schema, maxConnections: 4 })));
    },
  };
  for (const [title, makeStores] of Object.entries(engines)) {
    describe(`A conversation's life on ${title}`, () => describeOn(keepScene(makeStores)));
  }
}

/** Opens the scene of a test and closes it afterwards. */
function keepScene(makeStores: () => Promise<DeliveryStore[]>): OpenScene {
  let scene: Scene | undefined;
  afterEach(async () => {
    await scene?.close();
    scene = undefined;
  });
  return async (parts = {}) => {
    scene = await Scene.open({ ...parts, stores: await makeStores() });
    return scene;
  };
}

export const isHandover = ({ body }: ScriptedPost) => body.eventid === '1002';

/** Hands C1 over and waits until the platform has taken it. */
export async function handOver(scene: Scene, conversationId = 'C1', handovers = 1): Promise<void> {
  await scene.customer('agent', conversationId, scene.stamp());
  await scene.whenHandedOver(conversationId);
  assert.equal(scene.webhook.posts.filter(isHandover).length, handovers);
}
