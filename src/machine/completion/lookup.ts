import path from 'node:path'

import type {Ports} from '@apkg/command-kit'

import type {LookupOptions} from './live-values.js'

/** Milliseconds after the start of the process at which lookups stop. */
const deadline = 150

/** In milliseconds. */
const backgroundTimeout = 5000

/** The event that a plugin answers to complete its own values. */
const event = 'apkg:complete'

/** The parts of oclif's configuration that lookups need. */
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

/** @param later whether the lookup runs in the background, for the next Tab. */
export function lookupOptions(program: Program, ports: Ports, later: boolean): LookupOptions {
  const {env, home, now} = ports
  const {version, platform, arch, plugins} = program
  return {
    env,
    home,
    // Most values don't depend on the current directory, which may have been deleted.
    get cwd() {
      return ports.cwd
    },
    now: now(),
    userAgent: `apkg-cli/${version} ${platform}-${arch}`,
    plugins: [...plugins.values()].filter(({type}) => type === 'user' || type === 'link'),
    hookOf(name) {
      const {root = '', hooks = {}} = plugins.get(name) ?? {}
      const [hook] = hooks[event] ?? []
      return hook && {file: path.resolve(root, hook.target), export: hook.identifier}
    },
    timeout: later ? backgroundTimeout : deadline - performance.now(),
    isCacheUsed: !later,
  }
}
