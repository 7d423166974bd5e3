import { Open } from '@emporium/service-defaults';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ApiDocsService } from './api-docs.service.ts';
import type { OpenApiDocument } from './merge.ts';

@ApiExcludeController()
@Controller()
export class ApiDocsController {
  constructor(private readonly docs: ApiDocsService) {}

  @Get('openapi.json')
  @Open()
  @Header('cache-control', 'public, max-age=60')
  document(): Promise<OpenApiDocument> {
    return this.docs.document();
  }
}
