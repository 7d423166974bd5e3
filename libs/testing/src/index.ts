export { type FakeAnswer, type FakeHttp, type FakeRoute, fakeHttp, type RecordedCall } from './fake-http.ts';
export {
  type AnyDatabase,
  explain,
  nodesOf,
  type Plan,
  type PlanMode,
  planModes,
  readWhole,
  statementsOf,
} from './plans.ts';
export { type LoggedLine, recordingLogger } from './recording-logger.ts';
export { answer, hang, type Script, type ScriptedServer, scriptedServer } from './scripted-server.ts';
export { type StartAppOptions, startApp, type TestAnswer, type TestApp, type TestRequest } from './start-app.ts';
export { type TcpProxy, tcpProxy } from './tcp-proxy.ts';
export { TestDatabase, type TestDatabaseOptions, testDatabase } from './test-database.ts';
export { type TestKeys, testKeys } from './test-keys.ts';
export { type TestRedis, testRedis } from './test-redis.ts';
export { type RecordedSpan, type TestTracing, testTracing } from './test-tracing.ts';
