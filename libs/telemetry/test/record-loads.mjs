// Imported before register.ts: notes every module that is loaded afterwards and belongs to an OpenTelemetry SDK.
import { registerHooks } from 'node:module';

globalThis.loadedModules = [];
registerHooks({
  load(url, context, next) {
    if (/@opentelemetry\/(?!api\/)|import-in-the-middle|require-in-the-middle/.test(url)) globalThis.loadedModules.push(url);
    return next(url, context);
  },
});
