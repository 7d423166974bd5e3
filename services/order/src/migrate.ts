import { migrateService } from '@emporium/service-defaults';
import { migrations } from './migrations.ts';

await migrateService({ name: 'order', migrations, environment: process.env });
