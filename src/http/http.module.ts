import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type Request, type RequestHandler } from 'express';
import { type BodyOptions, bodyReader } from './middleware/body.js';
import { DiscoveryController } from './discovery.controller.js';
import { ErrorFilter } from './replies/error.filter.js';
import { type AcceptedHosts } from './middleware/hosts.js';
import { inTurn } from './middleware/in-turn.js';
import { Links } from './links.js';
import { negotiation, withVersions } from './middleware/negotiation.js';
import { observation, type RequestObserver } from './middleware/observation.js';
import { jsonSuffix, paths } from './middleware/paths.js';
import { requestId } from './middleware/request-id.js';
import { requestSpan } from './middleware/request-span.js';
import { webPages } from './middleware/web-pages.js';
import { verbs } from './middleware/verbs.js';

@Module({})
export class HttpModule {
  static register(options: { readonly publicEndpoint: string | undefined }): DynamicModule {
    return {
      module: HttpModule,
      global: true,
      controllers: [DiscoveryController],
      providers: [
        { provide: Links, useValue: new Links(options.publicEndpoint) },
        ErrorFilter,
        { provide: APP_FILTER, useExisting: ErrorFilter },
      ],
      exports: [Links, ErrorFilter],
    };
  }
}

export interface HttpOptions extends BodyOptions {
  readonly hosts: AcceptedHosts;
  /** Networks of the proxies whose `X-Forwarded-…` headers are believed. */
  readonly trustedProxies: readonly string[];
  /** Refuses what this process cannot answer now and another one can. */
  readonly entrance?: RequestHandler;
  /** Learns who asks, or refuses the request. */
  readonly authentication: RequestHandler;
  /** Refuses callers that ask too often. */
  readonly requestLimit?: RequestHandler | undefined;
  /** Whether a request has a span, if traces are on. */
  readonly isTraced: (request: Request) => boolean;
  readonly observers: readonly RequestObserver[];
}

/** Installs the middleware. The application must be created with `new ApiAdapter()` and `bodyParser: false`. */
export function useHttp(app: NestExpressApplication, options: HttpOptions): void {
  app.set('trust proxy', options.trustedProxies);
  app.use(
    inTurn(
      observation(options.observers),
      requestId,
      paths,
      withVersions(webPages(options.hosts)),
      ...(options.entrance === undefined ? [] : [options.entrance]),
      // Before the negotiation, since its refusals have no version headers.
      options.authentication,
      ...(options.requestLimit === undefined ? [] : [options.requestLimit]),
      requestSpan(options.isTraced),
      negotiation,
      jsonSuffix,
      verbs,
      bodyReader(options),
    ),
  );
}
