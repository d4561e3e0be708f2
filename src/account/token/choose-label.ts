import {isInteractive, type Ports, type RegistryClient} from '@apkg/command-kit'
import {labelProblem} from '@apkg/wire'

import {proposeLabel} from './label-proposal.js'
import type {TokenRequest} from './token.js'

/**
 * The label of a new token: the one that was given, else the answer to a question on a terminal, else a proposal.
 *
 * @param given a valid label.
 * @param organization the organization that the token will belong to; null for the user.
 */
export async function chooseLabel(
  given: string | undefined,
  client: RegistryClient,
  organization: string | null,
  ports: Ports,
): Promise<Pick<TokenRequest, 'label' | 'labelIsProposal'>> {
  if (given !== undefined) return {label: given, labelIsProposal: false}
  const proposal = await proposeLabel(client, organization, ports)
  if (!isInteractive(ports)) return {label: proposal, labelIsProposal: true}
  const label = await ports.prompts.text({message: 'Label', default: proposal, validate: checkAnswer})
  return {label, labelIsProposal: label === proposal}
}

function checkAnswer(text: string): true | string {
  const reason = labelProblem(text)
  return reason === undefined || `The label ${reason}.`
}
