import { migrateService } from '@emporium/service-defaults';
import { migrations } from './migrations.ts';

await migrateService({ name: 'product', migrations, environment: process.env });
