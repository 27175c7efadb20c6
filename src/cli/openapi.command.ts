import { Policy } from '../auth/policy/policy.js';
import { writeFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../app.module.js';
import { loadConfig } from '../config/load-config.js';
import { Database } from '../database/database.js';
import { silent } from '../logging/log.js';
import { openApiDocument } from '../openapi/document.js';
import { ApiAdapter } from '../http/api.adapter.js';
import { StartError } from '../config/start-error.js';
import { reasonOf } from '../logging/reason-of.js';
import { type Output } from './output.js';

/** Neither starts the service nor reads settings. */
export async function openapi(options: { out?: string }, out: Output): Promise<number> {
  // A Nest preview creates no instances, so this database is never queried.
  const database = Database.at({ connectionString: 'postgresql://nowhere' }, silent);
  const app = await NestFactory.create(
    AppModule.compose(
      { config: loadConfig({}), drivers: [], settings: [], warnings: [], policy: Policy.defaults() },
      database,
    ),
    new ApiAdapter(),
    {
      preview: true,
      abortOnError: false,
      logger: ['error'],
    },
  );
  const text = JSON.stringify(openApiDocument(app), null, 2);
  await app.close();
  await database.close();
  if (options.out === undefined) out.print(text);
  else await write(options.out, `${text}\n`);
  return 0;
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new StartError(
      `The document cannot be written to ${file} (${reasonOf(error)}). Give --out a file in a folder that exists and is writable.`,
    );
  }
}
