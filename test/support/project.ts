import {mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import type {TestContext} from 'node:test'

import {tempFolder} from './temp-folder.js'
import {treeOf} from './tree.js'
import {config} from './oclif-config.js'
import {runCommand, type Outcome, type World} from './run-command.js'

type CommandClass = Parameters<typeof runCommand>[0]

/** A project in a temporary directory. Its commands run in this process. */
export interface TestProject {
  folder: string
  home: string
  run(command: CommandClass, argv?: string[], world?: Partial<World>): Promise<Outcome>
  /** Like `run`, but throws if the command fails. */
  succeed(command: CommandClass, argv?: string[], world?: Partial<World>): Promise<Outcome>
  manifest(): Promise<{dependencies?: Record<string, string>}>
  /** Writes a manifest with these dependencies. */
  depend(dependencies: Record<string, string>): Promise<void>
  /** The versions in the lockfile, by name. */
  locked(): Promise<Record<string, string>>
  /** The versions in `apkg_packages`, by name. */
  installed(): Promise<Record<string, string>>
  /** All files in the project, by path. */
  tree(): Promise<Record<string, string>>
  /** Returns the path of a file in the project. */
  at(...parts: string[]): string
}

export async function startProject(
  t: Pick<TestContext, 'after'>,
  registry: string,
  dependencies: Record<string, string> = {},
): Promise<TestProject> {
  const [folder, home] = [await tempFolder(t), await tempFolder(t)]
  const at = (...parts: string[]) => path.join(folder, ...parts)
  const depend = (wanted: Record<string, string>) => {
    const manifest = {name: '@ada/project', version: '1.0.0', type: 'project', dependencies: wanted}
    return writeFile(at('apkg.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
  }
  await depend(dependencies)
  await mkdir(path.join(home, '.apkg'), {mode: 0o700})
  const json = async (file: string) => JSON.parse(await readFile(file, 'utf8'))
  const project: TestProject = {
    folder,
    home,
    at,
    run: (command, argv = [], {env, ...world} = {}) =>
      runCommand(command, argv, config, {home, cwd: folder, env: {APKG_REGISTRY: registry, ...env}, ...world}),
    async succeed(...args) {
      const outcome = await project.run(...args)
      if (outcome.exitCode !== 0) throw new Error(outcome.stderr + outcome.stdout)
      return outcome
    },
    manifest: () => json(at('apkg.json')),
    depend,
    async locked() {
      const {packages} = await json(at('apkg-lock.json'))
      return Object.fromEntries(
        Object.keys(packages).map((key) => [key.slice(0, key.lastIndexOf('@')), packages[key].version]),
      )
    },
    async installed() {
      const tree = await treeOf(at('apkg_packages')).catch((): Record<string, string> => ({}))
      const manifests = Object.entries(tree).filter(([file]) => /^(@[^/]+\/)?[^/@]+\/apkg\.json$/.test(file))
      return Object.fromEntries(manifests.map(([, text]) => [JSON.parse(text).name, JSON.parse(text).version]))
    },
    tree: () => treeOf(folder),
  }
  return project
}
