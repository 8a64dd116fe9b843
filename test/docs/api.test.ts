import assert from 'node:assert/strict';
import { join } from 'node:path';
import { repositoryOf } from '../../scripts/releaseVerdict';
import { ROOT } from './support/pages';

type TypeDoc = typeof import('typedoc', { with: { 'resolution-mode': 'import' }});
// An ES module, which this project's compiler lets nobody import by name from CommonJS.
const { Application, LogLevel, TSConfigReader, TypeDocReader }: TypeDoc = require('typedoc');

describe('The reference of every exported name, `npm run docs`', function () {
  this.timeout(180_000);

  it('is made without a warning: everything is documented, and each link leads somewhere', async () => {
    const options = { options: join(ROOT, 'typedoc.jsonc'), logLevel: LogLevel.None };
    const application = await Application.bootstrap(options, [new TypeDocReader(), new TSConfigReader()]);
    const project = await application.convert();
    assert.ok(project !== undefined);
    application.validate(project);
    const { errorCount, warningCount } = application.logger;
    assert.deepEqual([errorCount, warningCount], [0, 0], '`npx typedoc` tells more');
    const names = project.children?.map(({ name }) => name);
    const template = application.options.getValue('sourceLinkTemplate');
    const named = repositoryOf(String(require(join(ROOT, 'package.json')).repository.url));
    assert.ok(template.startsWith(`https://${named}/blob/`), `package.json names ${named}, not ${template}`);
    assert.deepEqual(names, ['emulator/src', 'src', 'src/postgres', 'src/sqlite', 'src/testing']);
  });
});
