// Puts the page, and the libraries that it loads, beside what the compiler made: users install neither library.
const { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { dirname, extname, join } = require('node:path');
const { vendoredModules } = require('../dist/server/pageFiles.js');

const NOT_SERVED = ['.md', '.json'];

const source = join(__dirname, '..', 'page');
const target = join(__dirname, '..', 'dist', 'page');
const vendor = join(target, 'vendor');
cpSync(source, target, { recursive: true, filter: (path) => !NOT_SERVED.includes(extname(path)) });
mkdirSync(vendor, { recursive: true });
for (const [name, path] of vendoredModules()) {
  // Their source maps stay behind, so that a browser shall not ask for them.
  const code = readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*\n?/gm, '');
  writeFileSync(join(vendor, name), code);
}
// Whoever passes a library on passes its licence on.
for (const library of ['preact', 'htm']) {
  const folder = dirname(dirname(require.resolve(library)));
  copyFileSync(join(folder, 'LICENSE'), join(vendor, `${library}.LICENSE`));
}
