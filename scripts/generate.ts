import { renderClientTypes } from './client-types/render-client-types.ts';
import { dumpSchema } from './dump-schema.ts';
import { generateQueries } from './generate-queries.ts';
import { isStale, writeFileOf } from './generated.ts';
import { renderDashboard } from './render-dashboard.ts';
import { startTemporaryDatabase } from './temporary-database.ts';

const root = process.cwd();
const database = await startTemporaryDatabase();
try {
  const queries = await generateQueries({ databaseUrl: database.url, root, write: true });
  for (const { path, changed } of queries) if (changed) console.log(path);
  // Imported after the queries were generated, because the routes need them.
  const { renderOpenapi } = await import('./render-openapi.ts');
  const { renderEventContracts } = await import('./render-event-contracts.ts');
  const openapi = await renderOpenapi(database.url);
  for (const file of [
    await dumpSchema(database.url),
    openapi,
    await renderClientTypes(openapi.content),
    ...renderEventContracts(),
    renderDashboard(),
  ]) {
    if (await isStale(root, file)) console.log(file.path);
    await writeFileOf(root, file);
  }
} finally {
  await database.stop();
}
