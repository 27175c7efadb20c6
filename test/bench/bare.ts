import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

@Controller('echo')
class EchoController {
  @Get()
  echo(): object {
    return { http_method: 'GET', args: {} };
  }
}

@Module({ controllers: [EchoController] })
class BareModule {}

// The baseline: Nest on Express with its defaults, except for the log at the start.
const app = await NestFactory.create(BareModule, { logger: false });
await app.listen(0, '127.0.0.1');
process.stdout.write(`${await app.getUrl()}\n`);
