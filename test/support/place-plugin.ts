import {cp, mkdir, readFile, symlink} from 'node:fs/promises'
import path from 'node:path'

import type {Machine} from './machine.js'
import {repository} from './repository.js'

/**
 * Copies a plugin of this repository to a machine like a third-party plugin, with its own copies of the kit and the
 * protocol. Their dependencies come from the checkout.
 */
export async function placePlugin(machine: Machine, source = 'test/fixtures/plugin-vault'): Promise<string> {
  const folder = path.join(machine.home, path.basename(source))
  await cp(path.join(repository, source), folder, {recursive: true})
  for (const name of ['command-kit', 'wire']) {
    const copy = path.join(folder, 'node_modules/@apkg', name)
    await mkdir(copy, {recursive: true})
    await cp(path.join(repository, 'packages', name, 'dist'), path.join(copy, 'dist'), {recursive: true})
    await cp(path.join(repository, 'packages', name, 'package.json'), path.join(copy, 'package.json'))
  }
  for (const name of await dependenciesOfKit()) {
    const link = path.join(folder, 'node_modules', name)
    await mkdir(path.dirname(link), {recursive: true})
    await symlink(path.join(repository, 'node_modules', name), link)
  }
  return folder
}

async function dependenciesOfKit(): Promise<string[]> {
  const manifest = await readFile(path.join(repository, 'packages/command-kit/package.json'), 'utf8')
  const {dependencies} = JSON.parse(manifest) as {dependencies: Record<string, string>}
  return Object.keys(dependencies).filter((name) => !name.startsWith('@apkg/'))
}
