import path from 'node:path'

import type {Ports} from '@apkg/command-kit'

import type {Search} from './live-values.js'

/** How long after its start the process may still wait for somebody, in milliseconds. */
const deadline = 150

/** How long a search may take for which nobody waits, in milliseconds. */
const longPatience = 5000

/** The event that a plugin answers to complete values of its own. */
const event = 'apkg:complete'

/** What is read of oclif's configuration. */
interface Program {
  version: string
  platform: string
  arch: string
  plugins: ReadonlyMap<string, Plugin>
}

interface Plugin {
  name: string
  version: string
  type: string
  root: string
  hooks: Readonly<Record<string, readonly {target: string; identifier: string}[]>>
}

/** @param later whether the search is for the next Tab, and nobody waits for it. */
export function searchOf(program: Program, {env, home, cwd, now}: Ports, later: boolean): Search {
  const {version, platform, arch, plugins} = program
  return {
    env,
    home,
    cwd,
    now: now(),
    userAgent: `apkg-cli/${version} ${platform}-${arch}`,
    plugins: [...plugins.values()].filter(({type}) => type === 'user' || type === 'link'),
    hookOf(name) {
      const {root = '', hooks = {}} = plugins.get(name) ?? {}
      const [hook] = hooks[event] ?? []
      return hook && {file: path.resolve(root, hook.target), export: hook.identifier}
    },
    patience: later ? longPatience : deadline - performance.now(),
    isCacheUsed: !later,
  }
}
