import {exitCodes, RegistryCommand, timesOn} from '@apkg/command-kit'
import {splitAtReceiver, valueNotes} from '@apkg/command-kit/delivery'
import {Args} from '@oclif/core'

import {rotateAndDeliver, type RotationDelivery} from '../../account/token/deliver-rotation.js'
import {findTokenToRotate} from '../../account/token/rotate-token.js'
import type {Token} from '../../account/token/token.js'
import {rotationFlags, rotationOf} from '../../entry/flags/rotation-flags.js'
import {endedEarlyWarnings, rotatedNotes, rotationEnd} from '../../views/account/rotated-token.js'

/** The token with its new value. No other output contains the value. */
export interface RotatedTokenResult extends Token, RotationDelivery {
  /** URL of the registry. */
  registry: string
  /** The new value. It can't be retrieved again. Absent with --out, with a command after `--`, and with `storedIn`. */
  token?: string
  /** How long the old value works after the first use of the new one, by apkg itself. */
  grace: string
}

export default class TokenRotate extends RegistryCommand<RotatedTokenResult> {
  static override readonly summary = 'Give an API token a new value.'

  static override readonly description = `The token keeps its ID, label, scopes, packages and other restrictions. The old value works for another 24 hours (see --grace), so running jobs don't fail. This period starts with the first use of the new value: apkg uses it once, as soon as it has been delivered. If you rotate again within that time, the old value stops working immediately.

Prints only the new value to stdout, or passes it on like \`apkg token create\`. If it can't be delivered, it is dropped, and the old value keeps working.

With --current, a token with the scope \`token:rotate\` or \`admin\` rotates itself. If it is stored in ~/.apkg or in the file in APKG_TOKEN_FILE, it is replaced there and not printed.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ci -- gh secret set APKG_TOKEN',
    {
      description: 'Replace a leaked value immediately',
      command: '<%= config.bin %> <%= command.id %> ci --grace 0',
    },
    {description: 'Rotate the token that this machine uses', command: '<%= config.bin %> <%= command.id %> --current'},
  ]

  static override readonly usage = ['token rotate <token> [FLAGS] [-- <command>...]', 'token rotate --current [FLAGS]']

  static override readonly completion = {token: 'token', org: 'managed-organization'}

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
    const found = await findTokenToRotate(client, args.token, {organization: flags.org, now: this.ports.now()})
    const {rotated, ...end} = await rotateAndDeliver(client, found, request, destination, this.ports, {
      typed: {argv: this.argv, flags},
      onRotated: ({token, warnings}) => {
        this.warning(...warnings)
        this.success(rotatedNotes(token, registry, timesOn(this.ports.stderr, this.ports.now())))
      },
      print: ({token, value}) => {
        for (const note of valueNotes(value, this.ports)) this.note(note)
        return this.show({registry, ...token, grace, token: value}, value)
      },
    })
    const {notes, warnings} = rotationEnd({grace, oldValue: rotated.oldValue, ...end}, this.ports)
    this.warning(...warnings, ...endedEarlyWarnings(found, rotated.token, this.ports))
    this.note(notes)
    if (typeof end.use === 'object' && end.use.isReplaced) this.endWith(exitCodes.refused)
    const result = {registry, ...rotated.token, grace}
    return end.delivery ? this.show({...result, ...end.delivery}, '') : {...result, token: rotated.value}
  }
}
