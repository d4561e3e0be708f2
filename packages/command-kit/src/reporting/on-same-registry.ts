import type {Config} from '@oclif/core'

import {shellPath} from '../errors/shell-path.js'

/**
 * Adds `--registry` to the `apkg` commands in a text that use a registry, so that they use the same one.
 *
 * @param argv the arguments of the running command. Without `--registry`, the text stays as it is.
 */
export function onSameRegistry(text: string, argv: readonly string[], config: Config): string {
  const url = registryIn(argv)
  if (url === undefined) return text
  return text.replaceAll(/`apkg ([^`]*)`/g, (quoted, command: string) =>
    usesRegistry(command.split(' '), config) && !/ --(?:registry\b| )/.test(command)
      ? `\`apkg ${command} --registry ${shellPath(url)}\``
      : quoted,
  )
}

/** The value of the last `--registry`, as oclif's parser reads it. */
function registryIn(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--')
  const flags = end === -1 ? argv : argv.slice(0, end)
  const [url] = flags
    .map((each, position) => (each === '--registry' ? flags[position + 1] : /^--registry=(.*)$/s.exec(each)?.[1]))
    .filter((each) => each !== undefined)
    .slice(-1)
  return url
}

/** Commands that don't use a registry accept the flag too, but hide it. */
function usesRegistry(words: readonly string[], config: Config): boolean {
  const command = words
    .map((_, count) => config.findCommand(words.slice(0, words.length - count).join(':')))
    .find((each) => each !== undefined)
  const {registry} = command?.flags ?? {}
  return registry !== undefined && registry.hidden !== true
}
