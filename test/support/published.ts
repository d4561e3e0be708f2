import {startSession} from './command.js'
import {publishPackage, sessionOf, type Draft} from './publish-package.js'
import {password} from './registry.js'

/** Starts a registry on which ada is logged in and has published these packages. */
export async function startPublished(
  t: Parameters<typeof startSession>[0],
  drafts: readonly Draft[],
): Promise<Awaited<ReturnType<typeof startSession>>> {
  const world = await startSession(t)
  const session = await sessionOf(world.registry.url, 'ada', password)
  for (const draft of drafts) await publishPackage(world.registry.url, session, draft)
  return world
}
