/** `host/owner/name` of a repository, however its address is written; undefined when it is no address. */
export function repositoryOf(address: string): string | undefined {
  const [, host, path] =
    /^(?:git\+)?(?:[a-z]+:\/\/)?(?:[^@/]+@)?([^:/]+)[:/](.+?)(?:\.git)?\/?$/.exec(address) ?? [];
  return host && path ? `${host}/${path}`.toLowerCase() : undefined;
}

/**
 * Why a package must not be published from here, if it must not: the registry takes a provenance only from the
 * repository that the manifest names, and users follow its links.
 *
 * @param origin The address of the remote that git knows as `origin`, if it knows one.
 * @param named `repository.url` of the manifest.
 */
export function refusalOf(origin: string | undefined, named: string): string | undefined {
  if (origin === undefined)
    return `There is no remote 'origin' to compare ${named} with: release from a clone.`;
  if (repositoryOf(origin) === repositoryOf(named)) return undefined;
  return `The manifest names ${named}, and 'origin' is ${origin}: correct repository, homepage and bugs in package.json.`;
}
