import {RegistryCommand} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {installContext} from '../project/installation/install-context.js'
import {verificationWarnings, verificationOutcome, verificationTable} from '../views/project/verification.js'
import {failedPackages, verificationExit} from '../project/verification/verification-exit.js'
import type {Verification} from '../project/verification/verification.js'
import {verifyPackages} from '../project/verification/verify-packages.js'

export default class Verify extends RegistryCommand<Verification> {
  static override readonly summary = 'Verify what is installed: signatures, integrity, every file.'

  static override readonly description = `For each package: whether its author and the registry signed it, with what the registry says of their keys now; whether the tarball, of the cache or else of the registry, is what apkg-lock.json says; whether each installed file is the tarball's; and whether its provenance is signed. Nothing of the project is changed.

Exit code 1 where anything is not as it should be: a signature that does not hold, another tarball, changed files. Packages that are not signed or not installed are no failure; with --strict each must be signed, whole and installed unchanged, else the exit code is 8. Offline, what is in the cache is verified; the rest counts as not verified.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'In CI, after an install:',
      command: '<%= config.bin %> <%= command.id %> --strict',
    },
  ]

  static override readonly completion = {packages: 'locked-package'}

  static override readonly auth = 'optional'

  static override readonly args = {
    packages: Args.string({
      description: 'Names of packages in the lockfile; all where none is given.',
      multiple: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = {
    strict: Flags.boolean({summary: 'End with exit code 8 where a package is not verified in every respect.'}),
  }

  async run(): Promise<Verification> {
    const {args, flags} = await this.parse(Verify)
    const {client} = await this.connect(flags)
    const result = await verifyPackages(args.packages ?? [], installContext(this.ports, client, 'Verifying'))
    this.warning(...verificationWarnings(result))
    this.endWith(verificationExit(result, flags.strict))
    await this.show(result, verificationTable(result, this.ports.stdout))
    this.note(verificationOutcome(result, failedPackages(result, flags.strict)))
    return result
  }
}
