import {inspect} from 'node:util'

const shown = '[secret]'

/**
 * A text that must not be shown. However it is printed, logged or serialized it says `[secret]`; `expose` is the one
 * way to the text, and is called where a request is sent and where a credential is stored.
 */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  expose(): string {
    return this.#text
  }

  get isEmpty(): boolean {
    return this.#text === ''
  }

  toString(): string {
    return shown
  }

  toJSON(): string {
    return shown
  }

  [inspect.custom](): string {
    return shown
  }
}
