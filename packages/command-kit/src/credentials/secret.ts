import {inspect} from 'node:util'

const placeholder = '[secret]'

/**
 * Text that must not be shown. Printing, logging or serializing it gives `[secret]`. Only `expose` returns the text; call
 * it only to send a request or to store a credential.
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
    return placeholder
  }

  toJSON(): string {
    return placeholder
  }

  [inspect.custom](): string {
    return placeholder
  }
}
