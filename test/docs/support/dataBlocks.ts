import assert from 'node:assert/strict';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { parseScenario } from '../../../emulator/src';
import { HttpCcspBridge } from '../../../src';
import { healthDocumentOf } from '../../../src/operations/health/healthDocument';
import { judgeHealth } from '../../../src/operations/health/judgeHealth';
import { wellFacts } from '../../support/healthSamples';
import type { Block } from './markdown';

const HEALTH_PATHS = ['/health/live', '/health/ready'];

const probes = z.record(
  z.enum(['livenessProbe', 'readinessProbe']),
  z.object({ httpGet: z.object({ path: z.enum(HEALTH_PATHS), port: z.literal(3978) }) }),
);

/** What JSON and YAML in the docs may be, by the name in its note: `<!-- shape: scenario -->`. */
const SHAPES: Readonly<Record<string, (value: unknown, code: string) => void>> = {
  health: (value) => {
    const real: unknown = JSON.parse(JSON.stringify(healthDocumentOf(judgeHealth(wellFacts(), 1), {})));
    const keys = z.object({ status: z.string(), checks: z.record(z.string(), z.unknown()) });
    assert.ok(Object.keys(keys.parse(value).checks).length >= Object.keys(keys.parse(real).checks).length);
  },
  'handover.initiated': (value) => assert.deepEqual(shapeOf(value), shapeOf(sentByHttpBridge())),
  scenario: (_value, code) => void parseScenario(code, 'the docs'),
  probes: (value) => void probes.parse(value),
};

/** @throws {Error} when it cannot be parsed, or is not what its note says that it is. */
export function checkData({ language, code, notes }: Block): void {
  const value: unknown = language === 'json' ? JSON.parse(code) : parseYaml(code, { strict: true });
  const [name = ''] = notes.get('shape') ?? [];
  const check = Object.hasOwn(SHAPES, name) ? SHAPES[name] : undefined;
  if (check === undefined)
    throw new Error(`needs a note that says what it is: <!-- shape: … -->, not '${name}'`);
  check(value, code);
}

function sentByHttpBridge(): unknown {
  const secret = `whsec_${Buffer.from('the secret of a page of the docs').toString('base64')}`;
  return new HttpCcspBridge({ url: 'https://ccsp.example/handovers', secret }).compose({
    id: 'an-id',
    conversationId: 'CONV-1',
    channel: 'FB',
    requestedAt: 0,
    context: { skill: 'billing' },
    transcript: [{ author: 'customer', text: 'hi', timestamp: new Date(0).toISOString() }],
    customParams: {},
  });
}

/** The names of all fields, and the kinds of what they hold. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]));
}
