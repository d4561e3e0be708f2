import {ApkgCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {setPolicy, type PolicySetting} from '../../trust/set-policy.js'

export default class TrustSet extends ApkgCommand<PolicySetting> {
  static override readonly summary = 'Set a policy for signatures, attestations, takedowns or tool setup.'

  static override readonly description = `signatures: \`warn\` warns about packages that aren't signed by their authors (by default, they are only counted), \`require\` refuses them, and \`off\` verifies nothing. With \`warn\` and \`require\`, an invalid signature is always refused.

attestations: once a registry's keys are pinned, \`require\` refuses versions that the registry doesn't attest, and \`off\` installs them as unsigned.

takedowns: on every install, apkg asks the registry which versions were taken down. \`check\` continues if apkg is offline or the registry doesn't support this, and \`require\` refuses to install.

setupTransitive: \`true\` sets up tools for transitive dependencies too, \`false\` only for direct dependencies.

Policies are stored in ~/.apkg/trust.json. A project can't change them.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> signatures require',
    '<%= config.bin %> <%= command.id %> setupTransitive false',
  ]

  static override readonly completion = {value: 'policy-value'}

  static override readonly args = {
    policy: Args.string({
      description: 'Policy to set.',
      options: ['signatures', 'attestations', 'takedowns', 'setupTransitive'],
      required: true,
      ignoreStdin: true,
    }),
    value: Args.string({
      description:
        '`off`, `warn` or `require` for signatures; `off` or `require` for attestations; `check` or `require` for takedowns; `true` or `false` for setupTransitive.',
      required: true,
      ignoreStdin: true,
    }),
  }

  async run(): Promise<PolicySetting> {
    const {args} = await this.parse(TrustSet)
    const setting = await setPolicy(this.ports.home, args.policy, args.value)
    this.success(`Set ${setting.policy} to ${setting.value}`)
    return this.show(setting, '')
  }
}
