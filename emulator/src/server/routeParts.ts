import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Emulator } from '../emulatorApi';
import type { Recorder } from '../scenario/recorder';
import { RequestError } from './requestError';

/** The emulator, as the REST API drives it. */
export type DrivenEmulator = Omit<Emulator, 'url' | 'webhookUrl' | 'stop'>;

/** What every route works on. */
export interface RestParts {
  readonly emulator: DrivenEmulator;
  readonly recorder: Recorder;
}

/** A body without fields, or none. */
export const NOTHING = z.strictObject({}).optional();

/** Answers with what `act` returns, as JSON. */
export function action<Body>(
  schema: z.ZodType<Body>,
  act: (body: Body, req: Request) => unknown,
): (req: Request, res: Response) => Promise<void> {
  return async (req, res) => {
    const body = schema.safeParse(req.body);
    if (!body.success) throw new RequestError(400, problemsOf(body.error));
    res.json((await act(body.data, req)) ?? {});
  };
}

/**
 * What becomes of a message is seen in the world: the page is not to wait for a slow bot. What is refused is refused
 * at once.
 */
export async function begun(work: Promise<void>): Promise<void> {
  const nextRound = new Promise<void>((resolve) => setImmediate(resolve));
  await Promise.race([work, nextRound]);
}

/** The part of the path that a route names; express knows it to be there. */
export function pathPart(req: Request, name: string): string {
  const part = req.params[name];
  return typeof part === 'string' ? part : '';
}

function problemsOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
    .join('; ');
}
