import { startService } from '@emporium/service-defaults';
import { appModule } from './app.module.ts';
import { loadConfig } from './config.ts';

const config = loadConfig(process.env);
await startService({ name: 'product', module: appModule(config), config });
