/** Tables of the inbox, the dead letters and the published events, for `migrate`. */
export const eventsMigrations = { name: 'events', directory: new URL('../migrations', import.meta.url) };
