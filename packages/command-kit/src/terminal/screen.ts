/** A stream that a command writes to. */
export interface Output {
  readonly isTerminal: boolean
  readonly hasColors: boolean
  /** Whether the colors include those of the palette. Otherwise, only the 16 basic ones are used. */
  readonly has256Colors?: boolean
  /** Whether it is a terminal whose locale isn't UTF-8. */
  readonly isAscii?: boolean
  /** Whether it is a terminal that can't redraw a line (`TERM=dumb`). */
  readonly isDumb?: boolean
  /** The width of the terminal; 80 if it isn't one. */
  readonly columns: number
  /** Whether the stream is `/dev/null`. Node also opens that in place of a closed descriptor. */
  readonly discards: boolean
  /** Whether the stream is a regular file. */
  readonly isFile: boolean
  /** Resolves when the text is written, or rejects with a system error. */
  write(text: string): Promise<void>
}

/** What a view needs to know about its output. Without `columns`, the width is unlimited. */
export type Screen = Pick<Output, 'isTerminal'> & Partial<Pick<Output, 'columns' | 'hasColors' | 'isAscii'>>
