import {placeFlags} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {type OperatorSummary, operatorSummaries} from '../../../operator/operator-summary.js'
import {withStore} from '../../../operator/with-store.js'
import {operatorList} from '../../../views/operator-list.js'

/** The operators of the registry. */
export interface RegistryOperatorListResult {
  /** Users with the operator role. */
  operators: OperatorSummary[]
}

export default class RegistryOperatorList extends OperatorCommand<RegistryOperatorListResult> {
  static override readonly summary = 'List the operators of a registry.'
  static override readonly examples = ['<%= config.bin %> <%= command.id %>']
  static override readonly flags = placeFlags

  async run() {
    const {flags} = await this.parse(RegistryOperatorList)
    const users = await withStore(this.place(flags), (store) => store.users.list())
    const operators = operatorSummaries(users)
    if (operators.length === 0) this.note('No operators. To add one, run `apkg registry operator add <user>`.')
    return this.show({operators}, operatorList(operators, this.ports.stdout, this.ports.now()))
  }
}
