import {
  type DeadLetterResponse,
  deadLetterListResponse,
  deadLetterResponse,
  id,
  type Page,
  type PageQuery,
  pageQuery,
} from '@emporium/contracts';
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Roles } from '../access/access.decorators.ts';
import { Answers, Problems } from '../openapi/answers.decorator.ts';
import { DeadLetterService } from './dead-letter.service.ts';

/** Of one service; the gateway puts those of all services together under the same addresses. */
@ApiTags('admin')
@Controller('v1/admin/dead-letters')
@Roles('admin')
export class DeadLetterController {
  constructor(private readonly deadLetters: DeadLetterService) {}

  @Get()
  @Answers(200, deadLetterListResponse, 'What was given up, latest first.')
  list(@Query({ schema: pageQuery }) query: PageQuery): Promise<Page<DeadLetterResponse>> {
    return this.deadLetters.list(query);
  }

  @Post(':id/requeue')
  @HttpCode(202)
  @Answers(202, deadLetterResponse, 'Sent again; what fails again comes back.')
  @Problems(404, 422)
  requeue(@Param('id', { schema: id }) letterId: string): Promise<DeadLetterResponse> {
    return this.deadLetters.requeue(letterId);
  }
}
