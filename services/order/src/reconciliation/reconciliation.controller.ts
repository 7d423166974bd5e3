import { type PageQuery, pageQuery } from '@emporium/contracts';
import {
  type ReconcileRequest,
  type ReconciliationResponse,
  reconcileRequest,
  reconciliationResponse,
  reconciliationRunResponse,
} from '@emporium/contracts/order';
import { type Answer, Answers, answer, CurrentUser, Roles } from '@emporium/service-defaults';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { fromCursor } from '../orders/order.cursor.ts';
import { toResponse, toRunResponse } from './reconciliation.response.ts';
import { ReconciliationService } from './reconciliation.service.ts';

@ApiTags('admin')
@Controller('v1/admin/reconciliation')
@Roles('admin')
export class ReconciliationController {
  constructor(private readonly reconciliation: ReconciliationService) {}

  @Get()
  @Answers(200, reconciliationResponse, 'Where the books disagree, latest first, and the runs that compared them.')
  async standing(@Query({ schema: pageQuery }) { limit, cursor }: PageQuery): Promise<ReconciliationResponse> {
    return toResponse(await this.reconciliation.standing(limit + 1, fromCursor(cursor)), limit);
  }

  /** The run that answers may have been under way already: whoever needs a later `until` asks again when it has ended. */
  @Post()
  @Answers(202, reconciliationRunResponse, 'A run is under way: this one, or the one that was begun before.')
  async begin(@CurrentUser() adminId: string, @Body({ schema: reconcileRequest }) request: ReconcileRequest): Promise<Answer> {
    const { since, graceSeconds } = request;
    const graceMs = graceSeconds === undefined ? undefined : graceSeconds * 1_000;
    const run = await this.reconciliation.beginAsked(adminId, { since: new Date(since), graceMs });
    return answer(202, toRunResponse(run), { location: '/v1/admin/reconciliation' });
  }
}
