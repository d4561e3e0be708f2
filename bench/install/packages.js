/** The number of packages on each level, and the number of dependencies that each has on the next level. */
const levels = [
  {count: 20, dependencies: 6},
  {count: 80, dependencies: 4},
  {count: 200, dependencies: 0},
]

/**
 * Generates packages from a seed: three levels, each package with a readme and a few text files that compress like prose.
 *
 * @returns {{name: string, dependencies: string[], files: {path: string, text: string}[], isRoot: boolean}[]}
 */
export function generatePackages(seed) {
  const random = randomNumbers(seed)
  const names = levels.map(({count}, level) => Array.from({length: count}, (_, i) => `level${level + 1}-${i + 1}`))
  return levels.flatMap(({dependencies}, level) => {
    const next = names[level + 1] ?? []
    return names[level].map((name, position) => ({
      name,
      isRoot: level === 0,
      dependencies: neighbors(next, position, levels[level].count, dependencies),
      files: Array.from({length: 4}, (_, i) => ({
        path: i === 0 ? 'README.md' : `references/part-${i}.md`,
        text: prose(random, 200 + Math.floor(random() * 600)),
      })),
    }))
  })
}

/** Picks dependencies on the next level, so that every package there has a dependent. */
function neighbors(next, position, count, wanted) {
  const first = Math.floor((position * next.length) / count)
  return Array.from({length: wanted}, (_, i) => next[(first + i) % next.length])
}

const syllables = [
  'ka',
  'lo',
  'mi',
  'ne',
  'ru',
  'sta',
  'ter',
  'von',
  'wi',
  'xe',
  'yo',
  'zan',
  'pre',
  'ble',
  'cho',
  'dun',
]

function prose(random, words) {
  const word = () =>
    Array.from({length: 1 + Math.floor(random() * 3)}, () => syllables[Math.floor(random() * syllables.length)]).join(
      '',
    )
  return `${Array.from({length: words}, word).join(' ')}\n`
}

/** Mulberry32, which generates the same sequence on every machine. */
function randomNumbers(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
