import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import express, { type Response, Router } from 'express';

/** The libraries that the page loads, by the name that it loads them under. */
export function vendoredModules(): ReadonlyMap<string, string> {
  return new Map([
    ['preact.module.js', require.resolve('preact')],
    ['hooks.module.js', require.resolve('preact/hooks')],
    // The package offers its ES module to bundlers only.
    ['htm.module.js', join(dirname(require.resolve('htm')), 'htm.module.js')],
  ]);
}

/** Serves the page: what the build put beside this code, or in the sources what the build would take. */
export function pageFiles(): Router {
  const built = join(__dirname, '..', 'page');
  if (existsSync(built)) return staticFiles(built);

  const router = staticFiles(join(__dirname, '..', '..', 'page'));
  for (const [name, path] of vendoredModules()) {
    router.get(`/vendor/${name}`, (_req, res) => {
      seenAtOnce(res);
      res.sendFile(path, { cacheControl: false });
    });
  }
  return router;
}

function staticFiles(root: string): Router {
  const router = Router();
  router.use(express.static(root, { cacheControl: false, setHeaders: seenAtOnce }));
  return router;
}

function seenAtOnce(res: Response): void {
  // A new version of the package has to be seen at once.
  res.setHeader('Cache-Control', 'no-cache');
}
