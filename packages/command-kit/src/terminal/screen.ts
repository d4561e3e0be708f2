/** A stream that a command writes to. */
export interface Output {
  readonly isTerminal: boolean
  readonly hasColors: boolean
  /** The width of the terminal; 80 if it isn't one. */
  readonly columns: number
  /** Whether the stream is `/dev/null`. Node also opens that in place of a closed descriptor. */
  readonly discards: boolean
  /** Whether the stream is a regular file. */
  readonly isFile: boolean
  /** Resolves when the text is written, or rejects with a system error. */
  write(text: string): Promise<void>
}

/** What a view needs to know about its output. */
export type Screen = Pick<Output, 'isTerminal' | 'columns'>
