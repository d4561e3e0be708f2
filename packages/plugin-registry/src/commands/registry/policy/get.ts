import {Args} from '@oclif/core'

import {placeFlags} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {
  policySetting,
  type PolicySetting,
  policySettingNames,
  policySettings,
} from '../../../operator/policy-settings.js'
import {withStore} from '../../../operator/with-store.js'
import {policySettingList} from '../../../views/policy-settings.js'

/** The policy of a registry. */
export interface RegistryPolicyGetResult {
  /** All settings, or the requested one. */
  settings: PolicySetting[]
}

export default class RegistryPolicyGet extends OperatorCommand<RegistryPolicyGetResult> {
  static override readonly summary = "Print a registry's policy."
  static override readonly description =
    'With a name, prints only the value of that setting. Also works while `apkg registry serve` is running.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> max-token-lifetime',
  ]
  static override readonly args = {
    name: Args.option({options: policySettingNames})({
      description: 'Setting to print. All by default.',
      ignoreStdin: true,
    }),
  }
  static override readonly flags = placeFlags

  async run() {
    const {args, flags} = await this.parse(RegistryPolicyGet)
    const {name} = args
    const policy = await withStore(this.place(flags), (store) => store.policy.read())
    if (name !== undefined) {
      const setting = policySetting(name, policy)
      return this.show({settings: [setting]}, setting.value)
    }
    const settings = policySettings(policy)
    return this.show({settings}, policySettingList(settings, this.ports.stdout))
  }
}
