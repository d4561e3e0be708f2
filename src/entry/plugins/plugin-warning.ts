import {issuesUrl, paint, printable, processPorts, sentencesForOutput} from '@apkg/command-kit'
import {redactTokenValues} from '@apkg/wire'

import {pluginWarning} from '../../views/entry/plugin-warning.js'

/** The parts of a plugin that a warning needs. */
export interface NamedPlugin {
  name: string
  pjson?: Readonly<Record<string, unknown>> | undefined
}

/** Warns about a misbehaving plugin on stderr. The command continues. */
export function warnAboutPlugin({name, pjson}: NamedPlugin, problem: string): Promise<void> {
  return warn(pluginWarning({name, issues: issuesUrl(pjson), problem}))
}

export async function warn(text: string): Promise<void> {
  const {stderr} = processPorts
  const line = `${paint(stderr, 'yellow', 'Warning:')} ${printable(redactTokenValues(text))}`
  // A closed stderr doesn't stop the command.
  await stderr.write(`${sentencesForOutput(line, stderr)}\n`).catch(() => undefined)
}

/** The first line of anything that a plugin throws. */
export function errorLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1)
  return line === '' ? 'no reason given' : line
}
