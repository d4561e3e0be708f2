import {ApkgCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {setPolicy, type PolicySetting} from '../../trust/set-policy.js'

export default class TrustSet extends ApkgCommand<PolicySetting> {
  static override readonly summary = 'Set what an installation does about signatures, or about tools.'

  static override readonly description = `signatures: \`warn\` tells which packages are not signed by their authors, \`require\` refuses them, and \`off\` verifies nothing. Under \`warn\` and \`require\` a signature that does not hold is always refused.

setupTransitive: whether tools are set up for packages that only other packages depend on, \`true\` or \`false\`.

The policies are yours, in ~/.apkg/trust.json; a project cannot change them.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> signatures require',
    '<%= config.bin %> <%= command.id %> setupTransitive false',
  ]

  static override readonly completion = {value: 'policy-value'}

  static override readonly args = {
    policy: Args.string({
      description: 'What is set.',
      options: ['signatures', 'setupTransitive'],
      required: true,
      ignoreStdin: true,
    }),
    value: Args.string({
      description: '`off`, `warn` or `require`; `true` or `false`.',
      required: true,
      ignoreStdin: true,
    }),
  }

  async run(): Promise<PolicySetting> {
    const {args} = await this.parse(TrustSet)
    const setting = await setPolicy(this.ports.home, args.policy, args.value)
    this.note(`Set ${setting.policy} to ${setting.value}`)
    return this.show(setting, '')
  }
}
