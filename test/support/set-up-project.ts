import {createHash} from 'node:crypto'
import {lstat, readdir, readFile, readlink} from 'node:fs/promises'
import path from 'node:path'

import Install from '../../src/commands/install.js'
import {setUpTools} from '../../src/tools/set-up.js'
import type {SetupReport} from '../../src/tools/setup-report.js'
import type {ToolName} from '../../src/tools/tool-traits.js'
import {startPlainRegistry, type PlainRegistry} from './plain-registry.js'
import {startProject, type TestProject} from './project.js'
import type {Draft} from './publish-package.js'

export interface SetUpProject extends TestProject {
  registry: PlainRegistry
  /** Writes the dependencies to the manifest and installs them without setting up tools. */
  install(dependencies: Record<string, string>): Promise<void>
  /** Sets up these tools, like `apkg` after an installation. */
  setUp(tools: readonly ToolName[], options?: {repairs?: boolean}): Promise<SetupReport>
}

/** Starts a project with packages that are installed from a plain registry. */
export async function startSetUp(
  t: Parameters<typeof startProject>[0],
  drafts: readonly Draft[],
  dependencies = Object.fromEntries(drafts.map(({name}) => [name, '*'])),
  existing?: PlainRegistry,
): Promise<SetUpProject> {
  const registry = existing ?? (await startPlainRegistry(t))
  for (const draft of drafts) await registry.put(draft)
  const project = await startProject(t, registry.url)
  const all: SetUpProject = {
    ...project,
    registry,
    async install(wanted) {
      await project.depend(wanted)
      await project.succeed(Install, ['--no-setup'])
    },
    setUp: (tools, {repairs = false} = {}) =>
      setUpTools({project: project.folder, home: project.home, selection: {tools, none: false}, repairs}),
  }
  await all.install(dependencies)
  return all
}

/** Returns kind, mode and content of everything in a directory, except apkg's own files. */
export async function statesOf(folder: string): Promise<Record<string, string>> {
  const states: Record<string, string> = {}
  for (const entry of (await readdir(folder, {recursive: true})).sort()) {
    if (/^(apkg_packages|apkg-lock\.json|apkg\.json)/.test(entry)) continue
    const file = path.join(folder, entry)
    const stat = await lstat(file)
    const mode = (stat.mode & 0o7777).toString(8)
    if (stat.isSymbolicLink()) states[entry] = `link to ${await readlink(file)}`
    else if (stat.isDirectory()) states[entry] = `folder ${mode}`
    else
      states[entry] = `file ${mode} ${createHash('sha256')
        .update(await readFile(file))
        .digest('hex')}`
  }
  return states
}
