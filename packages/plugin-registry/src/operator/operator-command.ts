import {ApkgCommand, failure} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

/** The base class of the commands that operate a registry. They work on a data directory, so they refuse `--registry`. */
export abstract class OperatorCommand<Result extends object> extends ApkgCommand<Result> {
  static override readonly baseFlags = {
    ...ApkgCommand.baseFlags,
    registry: Flags.string({
      summary: 'Not for these commands. Use --data.',
      hidden: true,
      parse: () => Promise.reject(registryGiven()),
    }),
  }
}

function registryGiven() {
  return failure('USAGE', {
    message:
      '`apkg registry` works on the data directory of a registry on this machine, so it cannot be used with --registry',
    suggestions: ['use --data to select the data directory', 'run the command on the machine that runs the registry'],
  })
}
