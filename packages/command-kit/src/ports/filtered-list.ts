import {
  type Theme,
  createPrompt,
  isDownKey,
  isEnterKey,
  isSpaceKey,
  isUpKey,
  makeTheme,
  useKeypress,
  usePrefix,
  useState,
} from '@inquirer/core'
import type {PartialDeep} from '@inquirer/type'

import {hanging} from '../terminal/wrap.js'

interface Choice {
  name: string
  value: unknown
  checked?: boolean
}

export interface FilteredListQuestion {
  message: string
  choices: readonly Choice[]
  /** Choices that are shown at once. */
  pageSize: number
  /** Whether any number of choices can be selected, with the space bar. */
  isMultiple: boolean
  /** Whether at least one must be selected, if several can be. */
  required?: boolean
  /** The value of the choice to start at. */
  default?: unknown
  /** The width of the terminal. Longer choices are wrapped by words. */
  columns?: number | undefined
  theme?: PartialDeep<Theme>
}

/**
 * A circular list for more choices than fit on a page: typing filters it, and it shows how many choices are above and
 * below. Choices stay selected if the filter hides them.
 */
export const filteredList = createPrompt<unknown, FilteredListQuestion>((question, done) => {
  const {choices, pageSize, isMultiple, columns = Infinity} = question
  const theme = makeTheme(question.theme)
  const [status, setStatus] = useState<'idle' | 'done'>('idle')
  const [filter, setFilter] = useState('')
  const [error, setError] = useState('')
  const [selected, setSelected] = useState<readonly Choice[]>(choices.filter(({checked}) => checked))
  const [active, setActive] = useState(
    Math.max(
      0,
      choices.findIndex(({value}) => value === question.default),
    ),
  )
  const prefix = usePrefix({status, theme})
  const matching = choices.filter(({name}) => name.toLowerCase().includes(filter.toLowerCase()))
  const current = matching[active]

  useKeypress((key, line) => {
    if (isEnterKey(key)) {
      const answer = isMultiple ? choices.filter((each) => selected.includes(each)) : current && [current]
      if (answer && (answer.length > 0 || !question.required)) {
        setSelected(answer)
        setStatus('done')
        done(isMultiple ? answer.map(({value}) => value) : answer[0]?.value)
        return
      }
      setError(isMultiple ? 'At least one choice must be selected' : 'Nothing matches')
    } else if (isUpKey(key) || isDownKey(key)) {
      const next = active + (isUpKey(key) ? -1 : 1)
      if (matching.length > 0) setActive((next + matching.length) % matching.length)
    } else if (isMultiple && isSpaceKey(key)) {
      if (current) {
        setSelected(selected.includes(current) ? selected.filter((each) => each !== current) : [...selected, current])
      }
    } else {
      setFilter(line.line)
      setActive(0)
      setError('')
      return
    }
    // Enter, the arrows and the space bar are not part of the filter.
    line.clearLine(0)
    line.write(filter)
  })

  const message = theme.style.message(question.message, status)
  if (status === 'done') {
    const answer = selected.length > 3 ? `${selected.length} selected` : selected.map(({name}) => name).join(', ')
    return `${prefix} ${message} ${theme.style.answer(answer)}`
  }
  const start = Math.min(Math.max(active - Math.floor(pageSize / 2), 0), Math.max(matching.length - pageSize, 0))
  const shown = matching.slice(start, start + pageSize)
  const below = matching.length - start - shown.length
  const lines = shown.map((choice) => {
    const mark = isMultiple ? `${selected.includes(choice) ? '[x]' : '[ ]'} ` : ''
    const lead = `${choice === current ? '>' : ' '} ${mark}`
    const text = lead + hanging(choice.name, lead.length, columns)
    return choice === current ? theme.style.highlight(text) : text
  })
  const filters = choices.length > pageSize ? 'type to filter, ' : ''
  const keys = capitalized(`${filters}${isMultiple ? 'space to select, Enter to submit' : 'Enter to select'}`)
  return [
    `${prefix} ${message} ${filter}`,
    [
      ...(start > 0 ? [theme.style.help(`  (${start} more above)`)] : []),
      ...(matching.length === 0 ? [theme.style.help('  Nothing matches')] : lines),
      ...(below > 0 ? [theme.style.help(`  (${below} more below)`)] : []),
      theme.style.help(isMultiple ? `${selected.length} selected. ${keys}` : keys),
      ...(error === '' ? [] : [theme.style.error(error)]),
    ].join('\n'),
  ]
})

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
