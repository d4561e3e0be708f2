/** A member of a JSON object: the positions of its key, and of the start and the end of its value. */
interface Member {
  key: string
  start: number
  valueStart: number
  end: number
}

/**
 * The text of a JSON object with another value for one member. Every other character is kept: the spelling of numbers and
 * strings, whitespace, line endings and a byte order mark. A new member becomes the last.
 *
 * @param text a valid JSON object
 * @param value undefined removes the member
 */
export function withMember(text: string, name: string, value: unknown): string {
  const members = membersOf(text)
  // Of several members with the same name, JSON.parse takes the last.
  const index = members.findLastIndex(({key}) => key === name)
  const member = members[index]
  if (value === undefined) {
    return member ? withMember(withoutRange(text, rangeWithComma(members, index)), name, undefined) : text
  }
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  const indentation = indentationOf(text)
  const lines = JSON.stringify(value, null, indentation).split('\n')
  const written = lines.join(lineEnd + indentation)
  if (member) return text.slice(0, member.valueStart) + written + text.slice(member.end)
  const separator = indentation === '' ? '' : lineEnd + indentation
  const added = `${separator}${JSON.stringify(name)}:${indentation === '' ? '' : ' '}${written}`
  const last = members.at(-1)
  if (last) return `${text.slice(0, last.end)},${added}${text.slice(last.end)}`
  const brace = text.indexOf('{') + 1
  return text.slice(0, brace) + added + text.slice(brace)
}

/** The range of a member with one of the commas around it. */
function rangeWithComma(members: readonly Member[], index: number): [start: number, end: number] {
  const member = members[index]
  const [before, after] = [members[index - 1], members[index + 1]]
  if (!member) return [0, 0]
  if (before) return [before.end, member.end]
  return [member.start, after?.start ?? member.end]
}

function withoutRange(text: string, [start, end]: [start: number, end: number]): string {
  return text.slice(0, start) + text.slice(end)
}

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:\uFEFF]+/g

function membersOf(text: string): Member[] {
  const members: Member[] = []
  let depth = 0
  let key: {text: string; start: number} | undefined
  let valueStart: number | undefined
  let end = 0
  const finish = () => {
    if (key && valueStart !== undefined) members.push({key: key.text, start: key.start, valueStart, end})
    key = valueStart = undefined
  }
  for (const {0: part, index} of text.matchAll(token)) {
    const isClosing = part === '}' || part === ']'
    if (isClosing) depth -= 1
    if (depth === 0 && isClosing) finish()
    else if (depth === 1 && part === ',') finish()
    else if (depth === 1 && key === undefined) key = {text: JSON.parse(part) as string, start: index}
    else if (depth >= 1 && !(depth === 1 && part === ':')) valueStart ??= index
    if (part === '{' || part === '[') depth += 1
    end = index + part.length
  }
  return members
}

/** The whitespace before the first member; empty if the object is on one line. */
function indentationOf(text: string): string {
  return /^\uFEFF?\s*\{\s*?\n([ \t]*)/.exec(text)?.[1] ?? ''
}
