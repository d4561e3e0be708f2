/** A sentence of oclif's parser, and ours for its parts. A part that is missing is an empty string. */
type Rephrasing = readonly [sentence: RegExp, rephrase: (one: string, two: string, three: string) => string]

/** About flags that exclude or require each other. The value of a flag may follow its name and is left out. */
const relations: readonly Rephrasing[] = [
  [/(?<![\w-])(--[\w-]+)(?:=.*?)? cannot also be provided when using (--[\w-]+)/gs, notTogether],
  [
    /Only the following can be provided when using (--[\w-]+): (.*)/g,
    (flag, others) => `${flag} can only be used with ${others}`,
  ],
  [
    /All of the following must be provided when using (--[\w-]+): (.*)/g,
    (flag, others) => `${flag} requires ${others}`,
  ],
  [
    /One of the following must be provided when using (--[\w-]+): (.*)/g,
    (flag, others) => `${flag} requires one of ${others}`,
  ],
  [/Exactly one of the following must be provided: (.*)/g, (flags) => `Exactly one of ${flags} is required`],
  [/At least one of the following must be provided: (.*)/g, (flags) => `At least one of ${flags} is required`],
]

/** About values. The name of a flag precedes those that its validation wrote. */
const values: readonly Rephrasing[] = [
  [/^Flag (--\S+) can only be specified once$/, (flag) => `${flag} can be used only once`],
  [/^Flag (--\S+) expects a value$/, (flag) => `${flag} requires a value`],
  [
    /^Flag (--\S+) expects one of these values: (.*)$/,
    (flag, options) => `${flag} requires a value: one of ${options}`,
  ],
  [
    /^Flag (--\S+) can only be read from stdin\..*$/s,
    (flag) => `${flag} reads its value from standard input, so it takes no other`,
  ],
  [
    /^Expected (?:(--[\w-]+)=)?(.*) to be one of: (.*)$/s,
    (flag, value, options) => `${before(flag)}\`${value}\` is not one of ${options}`,
  ],
  [
    /^(?:(--\S+): )?Expected an integer but received: (.*)$/s,
    (flag, value) => `${before(flag)}\`${value}\` is not a whole number`,
  ],
  [
    /^(?:(--\S+): )?Expected an integer (?:greater|less) than or equal to (-?\d+) but received: (-?\d+)$/,
    (flag, limit, value) => `${flag || value} must be at ${BigInt(value) < BigInt(limit) ? 'least' : 'most'} ${limit}`,
  ],
  [
    /^(?:(--\S+): )?Expected a valid url but received: (.*)$/s,
    (flag, value) => `${before(flag)}\`${value}\` is not a URL`,
  ],
]

/** Rephrases the reasons why flags don't fit together. */
export function relationProblems(reasons: string): string[] {
  return relations.flatMap(([sentence, rephrase]) =>
    [...reasons.matchAll(sentence)].map(([, one = '', two = '', three = '']) => rephrase(one, two, three)),
  )
}

/** Rephrases the reason why a value isn't valid. Messages that aren't oclif's are returned unchanged. */
export function valueProblem(message: string): string {
  for (const [sentence, rephrase] of values) {
    const match = sentence.exec(message)
    if (match) return rephrase(match[1] ?? '', match[2] ?? '', match[3] ?? '')
  }
  return message
}

/** The order doesn't depend on which of the flags excludes the other. */
function notTogether(one: string, other: string): string {
  return `${[one, other].sort().join(' and ')} cannot be used together`
}

function before(flag: string): string {
  return flag === '' ? '' : `${flag}: `
}
