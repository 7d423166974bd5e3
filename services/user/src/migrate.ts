import { migrateService } from '@emporium/service-defaults';
import { migrations } from './migrations.ts';

await migrateService({ name: 'user', migrations, environment: process.env });
