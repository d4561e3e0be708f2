import {printable} from '@apkg/command-kit'
import type {Manifest} from '@apkg/package-format'
import type {FileToPack} from '@apkg/package-format/archive'
import {isSetUpType, misspelledLimits, type Definition} from '@apkg/package-format/conversion'

/** Warnings about fields that tools ignore because of their spelling, so the author's limit doesn't apply. */
export function misspelledLimitWarnings(
  {type}: Pick<Manifest, 'type'>,
  definitions: readonly Definition[],
  files: readonly FileToPack[],
): string[] {
  if (!isSetUpType(type)) return []
  return misspelledLimits({type, definitions}, files).map(({path, line, field, meant}) => {
    const place = `${path}${line === null ? '' : `, line ${line}`}`
    return printable(`${place}: \`${field}\` limits nothing, because tools don't read it. Did you mean \`${meant}\`?`)
  })
}
