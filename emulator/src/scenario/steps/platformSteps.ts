import { z } from 'zod';
import { DURATION, type Duration, millisecondsOf } from '../duration';
import type { Stage } from '../stage';
import { StepFailure } from '../stepFailure';
import { type StepKind, stepKind } from '../stepKind';
import {
  DIALECT,
  DIRECTION,
  FAULT_EFFECT,
  INTEGRATION_CHANGES,
  MATCH_FIELDS,
  ROUTING_RULE,
} from '../vocabulary';
import { resend } from './resend';

const ALL_FAULTS = 'all';

/** What the platform, its operator and the network do. */
export const PLATFORM_STEPS: readonly StepKind[] = [
  stepKind(
    ['clock'],
    z.strictObject({
      clock: z.union(
        [z.literal('pause'), z.literal('resume'), z.literal('step'), z.strictObject({ jump: DURATION })],
        { error: "must be 'pause', 'resume', 'step' (to the next retry) or { jump: '30m' }" },
      ),
    }),
    ({ clock }) =>
      typeof clock === 'string'
        ? { title: `The clock: ${clock}`, run: (stage) => moveClock(stage, clock) }
        : { title: `The clock jumps by ${clock.jump}`, run: (stage) => jump(stage, clock.jump) },
  ),
  stepKind(
    ['fault'],
    z.strictObject({
      fault: z.strictObject({
        name: z.string().min(1).optional(),
        direction: DIRECTION,
        match: z.strictObject(MATCH_FIELDS).default({}),
        effect: FAULT_EFFECT,
      }),
    }),
    ({ fault: { name, direction, match, effect } }) => ({
      title: `From now on: ${effect.kind}, ${direction}`,
      run: async (stage) => {
        const { id } = stage.emulator.faults.add({ direction, match, effect });
        if (name !== undefined) stage.nameFault(name, id);
      },
    }),
  ),
  stepKind(['clearFault'], z.strictObject({ clearFault: z.string().min(1) }), ({ clearFault: name }) => ({
    title: name === ALL_FAULTS ? 'All faults are over' : `The fault ${name} is over`,
    run: async (stage) => {
      if (name === ALL_FAULTS) return stage.clearFaults();
      const id = stage.takeFault(name);
      if (id === undefined) throw new StepFailure(`No fault is named ${name}.`);
      stage.emulator.faults.remove(id);
    },
  })),
  stepKind(
    ['integration'],
    z.strictObject({
      integration: z.union(
        [z.literal('verify'), z.literal('verifyFails'), z.strictObject({ edit: INTEGRATION_CHANGES })],
        {
          error: "must be 'verify', 'verifyFails' or { edit: { … } }",
        },
      ),
    }),
    ({ integration }) => {
      if (typeof integration !== 'string') {
        return {
          title: 'The integration is edited',
          run: async (stage) => stage.emulator.integration.edit(integration.edit),
        };
      }
      const isExpected = integration === 'verify';
      return {
        title: isExpected ? 'The integration is verified' : 'The integration cannot be verified',
        run: (stage) => verify(stage, isExpected),
      };
    },
  ),
  stepKind(['rule'], z.strictObject({ rule: ROUTING_RULE }), ({ rule }) => ({
    title: `The rule of the service is ${rule}`,
    run: async (stage) => stage.emulator.setRule(rule),
  })),
  stepKind(['dialect'], z.strictObject({ dialect: DIALECT }), ({ dialect }) => ({
    title: `Events are written in the dialect ${dialect}`,
    run: async (stage) => stage.emulator.setDialect(dialect),
  })),
  stepKind(
    ['resend'],
    z.strictObject({
      resend: z.strictObject({
        customer: z.string().min(1).optional(),
        event: z.string().min(1).optional(),
        back: z.int().min(0).default(0),
      }),
    }),
    ({ resend: which }) => ({
      title: `An event${which.customer === undefined ? '' : ` of ${which.customer}`} is sent once more`,
      run: (stage) => resend(stage, which),
    }),
  ),
];

async function moveClock(stage: Stage, how: 'pause' | 'resume' | 'step'): Promise<void> {
  const { clock } = stage.emulator;
  if (how === 'pause') return clock.pause();
  if (how === 'resume') return clock.resume();
  const before = clock.now();
  await clock.stepToNextRetry();
  await stage.hooks.advance?.(clock.now() - before);
}

async function jump(stage: Stage, by: Duration): Promise<void> {
  const milliseconds = millisecondsOf(by);
  await stage.emulator.clock.jump(milliseconds);
  await stage.hooks.advance?.(milliseconds);
}

/** @param isExpected Whether the bot is to answer as *Verify* wants it. */
export async function verify(stage: Stage, isExpected: boolean): Promise<void> {
  const isVerified = await stage.emulator.integration.verify();
  if (isVerified === isExpected) return;
  if (isVerified) throw new StepFailure('The integration was verified, and was not to be.');
  const { lastVerifyProblem = 'no reason is known' } = stage.world.integration;
  throw new StepFailure(`The integration could not be verified: ${lastVerifyProblem}`);
}
