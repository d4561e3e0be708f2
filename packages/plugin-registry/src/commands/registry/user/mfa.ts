import {Flags} from '@oclif/core'

import {confirm} from '../../../operator/confirm.js'
import {enrollMfa, type MfaEnrollment} from '../../../operator/enroll-mfa.js'
import {placeFlags, userArg, yesFlag} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {findUser, withStore} from '../../../operator/with-store.js'
import {mfaEnrollment} from '../../../views/mfa-enrollment.js'

export default class RegistryUserMfa extends OperatorCommand<MfaEnrollment> {
  static override readonly summary = 'Set up multi-factor authentication (TOTP) for a user.'
  static override readonly description =
    'Prints a secret for an authenticator app and ten recovery codes. They are shown only once. From then on, the user needs a code to log in. --reset asks for confirmation. Without a terminal, pass --yes.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ada',
    '<%= config.bin %> <%= command.id %> ada --reset',
    '<%= config.bin %> <%= command.id %> ada --reset --yes',
  ]
  static override readonly args = userArg
  static override readonly flags = {
    reset: Flags.boolean({summary: 'Replace the secret and recovery codes of a user for whom MFA is already enabled.'}),
    ...yesFlag,
    ...placeFlags,
  }

  async run() {
    const {args, flags} = await this.parse(RegistryUserMfa)
    const {reset} = flags
    const enrollment = await withStore(this.place(flags), async (store) => {
      const user = await findUser(store, args.name)
      if (reset && user.mfaEnabledAt !== null) {
        const question = `Replace the secret and recovery codes of ${args.name}? The old ones stop working`
        await confirm(question, {isAgreed: flags.yes, action: 'Resetting MFA'}, this.ports)
      }
      return enrollMfa(store, user, {reset, now: this.ports.now()})
    })
    await this.show(enrollment, mfaEnrollment(enrollment, this.ports.stdout))
    this.note(
      'This is shown only once. Keep the recovery codes separate from the authenticator app. Each code works once',
    )
    return enrollment
  }
}
