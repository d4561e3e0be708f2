import {Args, Flags} from '@oclif/core'

import {RoutedCommand} from '../entry/routed-command.js'
import {installContext} from '../project/installation/install-context.js'
import {verificationWarnings, verificationOutcome, verificationTable} from '../views/project/verification.js'
import {failedPackages, verificationExit} from '../project/verification/verification-exit.js'
import type {Verification} from '../project/verification/verification.js'
import {verifyPackages} from '../project/verification/verify-packages.js'

export default class Verify extends RoutedCommand<Verification> {
  static override readonly summary = 'Verify installed packages against current registry data.'

  static override readonly description = `Checks four things for each locked package: the signatures of its author and of the registry, against the registry's current list of keys; the tarball, against apkg-lock.json; each installed file, against the tarball; and its provenance. It shows the CI job that published the version, if the registry attests one. It also asks the registry which versions were taken down or are signed with a compromised key. The project isn't changed.

Exits with code 1 if a signature is invalid, a version was taken down, a tarball doesn't match, or installed files were modified. Unsigned and missing packages pass. With --strict, exits with code 8 unless every package is signed by its author, intact and installed. Versions of trusted publishers are not signed by an author. With --offline, only cached data is verified, and everything else is reported as unchecked.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'In CI, after an install',
      command: '<%= config.bin %> <%= command.id %> --strict',
    },
  ]

  static override readonly completion = {packages: 'locked-package'}

  static override readonly auth = 'optional'

  static override readonly args = {
    packages: Args.string({
      description: 'Packages to verify, by name. Default: all packages in the lockfile.',
      multiple: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = {
    strict: Flags.boolean({summary: 'Exit with code 8 unless every package is fully verified.'}),
  }

  async run(): Promise<Verification> {
    const {args, flags} = await this.parse(Verify)
    const registries = await this.connectAll(flags)
    const result = await verifyPackages(args.packages ?? [], installContext(this.ports, registries, 'Verifying'))
    this.warning(...verificationWarnings(result))
    this.endWith(verificationExit(result, flags.strict))
    await this.show(result, verificationTable(result, this.ports.stdout))
    this.note(verificationOutcome(result, failedPackages(result, flags.strict)))
    return result
  }
}
