import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { host, port } from './environment.ts';
import { product } from './product.ts';

@Controller('v1/products')
class ProductController {
  @Get(':id')
  read() {
    return product;
  }
}

@Module({ controllers: [ProductController] })
class AppModule {}

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: ['error'] });
await app.listen(port(), host);
