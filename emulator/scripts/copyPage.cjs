// Puts the page, and the libraries that it loads, beside what the compiler made: users install neither library.
const { copyFileSync, cpSync, mkdirSync } = require('node:fs');
const { extname, join } = require('node:path');
const { vendoredModules } = require('../dist/server/pageFiles.js');

const NOT_SERVED = ['.md', '.json'];

const source = join(__dirname, '..', 'page');
const target = join(__dirname, '..', 'dist', 'page');
cpSync(source, target, { recursive: true, filter: (path) => !NOT_SERVED.includes(extname(path)) });
mkdirSync(join(target, 'vendor'), { recursive: true });
for (const [name, path] of vendoredModules()) copyFileSync(path, join(target, 'vendor', name));
