import { z } from 'zod';

/** What a target is made of. */
export const targetSettings = z.object({
  framework: z.enum(['node:http', 'restify', 'Express']).default('node:http'),
  /** Options of the adapter. */
  options: z
    .object({
      inbound: z.object({ bodyLimitBytes: z.number() }).optional(),
      authentication: z.object({ accessToken: z.string() }).optional(),
    })
    .default({}),
});

/** See {@link targetSettings}. */
export type TargetSettings = z.input<typeof targetSettings>;

/** How a target is. */
export const targetReport = z.object({
  /** What is left after a garbage collection, buffers included. */
  memoryBytes: z.number(),
  connections: z.number(),
  /** Bytes that the process has taken from all sockets, those that are closed included. */
  bytesRead: z.number(),
  stored: z.number(),
  completed: z.number(),
  replies: z.number(),
});

/** See {@link targetReport}. */
export type TargetReport = z.infer<typeof targetReport>;
