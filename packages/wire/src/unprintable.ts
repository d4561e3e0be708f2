/**
 * Characters that can fake a line of output, move the cursor or reverse the reading direction: C0 and C1 controls, line
 * and paragraph separators, bidirectional marks and overrides, lone surrogates.
 */
export const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u
