import {toolTraits} from '../../../tools/tool-traits.js'
import type {ValueSource} from '../value-source.js'

/** The tools that apkg sets up; those of plugins would have to be asked for, which takes longer than a Tab. */
export const tools: ValueSource = {
  known() {
    const known = Object.entries(toolTraits).map(([value, {title}]) => ({value, description: title}))
    return Promise.resolve([{value: 'all', description: 'those that are detected'}, ...known])
  },
}
