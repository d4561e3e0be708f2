import {exitCodes} from '@apkg/command-kit'

import {
  answerWithoutCredential,
  askPermission,
  exitCodeOf,
  isCredentialError,
  type PermissionAnswer,
} from '../../account/token/ask-permission.js'
import {RoutedCommand} from '../../entry/routed-command.js'
import {permissionArgs, permissionFlags, questionOf} from '../../entry/flags/permission-flags.js'
import {permissionLines} from '../../views/account/permission.js'

export default class TokenCan extends RoutedCommand<PermissionAnswer> {
  static override readonly summary = 'Check whether the credential in use allows an action on a package.'

  static override readonly description = `Changes nothing. The registry applies the same rules as to the action itself. Use it before a long build, to fail right away instead of at the end.

Exits with 0 if the action is allowed, with 3 if it isn't, and with 4 if the credential is missing, invalid or rejected. With --json, it prints the same object in each case.

\`yank\` is the same as \`deprecate\` with a version.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> publish @acme/tool',
    {
      description: 'Before a build, check that the token can publish and still works when the build ends',
      command: '<%= config.bin %> <%= command.id %> publish @acme/tool --for 20m',
    },
    {
      description: 'Print only the codes of the reasons',
      command: "<%= config.bin %> <%= command.id %> publish @acme/tool@1.2.3 --json | jq -r '.reasons[].code'",
    },
  ]

  static override readonly completion = {package: 'package-version'}

  static override readonly args = permissionArgs

  static override readonly flags = permissionFlags

  async run(): Promise<PermissionAnswer> {
    const {args, flags} = await this.parse(TokenCan)
    const now = this.ports.now()
    const question = questionOf(args, flags, now)
    try {
      const client = await this.connectFor(question.name, flags)
      const answer = await askPermission(client, question)
      this.endWith(exitCodeOf(answer))
      return await this.show(answer, permissionLines(answer, question, this.ports.stdout, now))
    } catch (error) {
      if (!this.jsonEnabled() || !isCredentialError(error)) throw error
      const {registry} = await this.connectFor(question.name, flags, 'none')
      this.endWith(exitCodes.credential)
      return this.show(answerWithoutCredential(error, registry), '')
    }
  }
}
