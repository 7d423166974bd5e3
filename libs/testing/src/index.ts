export { TestDatabase, type TestDatabaseOptions, testDatabase } from './test-database.ts';
