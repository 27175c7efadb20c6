import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

/** What the passthru method that it is compared with returns. */
@Controller('echo')
class EchoController {
  @Get()
  echo(): object {
    return { http_method: 'GET', args: {} };
  }
}

@Module({ controllers: [EchoController] })
class BareModule {}

// The measure of everything else: Nest on Express as it comes, but for the lines that it logs at the start.
const app = await NestFactory.create(BareModule, { logger: false });
await app.listen(0, '127.0.0.1');
process.stdout.write(`${await app.getUrl()}\n`);
