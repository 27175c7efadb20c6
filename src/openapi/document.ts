import { type INestApplication, Module } from '@nestjs/common';
import { APP_FILTER, ModulesContainer, NestFactory } from '@nestjs/core';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { type RequestHandler } from 'express';
import { CONFIG, type Config } from '../config/config.js';
import { version } from '../config/version.js';
import { ApiAdapter } from '../http/api.adapter.js';
import { ErrorFilter } from '../http/replies/error.filter.js';
import { listingOf } from './listing.js';
import { DescribedListing } from './described-listing.js';
import { addSecurity } from './security.js';

/** Decorators apply to the class, which several applications may share. */
const described = new WeakSet<object>();

export function openApiDocument(app: INestApplication): OpenAPIObject {
  describeListings(app);
  const builder = new DocumentBuilder()
    .setTitle('Ferrule')
    .setDescription(
      'The listings of a bare-metal vendor passthru service that speaks the OpenStack Ironic REST API. ' +
        'Calls that change something are left out, so that everything here can be tried safely.',
    )
    .setVersion(version)
    .setOpenAPIVersion('3.1.0');
  addSecurity(builder, app.get<Config>(CONFIG).auth);
  return withExamples(
    SwaggerModule.createDocument(app, builder.build(), { onlyIncludeDecoratedEndpoints: true }),
  );
}

/** Nest drops a parameter's own example. */
function withExamples(document: OpenAPIObject): OpenAPIObject {
  for (const { get } of Object.values(document.paths)) {
    for (const parameter of get?.parameters ?? []) {
      if (!('schema' in parameter) || !parameter.schema || !('example' in parameter.schema)) continue;
      const schema = new Map<string, unknown>(Object.entries(parameter.schema));
      const example = schema.get('example');
      schema.delete('example');
      Object.assign(parameter, { schema: Object.fromEntries(schema), example });
    }
  }
  return document;
}

@Module({ providers: [{ provide: APP_FILTER, useClass: ErrorFilter }] })
class PagesModule {}

export async function openApiPages(app: INestApplication): Promise<RequestHandler> {
  const adapter = new ApiAdapter();
  const pages = await NestFactory.create(PagesModule, adapter, { bodyParser: false, abortOnError: false });
  SwaggerModule.setup('docs', pages, () => openApiDocument(app), {
    jsonDocumentUrl: '/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Ferrule',
    swaggerOptions: { tryItOutEnabled: true, displayRequestDuration: true },
  });
  await pages.init();
  return adapter.getInstance<RequestHandler>();
}

function describeListings(app: INestApplication): void {
  for (const { controllers } of app.get(ModulesContainer).values()) {
    for (const { metatype } of controllers.values()) {
      if (typeof metatype === 'function') describeMethods(metatype);
    }
  }
}

function describeMethods({ prototype }: { readonly prototype: unknown }): void {
  if (typeof prototype !== 'object' || prototype === null) return;
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    const handler: unknown = descriptor.value;
    if (typeof handler !== 'function' || described.has(handler)) continue;
    const doc = listingOf(handler);
    if (!doc) continue;
    described.add(handler);
    DescribedListing(doc)(prototype, key, descriptor);
  }
}
