import {Args} from '@oclif/core'

import {failure} from '../../../operator/failures.js'
import {placeFlags} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {
  parsePolicySetting,
  policySetting,
  type PolicySetting,
  policySettingNames,
} from '../../../operator/policy-settings.js'
import {withStore} from '../../../operator/with-store.js'
import {operator} from '../../../server/store/store.js'

/** The setting and its new value. */
export type RegistryPolicySetResult = PolicySetting

export default class RegistryPolicySet extends OperatorCommand<RegistryPolicySetResult> {
  static override readonly summary = "Change a registry's policy."
  static override readonly description = `Takes effect immediately, even while \`apkg registry serve\` is running. Existing tokens keep their expiry.

max-token-lifetime: the maximum lifetime of a new token, such as 90d. \`never\`: tokens don't have to expire.
default-token-lifetime: the lifetime of a new token whose creator doesn't set one. \`never\`: the maximum, if there is one.
max-tokens: how many active tokens a user can have.
confirm-after: how long after a login users can create, rotate and resume tokens, and change trusted publishers, such as 10m. After that, they have to confirm their password. 0: no limit.
failed-auth-rate: how many rejected credentials one address can send, such as 60/min. 0: no limit.`
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> max-token-lifetime 90d',
    '<%= config.bin %> <%= command.id %> failed-auth-rate 30/min',
  ]
  static override readonly args = {
    name: Args.option({options: policySettingNames})({
      description: 'Setting to change.',
      required: true,
      ignoreStdin: true,
    }),
    value: Args.string({description: 'New value.', required: true, ignoreStdin: true}),
  }
  static override readonly flags = placeFlags

  async run() {
    const {args, flags} = await this.parse(RegistryPolicySet)
    const {name, value} = args
    const change = parsePolicySetting(name, value)
    const policy = await withStore(this.place(flags), async (store) => {
      const outcome = await store.policy.set(change, operator, this.ports.now().getTime())
      if (outcome === 'default-too-long') throw failure('POLICY_CONTRADICTORY', {name, value})
      return store.policy.read()
    })
    const setting = policySetting(name, policy)
    this.success(`Set ${name} = ${setting.value}`)
    return this.show(setting, '')
  }
}
