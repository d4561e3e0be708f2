import {failure} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

/** The argument that names a key in the original client. `--key` replaces it. */
export const keyArgument = Args.string({description: 'Same as --key.', hidden: true, ignoreStdin: true})

/** What `--key` takes. */
export const keyFormat = {
  summary: 'Key: its ID, a unique prefix of it (4 characters or more), or its name.',
  helpValue: '<key>',
}

/** Not `required` in oclif, because the argument can replace it. */
export const requiredKeyFlag = Flags.string({...keyFormat, summary: `${keyFormat.summary} Required.`})

/** @throws {ApkgError} `USAGE` if two keys are given; `INPUT_MISSING` if none is. */
export function givenKey(args: {key?: string | undefined}, flags: {key?: string | undefined}): string {
  if (args.key !== undefined && flags.key !== undefined && args.key !== flags.key) {
    throw failure('USAGE', {
      message: 'The argument and --key specify different keys',
      suggestions: ['pass the key with --key only'],
    })
  }
  const given = flags.key ?? args.key
  if (given !== undefined) return given
  throw failure('INPUT_MISSING', {missing: 'No key was given', because: false, supply: 'pass --key'})
}
