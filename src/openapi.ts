import { type INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The document of the listing endpoints, generated from the controllers. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Ferrule')
    .setDescription(
      'The listings of a bare-metal vendor passthru service that speaks the OpenStack Ironic REST API. ' +
        'Calls that change something are left out on purpose: here everything may be tried.',
    )
    .setVersion('1.109')
    .setOpenAPIVersion('3.1.0')
    .build();
  return SwaggerModule.createDocument(app, builder, { onlyIncludeDecoratedEndpoints: true });
}

/** Swagger UI at `/docs` and the document at `/openapi.json`; made when first asked for. */
export function serveOpenApi(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: '/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Ferrule',
    swaggerOptions: { tryItOutEnabled: true, displayRequestDuration: true },
  });
}
