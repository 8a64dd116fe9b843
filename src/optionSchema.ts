import { z } from 'zod';
import { WebexConnectConfigurationError } from './errors';

/** A schema for an option that is a function. */
export function callback<Callback extends (...args: never[]) => unknown>() {
  return z.custom<Callback>((value) => typeof value === 'function', 'must be a function');
}

/** A schema for an option that is an object of a class or a plain one, known by one of its methods. */
export function holder<Shape extends object>(method: keyof Shape & string) {
  return z.custom<Shape>(
    (value) =>
      typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function',
    `must be an object with a method '${method}'`,
  );
}

/** For what has a function or an object as its default, which no JSON schema, and so no page, can show. */
export function orElse<Schema extends z.ZodType>(schema: Schema, fallback: z.output<Schema>) {
  return schema.optional().transform((value) => value ?? fallback);
}

/**
 * Checks options and fills in the defaults.
 *
 * @param owner What takes the options.
 * @throws {WebexConnectConfigurationError} naming the first wrong option's path. Never shows a value, which may be a
 * secret.
 */
export function readOptions<Schema extends z.ZodType>(
  schema: Schema,
  options: unknown,
  owner: string,
): z.output<Schema> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  const path = [...(issue?.path ?? []), ...unknown].join('.') || 'options';
  throw new WebexConnectConfigurationError(path, issue?.message ?? 'is invalid', owner);
}
