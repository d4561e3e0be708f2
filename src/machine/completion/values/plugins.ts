import type {ValueSource} from './value-source.js'

/** The plugins that the user installed or linked. */
export const plugins: ValueSource = {
  known: (_wanted, machine) =>
    Promise.resolve(machine.plugins.map(({name, version}) => ({value: name, description: version}))),
}
