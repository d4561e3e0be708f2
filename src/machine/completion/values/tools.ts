import {sharedTool, toolTraits} from '../../../tools/tool-traits.js'
import type {ValueSource} from './value-source.js'

/** The built-in tools. Asking plugins for theirs takes too long. */
export const tools: ValueSource = {
  known() {
    const known = Object.entries({...toolTraits, [sharedTool.name]: sharedTool}).map(([value, {title}]) => ({
      value,
      description: title,
    }))
    return Promise.resolve([{value: 'all', description: 'tools that are set up by default'}, ...known])
  },
}
