import assert from 'node:assert/strict'
import {it} from 'node:test'

it('page script: a value that was shown once is gone when the visitor comes back, from what is copied too', async (t) => {
  // A browser would need seconds, so these are the parts of one that the script uses.
  const value = {
    textContent: 'apkg_secret',
    dataset: {copy: 'apkg_secret', copyLabel: 'the token', secret: ''} as Record<string, string>,
    append: () => {},
  }
  const button = {setAttribute: () => {}, addEventListener: () => {}}
  const listeners: ((event: {persisted: boolean}) => void)[] = []
  const browser = {
    document: {
      getElementById: () => null,
      createElement: () => button,
      querySelectorAll: (selector: string) => (selector.startsWith('time') ? [] : [value]),
    },
    addEventListener: (name: string, listener: (typeof listeners)[number]) => {
      if (name === 'pageshow') listeners.push(listener)
    },
  }
  Object.assign(globalThis, browser)
  t.after(() => Object.keys(browser).forEach((name) => Reflect.deleteProperty(globalThis, name)))
  await import(new URL('../../assets/page.js', import.meta.url).href)
  listeners.forEach((listener) => listener({persisted: false}))
  assert.equal(value.dataset['copy'], 'apkg_secret')
  listeners.forEach((listener) => listener({persisted: true}))
  assert.equal(value.textContent, 'The value was shown once.')
  assert.equal(value.dataset['copy'], undefined)
})
