import assert from 'node:assert/strict'
import {describe, it} from 'node:test'

import {wordsIn, wordsOf} from '../../../src/server/store/words.js'

describe('the words of a text', () => {
  it('words: are letters, digits and marks of any script, in lower case, each once', () => {
    assert.deepEqual(wordsIn('Code-Review, code_review v2 c++ node.js'), ['code', 'review', 'v2', 'c', 'node', 'js'])
    assert.deepEqual(wordsIn('ТЕСТ 测试 परीक्षण 🎉 - "'), ['тест', '测试', 'परीक्षण'])
  })

  it('words: have no Latin, Greek or Cyrillic diacritics, however they are encoded', () => {
    assert.deepEqual(wordsIn('Réviews re\u0301views İstanbul λόγος'), ['reviews', 'istanbul', 'λογος'])
  })

  it('words: longer than 64 characters are split', () => {
    assert.deepEqual(
      wordsIn('x'.repeat(70)).map(({length}) => length),
      [64, 6],
    )
  })

  it('words: of a package are limited in length, the readme last', () => {
    const readme = Array.from({length: 50_000}, (_, number) => `word${number}`).join(' ')
    const source = {name: '@acme/tool', scope: 'acme', visibility: 'private' as const, keywords: '["lint"]'}
    const words = wordsOf({...source, description: 'Lints', readme})
    assert.deepEqual([words.audience, words.name, words.keywords], ['s61636d65', 'acme tool', 'lint'])
    assert.equal(words.description, 'lints')
    assert.ok(words.readme.length > 100_000 && words.readme.length < 132_000, String(words.readme.length))
  })
})
