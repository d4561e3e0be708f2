import {migrations} from '../../src/server/store/migrations/index.js'

/** Runs `work` as if a migration and all later ones did not exist. */
export async function before(migration: string, work: () => Promise<void>): Promise<void> {
  const later = Object.entries(migrations).filter(([name]) => name >= migration)
  for (const [name] of later) Reflect.deleteProperty(migrations, name)
  await work().finally(() => Object.assign(migrations, Object.fromEntries(later)))
}
