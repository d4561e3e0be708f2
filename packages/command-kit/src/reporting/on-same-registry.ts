import type {Config} from '@oclif/core'

import {shellPath} from '../errors/shell-path.js'
import {canonicalRegistry} from '../registry/registry-url.js'

/**
 * Makes the `apkg` commands in a text use the registry of the running command: adds its `--registry` to those that use a
 * registry, and removes `--registry` from those that use the default one anyway.
 *
 * @param argv the arguments of the running command.
 * @param usual the canonical URL of the registry that commands without `--registry` use; undefined if that isn't known.
 */
export function onSameRegistry(text: string, argv: readonly string[], config: Config, usual?: string): string {
  const url = registryIn(argv)
  if (usual === undefined) return url === undefined ? text : withRegistry(text, url, config)
  const isUsual = url === undefined || canonicalRegistry(url, '--registry') === usual
  return withoutRegistry(isUsual ? text : withRegistry(text, url, config), usual)
}

function withoutRegistry(text: string, usual: string): string {
  const flag = ` --registry ${usual}`
  return text.replaceAll(/`apkg [^`]*`/g, (quoted) => {
    const at = quoted.indexOf(flag)
    const rest = quoted.slice(at + flag.length)
    return at !== -1 && /^[ `]/.test(rest) ? quoted.slice(0, at) + rest : quoted
  })
}

function withRegistry(text: string, url: string, config: Config): string {
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
