import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPage } from '../test/docs/support/pages';
import { withFigures } from './readmeFigures';

const { text } = readPage('README.md');
const written = withFigures(text, readPage('docs/performance.md'), readPage('docs/reliability.md'));
writeFileSync(join(__dirname, '..', 'README.md'), written);
