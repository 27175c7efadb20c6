import { type DynamicModule, type INestApplication, Module } from '@nestjs/common';
import { bodyReader } from './middleware/body.js';
import { DiscoveryController } from './discovery.controller.js';
import { ErrorFilter } from './error.filter.js';
import { inTurn } from './middleware/in-turn.js';
import { Links } from './links.js';
import { negotiation } from './middleware/negotiation.js';
import { jsonSuffix, paths } from './middleware/paths.js';
import { requestId } from './middleware/request-id.js';
import { verbs } from './middleware/verbs.js';

/** Matters of no resource: links for all, and the discovery documents. */
@Module({})
export class HttpModule {
  static register(options: { readonly publicEndpoint: string | undefined }): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      controllers: [DiscoveryController],
      providers: [{ provide: Links, useValue: new Links(options.publicEndpoint) }],
      exports: [Links],
    };
  }
}

/**
 * What every request passes, in this order. The application is made with `new ApiAdapter()` and
 * `bodyParser: false`.
 * @param bodyLimit bytes.
 */
export function useHttp(app: INestApplication, bodyLimit: number): void {
  app.use(inTurn(requestId, paths, negotiation, jsonSuffix, verbs, bodyReader(bodyLimit)));
  app.useGlobalFilters(new ErrorFilter());
}
