import {ApkgCommand, failure} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import type {Place, PlaceFlags} from './place.js'
import {pluginVersion} from './plugin-version.js'

/** The base class of the commands that operate a registry. They work on its data, so they refuse `--registry`. */
export abstract class OperatorCommand<Result extends object> extends ApkgCommand<Result> {
  static override readonly baseFlags = {
    ...ApkgCommand.baseFlags,
    registry: Flags.string({
      summary: 'Not used by these commands. Use --data.',
      hidden: true,
      parse: () => Promise.reject(registryGiven()),
    }),
  }

  /** Where the flags say that the registry is. */
  protected place(flags: PlaceFlags): Place {
    return {flags, version: pluginVersion(this.config), ports: this.ports}
  }
}

function registryGiven() {
  return failure('USAGE', {
    message: '`apkg registry` works on the data of a registry, so it cannot be used with --registry',
    suggestions: [
      'use --data to select the data directory, or --database',
      'run the command on the machine that runs the registry',
    ],
  })
}
