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
 * A schema for the URL of a server that the bot sends to. A user and a password in it are refused: a URL is shown and
 * copied as no secret is, and `fetch` takes none such either.
 */
export function serverUrl() {
  return z
    .url({ protocol: /^https?$/ })
    .refine(holdsNoCredentials, 'must not hold a user and a password: whoever sees the URL sees them');
}

/** Refuses `http` to other machines, unless `allowInsecureHttp` is set. @param option The name of the URL's option. */
export function mustBeSecure<Option extends string>(option: Option) {
  return (
    options: { readonly [name in Option]: string } & { readonly allowInsecureHttp: boolean },
    context: z.RefinementCtx,
  ) => {
    if (options.allowInsecureHttp || isSecure(options[option])) return;
    context.addIssue({
      code: 'custom',
      path: [option],
      message: 'must be https; http is for loopback, or with allowInsecureHttp',
    });
  };
}

/** Whether a URL is free of a user and a password; what is no URL is. */
export function holdsNoCredentials(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { username, password } = new URL(url);
  return username === '' && password === '';
}

/** Whether nobody on the way to a URL can read along. `URL` writes every form of an IPv4 address as four decimal numbers. */
export function isSecure(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
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
