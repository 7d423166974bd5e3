import { migrateService } from '@emporium/service-defaults';
import { migrations } from './migrations.ts';

await migrateService({ name: 'payment', migrations, environment: process.env });
