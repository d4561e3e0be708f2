import {mkdir, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'

import type {Machine} from './machine.js'
import {inRepository} from './repository.js'

/** A plugin as a test describes it. */
export interface WrittenPlugin {
  name: string
  /** Files by events. */
  hooks?: Record<string, string>
  /** Whole fields of its package.json, over the usual ones. */
  manifest?: Record<string, unknown>
  /** Contents by paths; commands are in `commands/`. */
  files: Record<string, string>
}

/** Where a plugin of these tests takes reports. */
export const issuesOf = (name: string) => `https://example.com/${name}/issues`

/**
 * Writes a plugin and puts it on the list of those that are linked, without asking `apkg plugins link` what it thinks of
 * it: a plugin may break later. What it imports comes from the checkout.
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
  const usual = {name, version: '1.0.0', type: 'module', bugs: {url: issuesOf(name)}, oclif}
  const all = {'package.json': JSON.stringify({...usual, ...manifest}), ...files}
  await mkdir(folder, {recursive: true})
  await symlink(inRepository('node_modules'), path.join(folder, 'node_modules'))
  for (const [file, content] of Object.entries(all)) {
    await mkdir(path.dirname(path.join(folder, file)), {recursive: true})
    await writeFile(path.join(folder, file), content)
  }
}
