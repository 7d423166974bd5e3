import { Injectable } from '@nestjs/common';
import { WebhookService } from './webhook.service.ts';

@Injectable()
export class WebhookTasks {
  readonly tasks = { 'purge-webhook-events': async () => void (await this.webhooks.purge()) };
  readonly crontab = '23 3 * * * purge-webhook-events';

  constructor(private readonly webhooks: WebhookService) {}
}
