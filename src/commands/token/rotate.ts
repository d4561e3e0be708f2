import {exitCodes, RegistryCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {rotateAndDeliver, type RotationDelivery} from '../../account/token/deliver-rotation.js'
import {maskForActions} from '../../account/token/mask-for-actions.js'
import {findTokenToRotate} from '../../account/token/rotate-token.js'
import type {Token} from '../../account/token/token.js'
import {splitAtReceiver} from '../../entry/flags/destination-flags.js'
import {rotationFlags, rotationOf} from '../../entry/flags/rotation-flags.js'
import {copyNow} from '../../views/account/created-token.js'
import {rotatedNotes, rotationEnd} from '../../views/account/rotated-token.js'

/** The token with its new value. No other output contains the value. */
export interface RotatedTokenResult extends Token, RotationDelivery {
  /** URL of the registry. */
  registry: string
  /** The new value. It can't be retrieved again. Absent with --out, with a command after `--`, and with `storedIn`. */
  token?: string
  /** How long the old value works after the first use of the new one. */
  grace: string
}

export default class TokenRotate extends RegistryCommand<RotatedTokenResult> {
  static override readonly summary = 'Give an API token a new value.'

  static override readonly description = `The token keeps its ID, label, scopes and packages. The old value works until the new one is first used, and for 24 hours after that (see --grace), so running jobs don't fail. apkg uses the new value once when it has been delivered. Rotating again ends the value that was replaced before.

Prints only the new value to stdout, or passes it on like \`apkg token create\`. If it can't be delivered, it is dropped, and the old value keeps working.

With --current, a token with the scope \`token:rotate\` or \`admin\` rotates itself. If it is stored in ~/.apkg, it is replaced there and not printed.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ci -- gh secret set APKG_TOKEN',
    {
      description: 'End a leaked value, and print a new one',
      command: '<%= config.bin %> <%= command.id %> ci --grace 0',
    },
    {description: 'Rotate the token that this machine uses', command: '<%= config.bin %> <%= command.id %> --current'},
  ]

  static override readonly usage = ['token rotate <token> [FLAGS] [-- <command>...]', 'token rotate --current [FLAGS]']

  static override readonly completion = {token: 'token'}

  static override readonly args = {
    token: Args.string({description: 'ID or label of the token to rotate.', ignoreStdin: true}),
  }

  static override readonly flags = rotationFlags

  async run(): Promise<RotatedTokenResult> {
    const {own, receiver} = splitAtReceiver(this.argv)
    const {args, flags} = await this.parse(TokenRotate, own)
    const {request, destination} = rotationOf({...args, ...flags}, receiver, this.ports)
    const {client} = await this.connect(flags)
    const [registry, {grace}] = [client.registry, request]
    const found = await findTokenToRotate(client, args.token)
    const {rotated, use, delivery} = await rotateAndDeliver(client, found, request, destination, this.ports, {
      typed: {argv: this.argv, flags},
      onRotated: ({token, warnings}) => {
        this.warning(...warnings)
        this.note(rotatedNotes(token, registry))
      },
      print: ({token, value}) => {
        this.note([...maskForActions(value, this.ports), copyNow].join('\n'))
        return this.show({registry, ...token, grace, token: value}, value)
      },
    })
    const {notes, warnings} = rotationEnd({grace, use, delivery})
    this.warning(...warnings)
    this.note(notes)
    if (use !== 'used' && use.isReplaced) this.endWith(exitCodes.refused)
    const result = {registry, ...rotated.token, grace}
    return delivery ? this.show({...result, ...delivery}, '') : {...result, token: rotated.value}
  }
}
