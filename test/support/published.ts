import {startSession} from './command.js'
import {publishPackage, sessionOf, type Draft} from './publish-package.js'
import {password} from './registry.js'

/** A registry on which ada, who is logged in, has published these packages in her own scope or an organization's. */
export async function startPublished(
  t: Parameters<typeof startSession>[0],
  drafts: readonly Draft[],
): Promise<Awaited<ReturnType<typeof startSession>>> {
  const world = await startSession(t)
  const session = await sessionOf(world.registry.url, 'ada', password)
  for (const draft of drafts) await publishPackage(world.registry.url, session, draft)
  return world
}
