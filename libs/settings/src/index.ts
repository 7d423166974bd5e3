export { laidOver, type SettingsLayout } from './sections.ts';
export { Settings, type SettingsOptions, type SettingsReport } from './settings.ts';
