import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Application, Converter } from 'typedoc';
import { inRoot } from './paths.mjs';

const PACKAGE = inRoot('libs', 'redfish');
/** Members explain themselves by their name and type more often than not. */
const DOCUMENTED = ['Class', 'Enum', 'Function', 'Interface', 'TypeAlias', 'Variable'];

/** @returns the text of libs/redfish/API.md. @throws Error for exports without a doc comment */
export async function redfishApi() {
  const out = mkdtempSync(join(tmpdir(), 'ferrule-api-'));
  try {
    return await render(out);
  } finally {
    rmSync(out, { recursive: true });
  }
}

async function render(folder) {
  const app = await Application.bootstrapWithPlugins({
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: [join(PACKAGE, 'src', 'index.ts')],
    tsconfig: join(PACKAGE, 'tsconfig.json'),
    name: '@ferrule/redfish',
    readme: 'none',
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    disableSources: true,
    hideGenerator: true,
    outputFileStrategy: 'modules',
    entryFileName: 'API.md',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    typeDeclarationFormat: 'table',
    requiredToBeDocumented: DOCUMENTED,
    validation: { notDocumented: true, notExported: true, invalidLink: true },
    treatWarningsAsErrors: true,
    logLevel: 'Warn',
  });
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => withoutInherited(project));
  const project = await app.convert();
  if (project === undefined) throw new Error('The sources of libs/redfish cannot be read.');
  app.validate(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error('The doc comments of libs/redfish are not complete.');
  await app.outputs.writeOutput({ name: 'markdown', path: folder }, project);
  return readFileSync(join(folder, 'API.md'), 'utf8');
}

/** Each member is described at the class that has it. */
function withoutInherited(project) {
  for (const reflection of Object.values(project.reflections)) {
    if (reflection.flags?.isInherited || reflection.inheritedFrom !== undefined)
      project.removeReflection(reflection);
  }
}
