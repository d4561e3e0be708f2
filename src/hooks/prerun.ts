import {
  environmentSource,
  paint,
  printable,
  processPorts,
  selectSources,
  storedSource,
  type CredentialSource,
} from '@apkg/command-kit'
import type {Hook} from '@oclif/core'

const {stderr} = processPorts

/** How long a plugin may take to offer its credential sources, in milliseconds. */
const pluginPatience = 2000

/**
 * Selects, before a command runs, where its credential may come from: `APKG_TOKEN`, then what `apkg login` stored, then
 * what plugins offer, by the plugins' names and never by who answers first.
 *
 * It reads no secret, opens no connection, asks nothing and never fails: oclif swallows a hook's plain errors, and those
 * that it lets through bypass `--json`. A missing credential is the command's to report. The command is known by its
 * shape, since a plugin's commands extend the plugin's own copy of the base class.
 */
const prerun: Hook.Prerun = async function ({Command, config}) {
  if (!('auth' in Command) || Command.auth === 'none') return
  const {successes, failures} = await withinPatience(() =>
    config.runHook('apkg:credentials' as 'init', {} as never, pluginPatience, true),
  )
  for (const {plugin, error} of failures) {
    await warn(plugin.name, error.message)
  }
  const offered = [...successes].sort((a, b) => (a.plugin.name < b.plugin.name ? -1 : 1))
  const fromPlugins = offered.map(({plugin, result}) => ({plugin, sources: [result ?? []].flat()}))
  for (const {plugin, sources} of fromPlugins) {
    if (!sources.every(isSource)) await warn(plugin.name, 'what it offers is not `{name, find}`')
  }
  const usable = fromPlugins.flatMap(({sources}) => sources.filter(isSource))
  selectSources(Command, [environmentSource, storedSource, ...usable])
}

async function warn(plugin: string, reason: string): Promise<void> {
  const warning = paint(stderr, 'yellow', 'Warning:')
  await stderr.write(`${warning} The plugin ${plugin} offers no credentials: ${printable(reason)}\n`)
}

function isSource(offered: unknown): offered is CredentialSource {
  if (typeof offered !== 'object' || offered === null) return false
  return (
    'name' in offered && typeof offered.name === 'string' && 'find' in offered && typeof offered.find === 'function'
  )
}

/** oclif's own timer does not keep the process alive: Node would end it in the middle of waiting for a plugin. */
async function withinPatience<Result>(work: () => Promise<Result>): Promise<Result> {
  const alive = setTimeout(() => undefined, pluginPatience * 2)
  try {
    return await work()
  } finally {
    clearTimeout(alive)
  }
}

export default prerun
