import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineDoc } from './commandLineDoc';

const page = join(__dirname, '..', 'docs', 'command-line.md');

void commandLineDoc(readFileSync(page, 'utf8')).then((written) => writeFileSync(page, written));
