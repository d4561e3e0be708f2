import {mkdir, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'

import type {Machine} from './machine.js'
import {inRepository} from './repository.js'

/** A plugin to write to disk. */
export interface WrittenPlugin {
  name: string
  /** Files by event. */
  hooks?: Record<string, string>
  /** Fields of package.json that replace the default ones. */
  manifest?: Record<string, unknown>
  /** File contents by path. Commands are in `commands/`. */
  files: Record<string, string>
}

/** Returns the issue tracker of a plugin. */
export const issuesOf = (name: string) => `https://example.com/${name}/issues`

/**
 * Writes plugins and registers them as linked, without the checks of `apkg plugins link`, because a plugin can break after
 * it was linked. Their imports come from the checkout.
 */
export async function placeLinked(machine: Machine, plugins: WrittenPlugin[]): Promise<void> {
  const linked = plugins.map(({name}) => ({name, type: 'link', root: path.join(machine.home, 'plugins', name)}))
  for (const plugin of plugins) await writePlugin(path.join(machine.home, 'plugins', plugin.name), plugin)
  const {XDG_DATA_HOME = ''} = machine.environment()
  await mkdir(path.join(XDG_DATA_HOME, 'apkg'), {recursive: true})
  const list = {name: 'apkg', private: true, oclif: {schema: 1, plugins: linked}}
  await writeFile(path.join(XDG_DATA_HOME, 'apkg/package.json'), JSON.stringify(list))
}

async function writePlugin(folder: string, {name, hooks = {}, manifest, files}: WrittenPlugin): Promise<void> {
  const hasCommands = Object.keys(files).some((file) => file.startsWith('commands/'))
  const oclif = {hooks, ...(hasCommands && {commands: './commands'})}
  const defaults = {name, version: '1.0.0', type: 'module', bugs: {url: issuesOf(name)}, oclif}
  const all = {'package.json': JSON.stringify({...defaults, ...manifest}), ...files}
  await mkdir(folder, {recursive: true})
  await symlink(inRepository('node_modules'), path.join(folder, 'node_modules'))
  for (const [file, content] of Object.entries(all)) {
    await mkdir(path.dirname(path.join(folder, file)), {recursive: true})
    await writeFile(path.join(folder, file), content)
  }
}
