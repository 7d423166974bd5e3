import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '@emporium/errors';
import { currentContext, remainingMs } from '@emporium/telemetry';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Injectable,
  Module,
  type OnModuleDestroy,
  Param,
  Post,
  Put,
  Query,
  RawBody,
} from '@nestjs/common';
import { z } from 'zod';
import {
  Answers,
  answer,
  CallingService,
  ClientAddress,
  CurrentPrincipal,
  CurrentUser,
  IdempotencyKey,
  Internal,
  Open,
  type Principal,
  Problems,
  Public,
  Roles,
} from '../src/index.ts';

const newThing = z.strictObject({
  name: z.string().min(1).max(50),
  size: z.int().min(1).optional(),
  parts: z.array(z.strictObject({ code: z.string().max(5) })).optional(),
});
const thing = z.object({ id: z.uuid(), name: z.string(), owner: z.string() });
const thingQuery = z.object({ q: z.string().optional(), limit: z.string().regex(/^\d+$/, 'must be a number').optional() });
const noSuchThing = () => new AppError('not-found', 'no-such-thing', 'There is no such thing.');

/** Injected by its type alone, so that the specs notice when decorator metadata goes missing. */
@Injectable()
export class Things implements OnModuleDestroy {
  readonly events: string[] = [];

  make(name: string, owner: string) {
    return { id: crypto.randomUUID(), name, owner };
  }

  onModuleDestroy(): void {
    this.events.push('modules');
  }
}

@Controller('v1/things')
export class ThingController {
  constructor(private readonly things: Things) {}

  @Post()
  @Answers(201, thing, 'The new thing.')
  @Problems(409)
  make(@CurrentUser() owner: string, @Body({ schema: newThing }) body: z.infer<typeof newThing>) {
    return answer(201, this.things.make(body.name, owner), { location: '/v1/things/1' });
  }

  @Get()
  @Public()
  @Answers(200, z.object({ query: thingQuery }))
  list(@Query({ schema: thingQuery }) query: z.infer<typeof thingQuery>) {
    return { query };
  }

  @Get('mine')
  mine(@CurrentPrincipal() who: Principal, @CallingService() caller: string, @ClientAddress() address: string) {
    return { who, caller, address, context: currentContext(), remainingMs: remainingMs() };
  }

  @Get(':id')
  @Answers(200, thing)
  @Problems(404)
  get(@Param('id', { schema: z.uuid() }) id: string) {
    if (id.startsWith('0')) throw noSuchThing();
    return { id, name: 'thing', owner: 'nobody' };
  }

  @Put(':id/label')
  label(@Param('id') id: string, @Body() body: unknown) {
    return { id, body, requestId: currentContext()?.requestId };
  }

  @Delete(':id')
  @Roles('admin')
  @HttpCode(204)
  @Answers(204)
  remove() {
    return undefined;
  }

  @Post('once')
  once(@IdempotencyKey() key: string) {
    return { key };
  }
}

@Controller('internal/things')
@Internal({ callers: ['order'] })
export class InternalThingController {
  @Get()
  list(@CallingService() caller: string) {
    return { caller };
  }

  @Get('open')
  @Open()
  open(@ClientAddress() address: string) {
    return { address };
  }
}

@Controller('v1/trouble')
@Public()
export class TroubleController {
  @Get('bug')
  bug(): never {
    throw new Error('secret detail');
  }

  @Get('busy')
  busy(): never {
    throw new AppError('unavailable', 'thing-unavailable', 'Things are away.', { retryAfterSeconds: 2 });
  }

  @Get('late')
  async late(@Query('ms') ms: string) {
    await sleep(Number(ms));
    return { late: true };
  }

  @Post('raw')
  @HttpCode(200)
  raw(@RawBody() raw: Buffer) {
    return { bytes: raw.toString('hex') };
  }

  @Post('crash')
  crash(@Query('kind') kind: string) {
    const error = new Error('nobody waits for this');
    setImmediate(() => {
      if (kind === 'exception') throw error;
      void Promise.reject(error);
    });
    return { crashing: true };
  }
}

@Module({ controllers: [ThingController, InternalThingController, TroubleController], providers: [Things] })
export class TinyModule {}
