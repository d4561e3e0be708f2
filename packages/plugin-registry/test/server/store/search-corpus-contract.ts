import assert from 'node:assert/strict'
import {describe, it, type TestContext} from 'node:test'

import type {RegistryStore} from '../../../src/server/store/store.js'
import {openWithAcme} from './acme.js'

/** Words in several scripts, with diacritics, ligatures, digits, case pairs and characters that queries treat specially. */
const vocabulary = [
  ...['code', 'review', 'lint', 'reviewer', 'Reviews', 'naïve', 'résumé', 'Straße', 'ÅNGSTRÖM', 'İstanbul', 'ﬁle'],
  ...['тест', 'Тесты', 'ёлка', 'λόγος', 'ΛΌΓΟΣ', '测试', '代码审查', 'テスト', 'परीक्षण', 'اختبار', 'ทดสอบ', '한국어'],
  ...[
    'v2',
    '3d',
    '2026',
    'x',
    'a',
    'OR',
    'NEAR',
    'not',
    "it's",
    'c++',
    'node.js',
    'snake_case',
    'two-words',
    '𝒳𝒴',
    '🎉',
  ],
  ...['e\u0301t\u00e9', 'Ǆ', 'ß', 'ĳ', 'no\u0308ordwijk', 'averyveryverylongword'.repeat(5)],
]

/** A sequence of numbers that is the same in each run. */
function* numbers(): Generator<number> {
  for (let state = 42; ;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    yield state >> 8
  }
}

/** Returns what some searches find, on any database. */
export async function searchCorpus(store: RegistryStore): Promise<Record<string, string[]>> {
  const acme = await openWithAcme(store)
  const random = numbers()
  const below = (count: number) => (random.next().value as number) % count
  const words = (count: number) => Array.from({length: below(count)}, () => vocabulary[below(vocabulary.length)]!)
  for (let number = 0; number < 40; number++) {
    await acme.publish(
      {
        name: `@acme/${['code-review', 'lint', 'test-v2', 'review'][number % 4]}-${number}`,
        visibility: number % 7 === 0 ? 'private' : 'public',
        keywords: words(4),
        description: words(8).join(' '),
        readme: words(30).join(' / '),
      },
      10 + (number % 3),
    )
  }
  const queries = Array.from({length: 300}, () => {
    const text = [...words(3), vocabulary[below(vocabulary.length)]!].join([' ', ' - ', '"', ' OR '][below(4)])
    return below(3) === 0 ? text.slice(0, 1 + below(text.length)) : text
  })
  const found: Record<string, string[]> = {}
  for (const text of ['', '@acme/lint-1', 'lint-1', ...queries]) {
    for (const reader of [undefined, {userId: 'bob', patterns: []}]) {
      const {hits} = await store.packages.search({text, limit: 100, offset: 0}, reader)
      found[`${text}${reader ? ' (bob)' : ''}`] = hits.map((hit) => hit.name)
    }
  }
  return found
}

/** Both databases have to find the same packages, in the same order. */
export function describeSearchCorpus(
  title: string,
  open: (t: TestContext) => Promise<RegistryStore>,
  openOther: (t: TestContext) => Promise<RegistryStore>,
): void {
  describe(`search on ${title}`, () => {
    it('search: three hundred queries find the same packages in the same order on both databases', async (t) => {
      const expected = await searchCorpus(await open(t))
      assert.ok(Object.values(expected).filter((names) => names.length > 0).length > 200)
      assert.deepEqual(await searchCorpus(await openOther(t)), expected)
    })
  })
}
