import {issuesUrl, paint, printable, processPorts} from '@apkg/command-kit'
import {redactTokenValues} from '@apkg/wire'

import {pluginTrouble} from '../../views/entry/plugin-trouble.js'

/** What is read of a plugin: its name, and its package.json where there is one. */
export interface NamedPlugin {
  name: string
  pjson?: Readonly<Record<string, unknown>> | undefined
}

/** Tells of a plugin that does not work as it should. The command goes on, and stdout stays its own. */
export function warnOf({name, pjson}: NamedPlugin, trouble: string): Promise<void> {
  return warn(pluginTrouble({name, issues: issuesUrl(pjson), trouble}))
}

export async function warn(text: string): Promise<void> {
  const {stderr} = processPorts
  const line = `${paint(stderr, 'yellow', 'Warning:')} ${printable(redactTokenValues(text))}\n`
  // Where nobody can read it any more, the command goes on, too.
  await stderr.write(line).catch(() => undefined)
}

/** Why something of a plugin failed, in a line. A plugin may throw anything. */
export function reasonOf(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1)
  return line === '' ? 'it gives no reason' : line
}
