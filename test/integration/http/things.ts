import { authentication, type Authenticator, noAuthentication } from '../../../src/auth/authenticator.js';
import { once } from 'node:events';
import { type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Conflict } from '@ferrule/driver-kit';
import { Controller, Delete, Get, HttpCode, Module, Patch, Post, Put, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { type Request } from 'express';
import supertest from 'supertest';
import { AcceptedHosts } from '../../../src/http/middleware/hosts.js';
import { ApiAdapter } from '../../../src/http/api.adapter.js';
import { jsonBody, jsonObject } from '../../../src/http/bodies/json-body.js';
import { HttpModule, useHttp } from '../../../src/http/http.module.js';
import { Links } from '../../../src/http/links.js';

class Busy extends Conflict {
  override get problemStatus(): number {
    return 423;
  }
  override get headers(): Record<string, string> {
    return { 'Retry-After': '7' };
  }
  override get details(): Record<string, unknown> {
    return { holder: 'somebody' };
  }
}

@Controller('/v1/nodes')
class ThingsController {
  constructor(private readonly links: Links) {}

  @Get() list(): unknown {
    return { things: [] };
  }
  @Get('null') nothing(): unknown {
    return null;
  }
  @Get('text') text(): unknown {
    return 'žluťoučký';
  }
  @Get('busy') busy(): unknown {
    throw new Busy('The thing is busy.');
  }
  @Get('broken') broken(): unknown {
    throw new TypeError('password=hunter2');
  }
  @Get('caller') caller(@Req() request: Request): unknown {
    return request.caller;
  }
  @Get('seen') seen(@Req() request: Request): unknown {
    return { ip: request.ip, base: this.links.base(request) };
  }
  @Get(':name') named(@Req() request: Request): unknown {
    return { name: request.params['name'], suffix: request.jsonSuffix };
  }
  @Put(':name/lamp') @HttpCode(202) lamp(): void {}
  @Delete(':name/lamp') @HttpCode(204) dark(): void {}
  @Post('echo') @HttpCode(200) echo(@Req() request: Request): unknown {
    return jsonBody(request) ?? 'none';
  }
  @Get('x/arguments') @HttpCode(200) get(@Req() request: Request): unknown {
    return jsonObject(request);
  }
  @Patch('x/arguments') patch(@Req() request: Request): unknown {
    return jsonObject(request);
  }
}

@Module({ imports: [HttpModule.register({ publicEndpoint: undefined })], controllers: [ThingsController] })
class TestModule {}

/** A controller of the tests behind the service's own HTTP layer. */
export interface Things {
  readonly http: ReturnType<typeof supertest>;
  readonly port: number;
  /** Sends bytes on a connection of its own. @returns the answer. */
  exchange(head: string, body?: string): Promise<string>;
  close(): Promise<void>;
}

/** Bodies may have 1000 bytes, arrive within a second, and take 1500 bytes together. */
export async function startThings(
  authenticator: Authenticator = noAuthentication,
  trustedProxies: readonly string[] = [],
): Promise<Things> {
  const app = await NestFactory.create<NestExpressApplication>(TestModule, new ApiAdapter(), {
    bodyParser: false,
    logger: false,
  });
  useHttp(app, {
    hosts: new AcceptedHosts({ bound: '127.0.0.1', publicEndpoint: undefined, allowed: [] }),
    trustedProxies,
    authentication: authentication(authenticator),
    isTraced: () => true,
    observers: [],
    limit: 1000,
    timeout: 1000,
    total: 1500,
  });
  await app.listen(0, '127.0.0.1');
  const server: Server = app.getHttpServer();
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    http: supertest(server),
    port,
    exchange: (head, body = '') => {
      const socket = connect(port, '127.0.0.1');
      socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
      return textOf(socket);
    },
    close: () => app.close(),
  };
}

export function fault(response: supertest.Response): { faultcode: string; faultstring: string } {
  expect(response.headers['content-type']).toMatch(/^application\/json$/);
  const body = response.body as { error_message: string };
  expect(Object.keys(body)).toEqual(['error_message']);
  return JSON.parse(body.error_message) as { faultcode: string; faultstring: string };
}

export async function firstOf(socket: Socket): Promise<string> {
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return String(chunk);
}

export async function textOf(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}
