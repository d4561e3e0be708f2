/** How many leaked values one request can report. */
export const maxLeakedValues = 1000

/** In characters. */
export const maxLeakedValueLength = 4096

/** In characters. */
export const maxLeakNoteLength = 250
