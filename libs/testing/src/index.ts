export { type LoggedLine, recordingLogger } from './recording-logger.ts';
export { type TcpProxy, tcpProxy } from './tcp-proxy.ts';
export { TestDatabase, type TestDatabaseOptions, testDatabase } from './test-database.ts';
export { type TestRedis, testRedis } from './test-redis.ts';
