import {isInteractive, RegistryCommand} from '@apkg/command-kit'
import {defaultScopes} from '@apkg/wire'

import {failure} from '../../account/failures.js'
import {checkLabelAnswer, assertTokenFlags, tokenFlags} from '../../entry/flags/token-flags.js'
import {createToken} from '../../account/token/create-token.js'
import {deliverToken} from '../../account/token/deliver-token.js'
import {proposeLabel} from '../../account/token/label-proposal.js'
import type {Token} from '../../account/token/token.js'
import {createdTokenNotes} from '../../views/account/created-token.js'

/** The new token. No other output contains its value. */
export interface CreatedTokenResult extends Omit<Token, 'lastUsedAt'> {
  /** URL of the registry. */
  registry: string
  /** The token's value. It can't be retrieved again. */
  token: string
}

export default class TokenCreate extends RegistryCommand<CreatedTokenResult> {
  static override readonly summary = 'Create an API token for CI or a script.'

  static override readonly description = `Prints only the token to stdout and everything else to stderr, so you can pipe the output. The registry stores only a hash, so the token can't be shown again.

A token doesn't expire unless you set --expires.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> --label ci-deploy',
    {
      description: 'Create a token for one scope, and store it in GitHub Actions without printing it',
      command:
        '<%= config.bin %> <%= command.id %> --label ci --package-scope "@acme/*" --expires 90d | gh secret set APKG_TOKEN',
    },
  ]

  static override readonly flags = tokenFlags

  async run(): Promise<CreatedTokenResult> {
    const {flags} = await this.parse(TokenCreate)
    assertTokenFlags(flags, this.ports.now())
    if (flags.offline) throw failure('OFFLINE', {purpose: 'create an API token'})
    if (this.ports.stdout.discards) throw failure('NOWHERE_TO_DELIVER')
    const {client} = await this.connect(flags)
    const proposal = flags.label ?? (await proposeLabel(client, this.ports))
    const ask = flags.label === undefined && isInteractive(this.ports)
    const label = ask
      ? await this.ports.prompts.text({message: 'Label', default: proposal, validate: checkLabelAnswer})
      : proposal
    const {token, value, warnings} = await createToken(client, {
      label,
      labelIsProposal: flags.label === undefined && label === proposal,
      scopes: flags.scopes ?? defaultScopes,
      packages: flags['package-scope'] ?? [],
      expiresIn: flags.expires,
    })
    this.warning(...warnings)
    this.note(createdTokenNotes(token, client.registry))
    const {lastUsedAt: _, ...made} = token
    const result = {registry: client.registry, ...made, token: value}
    return deliverToken(client, token, () => this.show(result, value))
  }
}
