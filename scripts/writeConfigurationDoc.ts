import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationDoc } from './configurationDoc';

writeFileSync(join(__dirname, '..', 'docs', 'configuration.md'), configurationDoc());
